/** What a Gradio app says of itself: enough to hold a workflow against it without calling it. */
export interface AppSchema {
  /** The Space's commit; `null`: it isn't one, or the Hub doesn't say. */
  readonly revision: string | null;
  /** By name, with the slash. */
  readonly endpoints: Readonly<Record<string, AppEndpoint>>;
}

export interface AppEndpoint {
  readonly parameters: readonly AppParameter[];
}

export interface AppParameter {
  readonly name: string;
  /** It has no default. */
  readonly required: boolean;
}
