import type { Failure } from "../../model/failure.js";
import type { NodeId } from "../../model/graph.js";
import type { ExecutionEnd, ExecutionEvents, ExecutionTask } from "../executorBackend.js";
import type { Worker, WorkerWatcher } from "./worker.js";

/** How long an execution waits for a process that has time before another process is started. Milliseconds. */
const PATIENCE = 50;
/** What takes less is over before anybody could say whether it computes. Milliseconds. */
const SHORT = 10;

interface Waiting {
  readonly task: ExecutionTask;
  readonly events: ExecutionEvents;
  readonly since: number;
  readonly take: (worker: Worker) => void;
  readonly end: (end: ExecutionEnd) => void;
}

/**
 * Processes that hold the same program: as many as there is work for, up to a bound. What computes gets a process that does
 * nothing else; what leaves the event loop free shares one. Which of the two a node does is learned from its executions: code
 * that is quick, or waits for others, needs one process, and code that computes gets several.
 */
export class Workers {
  readonly #start: (watcher: WorkerWatcher) => Worker;
  #workers: readonly Worker[] = [];
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>();
  /** Nodes that are known to leave the event loop free. */
  readonly #light = new Set<NodeId>();
  #limit: number;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param start starts a process
   * @param limit how many processes there may be at a time
   */
  constructor(start: (watcher: WorkerWatcher) => Worker, limit: number) {
    this.#start = start;
    this.#limit = limit;
  }

  /** The first process, which is started where there is none. */
  get home(): Worker {
    return this.#workers.find(({ usable }) => usable) ?? this.#add();
  }

  /** Never rejects; see {@link PreparedProgram.execute}. */
  execute(task: ExecutionTask, events: ExecutionEvents, signal: AbortSignal): Promise<ExecutionEnd> {
    if (signal.aborted) return Promise.resolve({ status: "cancelled" });
    return new Promise((resolve) => {
      const cancel = (): void => waiting.end({ status: "cancelled" });
      const leave = (): void => {
        signal.removeEventListener("abort", cancel);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        task,
        events,
        since: performance.now(),
        take: (worker) => {
          leave();
          resolve(this.#run(worker, task, events, signal));
        },
        end: (end) => {
          leave();
          resolve(end);
        },
      };
      signal.addEventListener("abort", cancel);
      this.#waiting.add(waiting);
      this.#advance();
    });
  }

  /** See {@link RunnerProcess.settle}. */
  async settle(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.settle()));
  }

  /** Ends all processes. What is under way, or waits, ends as cancelled. */
  async stop(): Promise<void> {
    for (const { end } of [...this.#waiting]) end({ status: "cancelled" });
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  /** Ends all processes but the first. */
  async shrink(): Promise<void> {
    await Promise.all(this.#workers.slice(1).map((worker) => worker.stop()));
  }

  async #run(worker: Worker, task: ExecutionTask, events: ExecutionEvents, signal: AbortSignal): Promise<ExecutionEnd> {
    const { node } = task;
    const begun = performance.now();
    events.begin();
    const end = await worker.execute(task, events, signal, this.#light.has(node));
    if (performance.now() - begun < SHORT) this.#light.add(node);
    return end;
  }

  /** Brings what waits and who has time together, and sees to it that there are processes enough. */
  #advance(): void {
    this.#tidy();
    // Whoever begins may end others; a set that is walked yields no more what has left it.
    for (const waiting of this.#waiting) {
      const worker = this.#find(waiting.task);
      if (worker) waiting.take(worker);
    }
    clearTimeout(this.#timer);
    const [first] = this.#waiting;
    if (!first) return;
    if (this.#workers.length === 0) return void this.#add();
    const spreading = [...this.#waiting].filter(({ task }) => task.place !== "home");
    const [oldest] = spreading;
    const loading = this.#workers.filter(({ ready }) => !ready).length;
    const wanted = Math.min(spreading.length - loading, this.#limit - this.#workers.length);
    if (!oldest || wanted <= 0) return;
    const patience = oldest.since + PATIENCE - performance.now();
    if (patience > 0) this.#timer = setTimeout(() => this.#advance(), patience).unref();
    else for (let count = 0; count < wanted; count++) this.#add();
  }

  /** Those that have ended go; those that could not be loaded are told of. */
  #tidy(): void {
    const ended = this.#workers.filter(({ over }) => over);
    if (ended.length === 0) return;
    this.#workers = this.#workers.filter((worker) => !ended.includes(worker));
    const failure = ended.find((worker) => worker.failure)?.failure;
    if (!failure) return;
    if (this.#workers.length === 0) {
      for (const { end } of [...this.#waiting]) end({ status: "failed", failure, drawn: {} });
      return;
    }
    this.#limit = this.#workers.length;
    const line = { level: "warn", text: alone(failure), at: Date.now() } as const;
    const [first] = this.#waiting;
    first?.events.log([line]);
  }

  #find({ place }: ExecutionTask): Worker | undefined {
    const [home] = this.#workers;
    // There will be no other, so that its event loop has to share itself out.
    if (this.#limit === 1) return home?.ready ? home : undefined;
    if (place === "home") return home?.ready && !home.occupied ? home : undefined;
    const [first, ...others] = this.#workers.filter(({ ready, occupied }) => ready && !occupied);
    return others.reduce((least, other) => (other.under < (least?.under ?? 0) ? other : least), first);
  }

  #add(): Worker {
    const worker = this.#start({
      changed: () => this.#advance(),
      seen: (nodes, free) => {
        for (const node of nodes)
          if (free) this.#light.add(node);
          else this.#light.delete(node);
      },
    });
    this.#workers = [...this.#workers, worker];
    return worker;
  }
}

function alone({ message }: Failure): string {
  return `Another process could not load the workflow, so its functions share the cores less than they might: ${message}`;
}
