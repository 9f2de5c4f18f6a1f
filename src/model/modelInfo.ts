/** What the Hub says of a model. */
export interface ModelInfo {
  /** `pipeline_tag`; `null` when the Hub names none. */
  readonly task: string | null;
  /** The task that each provider serves it as, by provider: chat models are tagged text-generation and served as `conversational`. */
  readonly providers: Readonly<Record<string, string>>;
  /** The commit; `null` when unknown. */
  readonly revision: string | null;
}
