/** The channel between the scheduler (parent) and a runner process (child): fork IPC with `serialization: "advanced"`. */
import type { Failure } from "../model/failure.js";
import type { Graph, NodeId } from "../model/graph.js";
import type { Result } from "../model/outcome.js";
import type { LogLine } from "../model/result.js";
import type { Progress } from "../model/runEvent.js";
import type { StoredValue } from "../model/value.js";

/** The argument of a runner that waits for a debugger before it loads anything. It prints the address as Node does. */
export const WAIT_FOR_DEBUGGER = "--wait-for-debugger";

/** Parent → runner. */
export interface RunnerApi {
  /**
   * Imports the workflow file and matches its nodes to the graph's. Once per process: changed code means a new process.
   * Answers the graph as the running program has it (fixed and default values known, nodes that the text did not tell
   * added), or why the file cannot be loaded.
   */
  load(request: LoadRequest): Promise<Result<Graph>>;
  /** Executes one node once. Several may be under way at a time; each is told apart by its `executionId`. */
  execute(request: ExecuteRequest): Promise<ExecuteReply>;
  /** Aborts the execution's signal (and the remote call). The parent kills the process if this doesn't end it in time. */
  cancel(executionId: string): void;
  /** Share of the time, 0 to 1, in which the event loop was busy since this was asked last, or since it had nothing to do. */
  utilization(): Promise<number>;
  /** Answers once what user code left running (timers, requests) has ended and its output is sent, or after a moment. */
  settle(): Promise<void>;
}

/** Runner → parent. All but `partial` and `log` bounded by the runner to at most a few a second per execution. */
export interface RunnerEvents {
  progress(executionId: string, progress: Progress): void;
  partial(executionId: string, outputs: Readonly<Record<string, StoredValue>>): void;
  /** A server has returned: told before `postprocess` and outputs are made of it, whatever becomes of those. */
  returned(executionId: string, returned: ReturnedValue): void;
  /** `null`: output that no execution can be blamed for (module level, stray timers). */
  log(executionId: string | null, lines: readonly LogLine[]): void;
}

export interface LoadRequest {
  /** The statically read graph, whose ids the program's nodes get. */
  readonly graph: Graph;
  /** Absolute path of the `.daggr` folder's blobs; blobs are written here, whole and by content. */
  readonly blobs: string;
  /** Absolute path of an existing empty folder for scratch files, removed by the parent with the process. */
  readonly scratch: string;
  readonly huggingFace: HuggingFaceAccess;
}

export interface HuggingFaceAccess {
  /** `null`: none. Never logged, never stored, sent to Hugging Face hosts only. */
  readonly token: string | null;
  /** Where the Hub is, without trailing slash: `https://huggingface.co` or `HF_ENDPOINT`. */
  readonly endpoint: string;
}

export interface ExecuteRequest {
  readonly executionId: string;
  readonly node: NodeId;
  /** Every wired, component and fixed input that has a value. Callables are called by the runner; fixed values that it already holds may be left out. */
  readonly inputs: Readonly<Record<string, StoredValue>>;
  /** What an earlier execution's call returned: nothing is called, only `postprocess` and outputs are made of it. */
  readonly returned?: StoredValue;
}

/** What a server has returned, before `postprocess` and outputs. */
export interface ReturnedValue {
  readonly value: StoredValue;
  readonly versions: Readonly<Record<string, string>>;
  /** What callable inputs gave for the call. */
  readonly drawn: Readonly<Record<string, StoredValue>>;
}

export type ExecuteReply =
  | {
      readonly status: "succeeded";
      readonly outputs: Readonly<Record<string, StoredValue>>;
      readonly drawn: Readonly<Record<string, StoredValue>>;
      readonly versions: Readonly<Record<string, string>>;
    }
  | {
      readonly status: "failed";
      readonly failure: Failure;
      readonly drawn: Readonly<Record<string, StoredValue>>;
    }
  | { readonly status: "cancelled" };
