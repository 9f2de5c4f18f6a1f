import type { Failure } from "../../model/failure.js";
import type { Graph, NodeId } from "../../model/graph.js";
import type { Result } from "../../model/outcome.js";
import type { ExecutionEnd, ExecutionSinks, ExecutionTask } from "../executorBackend.js";
import type { RunnerProcess } from "./runnerProcess.js";

/** How long an execution has been under way when its process is first asked how busy it is, and the most between two questions. Milliseconds. */
const ASK_AFTER = 25;
const ASK_EVERY = 200;
/** Share of the time from which on a process counts as computing rather than waiting. */
const BUSY = 0.5;

export interface WorkerParts {
  readonly process: RunnerProcess;
  readonly loaded: Promise<Result<Graph>>;
  /** The process has ended and its scratch files are gone. */
  readonly gone: Promise<void>;
}

export interface WorkerWatcher {
  /** It has loaded, may have time again, or has ended. */
  changed(): void;
  /** Its event loop was looked at while these nodes were executed. */
  seen(nodes: readonly NodeId[], free: boolean): void;
}

/**
 * A process that holds a program, and whether it has time: it is taken to have none from when an execution begins until its
 * event loop is seen to be free, or nothing is under way any more.
 */
export class Worker {
  readonly loaded: Promise<Result<Graph>>;
  readonly gone: Promise<void>;
  readonly #process: RunnerProcess;
  readonly #watcher: WorkerWatcher;
  /** Whose executions are under way. */
  readonly #nodes: NodeId[] = [];
  /** Whether it has loaded the program, as far as that is known. */
  #loading: "under way" | "done" | "failed" = "under way";
  #failure: Failure | null = null;
  /** It ends for nobody needs it. */
  #stopped = false;
  #occupied = false;
  #timer: NodeJS.Timeout | undefined;
  #pause = ASK_AFTER;
  #asking = false;
  /** How many executions began that might compute. */
  #begun = 0;

  constructor({ process, loaded, gone }: WorkerParts, watcher: WorkerWatcher) {
    this.#process = process;
    this.loaded = loaded;
    this.gone = gone;
    this.#watcher = watcher;
    void loaded.then((graph) => {
      this.#loading = graph.ok ? "done" : "failed";
      if (!graph.ok && !this.#stopped) this.#failure = graph.failure;
      watcher.changed();
    });
    void process.ended.then(() => watcher.changed());
  }

  /** It may be given executions, now or once it has loaded. */
  get usable(): boolean {
    return this.#process.usable;
  }

  get ready(): boolean {
    return this.#loading === "done" && this.usable;
  }

  /** It will never be of use again, and whether it could load the program is known, or doesn't matter any more. */
  get over(): boolean {
    if (this.#loading === "failed") return true;
    return !this.usable && (this.#loading === "done" || this.#stopped);
  }

  /** Why it could not load the program; `null` also where it was stopped meanwhile. */
  get failure(): Failure | null {
    return this.#failure;
  }

  get occupied(): boolean {
    return this.#occupied;
  }

  /** How many executions are under way. */
  get under(): number {
    return this.#nodes.length;
  }

  /** @param light it is known to leave the event loop free */
  async execute(
    task: ExecutionTask,
    sinks: ExecutionSinks,
    signal: AbortSignal,
    light: boolean,
  ): Promise<ExecutionEnd> {
    this.#nodes.push(task.node);
    if (!light) {
      this.#begun++;
      this.#occupied = true;
      this.#pause = ASK_AFTER;
    }
    this.#askLater(!light);
    try {
      return await this.#process.execute(task, sinks, signal);
    } finally {
      this.#nodes.splice(this.#nodes.indexOf(task.node), 1);
      if (this.#nodes.length === 0) this.#occupied = false;
      this.#watcher.changed();
    }
  }

  settle(): Promise<void> {
    return this.#process.settle();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#process.stop();
    await this.gone;
  }

  #askLater(soon: boolean): void {
    if (this.#timer && !soon) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#nodes.length > 0 && !this.#asking) void this.#ask();
    }, this.#pause).unref();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    const [begun, nodes] = [this.#begun, [...this.#nodes]];
    // Whoever doesn't answer computes.
    const silence = setTimeout(() => this.#see(nodes, false), ASK_AFTER).unref();
    const busy = await this.#process.utilization();
    clearTimeout(silence);
    this.#asking = false;
    if (busy === null || this.#nodes.length === 0) return;
    // Of what has begun meanwhile the answer tells nothing.
    if (begun === this.#begun) this.#see(nodes, busy < BUSY);
    this.#pause = Math.min(this.#pause * 2, ASK_EVERY);
    this.#askLater(false);
  }

  #see(nodes: readonly NodeId[], free: boolean): void {
    this.#occupied = !free && this.#nodes.length > 0;
    this.#watcher.seen(nodes, free);
    this.#watcher.changed();
  }
}
