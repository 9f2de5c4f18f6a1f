import type { NodeId } from "../../../src/model/graph.js";
import { failed, success, type Result } from "../../../src/model/outcome.js";
import type { Failure } from "../../../src/model/failure.js";
import type {
  ExecutionEnd,
  ExecutionEvents,
  ExecutionTask,
  PreparedProgram,
} from "../../../src/scheduler/executorBackend.js";
import { inlineValue } from "../../../src/store/storedValue.js";
import { graphOf } from "./graphs.js";
import { settle } from "./fakeClock.js";

/** An execution under way, which ends when it is told to. */
export interface FakeExecution {
  readonly task: ExecutionTask;
  readonly events: ExecutionEvents;
  readonly signal: AbortSignal;
  finish(end: ExecutionEnd): void;
  /** Succeeds with one output. */
  give(value: string): void;
}

export class FakeBackend {
  readonly #under = new Map<NodeId, FakeExecution>();
  /** Every node executed so far, in order. */
  readonly log: NodeId[] = [];
  released = 0;
  /** Why nothing can be loaded. */
  problem: Failure | null = null;

  readonly program: PreparedProgram = {
    graph: graphOf([]),
    release: () => {
      this.released++;
    },
    execute: (task, events, signal) => this.#execute(task, events, signal),
  };

  prepare = async (): Promise<Result<PreparedProgram>> => (this.problem ? failed(this.problem) : success(this.program));

  /** Nodes under way, in the order in which they began. */
  get under(): NodeId[] {
    return [...this.#under.keys()];
  }

  /** The execution of this node, which must be under way by now. */
  async started(node: NodeId): Promise<FakeExecution> {
    for (let turn = 0; turn < 50 && !this.#under.has(node); turn++) await settle();
    const execution = this.#under.get(node);
    if (!execution) throw new Error(`${node} is not under way; ${this.under.join(", ") || "nothing"} is.`);
    return execution;
  }

  #execute(task: ExecutionTask, events: ExecutionEvents, signal: AbortSignal): Promise<ExecutionEnd> {
    this.log.push(task.node);
    events.begin();
    return new Promise((resolve) => {
      const finish = (end: ExecutionEnd) => {
        this.#under.delete(task.node);
        resolve(end);
      };
      const give = (value: string) =>
        finish({ status: "succeeded", outputs: { output: inlineValue(value)! }, drawn: {}, versions: {} });
      this.#under.set(task.node, { task, events, signal, finish, give });
    });
  }
}
