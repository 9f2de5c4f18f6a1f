/** What the engine is given by whoever starts it. */
export interface EngineEnvironment {
  /** Absolute path of the runner's module (`dist/runner.mjs`). */
  readonly runner: string;
  /** The environment that user code gets, and in which Hugging Face settings are looked up. */
  readonly env: NodeJS.ProcessEnv;
  /** This product's version, recorded with every result. */
  readonly version: string;
  /** Fill in `outputs` of a `finished` event: for a front end that prints them. */
  readonly outputs?: boolean;
}
