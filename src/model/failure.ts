import type { SourceRange } from "./source.js";

/** Why something that was asked for could not be done. Nobody matches on `message`. */
export interface Failure {
  readonly reason: FailureReason;
  /** Names the user's own symbol and says what is wrong. One or a few sentences, no stack. */
  readonly message: string;
  /** What to do about it, in a sentence. */
  readonly hint?: string;
  /** Stack of user code, one frame a line, innermost first; frames of the product itself left out. */
  readonly stack?: string;
  /** Where on the web something can be done about it: an http(s) address. */
  readonly page?: string;
  /** The line of user code to go to. */
  readonly location?: SourceRange;
}

export type FailureReason =
  /** User code threw, or its promise rejected. */
  | "thrown"
  /** The file could not be loaded: a syntax error, a failed import, a throw at module level. */
  | "load-failed"
  /** The loaded program does not hold the graph that the text shows. */
  | "graph-mismatch"
  /** A required input has no value. */
  | "missing-input"
  /** An upstream node has no usable result. */
  | "missing-upstream"
  /** The returned value does not fit the declared outputs. */
  | "invalid-output"
  /** An input value does not fit its control or endpoint. */
  | "invalid-input"
  /** The process running the code ended: crash, `process.exit`, out of memory. */
  | "process-exited"
  | "timeout"
  | "cancelled"
  /** No connection to a server. */
  | "unreachable"
  /** A connection broke, or went silent, during a call. */
  | "connection-lost"
  /** The remote app or model reported an error. */
  | "remote-error"
  /** The remote side will not do it, however often it is asked; or what it gave cannot be used. */
  | "refused"
  | "unknown-endpoint"
  /** The remote side wants a Hugging Face token, or refuses the one given. */
  | "unauthorised"
  /** The remote side knows who asks, and does not let them: a gated model, a private Space. */
  | "forbidden"
  /** An app asks for a user and password of its own, or refuses those in its address. */
  | "login-needed"
  | "not-found"
  | "rate-limited"
  /** The account has nothing left to pay with. */
  | "out-of-credits"
  /** The Space or model is asleep, building, paused or loading. */
  | "unavailable"
  /** The result or the workspace could not be written: full disk, read-only folder. */
  | "store"
  /** Some items failed of a node that runs once an item; the others have results. */
  | "items-failed"
  /** What is pinned to its outputs stands in for running it. */
  | "pinned"
  /** A person has rejected it. */
  | "rejected"
  /** A person's answer is needed, and there is nobody to ask. */
  | "unanswered"
  | "untrusted"
  | "unsupported"
  | "internal";
