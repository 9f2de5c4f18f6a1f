import type { Question } from "../model/question.js";
import type { StoredValue } from "../model/value.js";
import type { ExecutionSinks } from "./executorBackend.js";

/** What is to be done once: a node's work, or that of one of its items. */
export interface Work {
  readonly inputs: Readonly<Record<string, StoredValue>>;
  /** What its call returned earlier. */
  readonly returned?: StoredValue;
  /** Its index; `null`: the node runs once. */
  readonly item: number | null;
  /** Called when it really begins: it has room, and a process. */
  readonly begin: () => void;
  /** Called when it waits for a person. */
  readonly asking: (question: Question) => void;
  readonly sinks: ExecutionSinks;
}
