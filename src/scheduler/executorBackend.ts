import type { Graph, NodeId } from "../model/graph.js";
import type { Result } from "../model/outcome.js";
import type { LogLine } from "../model/result.js";
import type { Progress } from "../model/runEvent.js";
import type { StoredValue } from "../model/value.js";
import type { ExecuteReply, ReturnedValue } from "../protocol/runner.js";

/**
 * Where nodes are executed. The scheduler decides what runs and when, and records what came of it; a backend only
 * executes. Processes on this machine are one backend; a queue that other machines work off would be another.
 */
export interface ExecutorBackend {
  /**
   * Makes a program ready to be executed, or says why it cannot be loaded. What was prepared before may still serve.
   * Loading may never end (a loop at module level) unless the signal is aborted: then it is a failure, reason `cancelled`.
   */
  prepare(program: Program, signal: AbortSignal): Promise<Result<PreparedProgram>>;
  /** Ends every process. Executions under way end as cancelled. */
  dispose(): Promise<void>;
}

/** One state of a workflow's code. */
export interface Program {
  readonly graph: Graph;
  /** What the graph was read from: SHA-256 of each local file's bytes, by absolute path. */
  readonly sources: ReadonlyMap<string, string>;
  /** The same of the files that nodes read while they run; those that cannot be read are left out. */
  readonly data: ReadonlyMap<string, string>;
  /** Absolute path of the folder of blobs. */
  readonly blobs: string;
  /** Wait for a debugger before any user code runs. */
  readonly debug: boolean;
}

export interface PreparedProgram {
  /** The graph as the running program has it. */
  readonly graph: Graph;
  /** Never rejects. An aborted signal ends the execution in bounded time, if need be with the process it runs in. */
  execute(task: ExecutionTask, events: ExecutionEvents, signal: AbortSignal): Promise<ExecutionEnd>;
  /** This caller is done with it. It stays warm for the next one. */
  release(): void;
}

export interface ExecutionTask {
  readonly node: NodeId;
  readonly inputs: Readonly<Record<string, StoredValue>>;
  /** As in `ExecuteRequest`. */
  readonly returned?: StoredValue;
  readonly place: Place;
}

/**
 * Where an execution belongs: `home`, always in one and the same process, so that functions that run one at a time find there
 * what they left in memory; `any`, a process that has time for it; `calls`, where programs wait for servers, which no function may hold up.
 */
export type Place = "home" | "any" | "calls";

/** Where an execution's course goes; called no more once it has ended, but for `log`. */
export interface ExecutionSinks {
  progress(progress: Progress): void;
  partial(outputs: Readonly<Record<string, StoredValue>>): void;
  /** What a server has returned, as soon as it has. */
  returned(returned: ReturnedValue): void;
  /** Also called later, with what code that the execution left running has to say. */
  log(lines: readonly LogLine[]): void;
}

export interface ExecutionEvents extends ExecutionSinks {
  /** A process has taken it; until then it has waited for one. */
  begin(): void;
}

export type ExecutionEnd =
  | ExecuteReply
  /**
   * Through no fault of its own: its process had to be ended because that of another node, `by`, would not stop; without
   * `by`: before it had begun.
   */
  | { readonly status: "lost"; readonly by?: NodeId };
