import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Graph } from "../../model/graph.js";
import { failed, success, type Result } from "../../model/outcome.js";
import type { HuggingFaceAccess } from "../../protocol/runner.js";
import type { ExecutionEnd, ExecutionEvents, ExecutionTask, PreparedProgram, Program } from "../executorBackend.js";
import { discard, temporaryFolder } from "../../store/temporaryFolder.js";
import { digestOfFile, unchanged } from "../fileDigests.js";
import { RunnerProcess } from "./runnerProcess.js";
import { Worker, type WorkerWatcher } from "./worker.js";
import { Workers } from "./workers.js";
import type { RunnerPoolOptions } from "./runnerPool.js";

/** Extra processes end sooner than the first: after this share of its time. */
const EXTRA_SHARE = 0.1;

/** One state of a workflow's code in processes of its own. One that ended is followed by another on next need. */
export class LoadedProgram {
  readonly #program: Program;
  readonly #access: HuggingFaceAccess;
  readonly #options: RunnerPoolOptions;
  /** Files that the program turned out to have loaded beyond those that the text shows, with their digests. */
  readonly #discovered = new Map<string, string | null>();
  /** Where functions compute. */
  readonly #functions: Workers;
  /** Where apps and models are waited for: beside functions a process of their own, for those may hold up theirs. */
  readonly #calls: Workers;
  /** The nodes that it turned out to have. */
  #nodes: string | null = null;
  #leases = 0;
  #retired = false;
  readonly #drained = Promise.withResolvers<undefined>();
  #idle: NodeJS.Timeout | undefined;
  #idleExtras: NodeJS.Timeout | undefined;

  constructor(program: Program, access: HuggingFaceAccess, options: RunnerPoolOptions) {
    this.#program = program;
    this.#access = access;
    this.#options = options;
    const start = (watcher: WorkerWatcher) => this.#start(watcher);
    this.#functions = new Workers(start, program.debug ? 1 : options.processes);
    const apart = !program.debug && program.graph.nodes.some(({ kind }) => kind === "fn");
    this.#calls = apart ? new Workers(start, 1) : this.#functions;
  }

  /** Whether a process that runs this would run that program just as well. */
  async serves(program: Program, access: HuggingFaceAccess): Promise<boolean> {
    const same =
      !program.debug &&
      !this.#program.debug &&
      this.#program.blobs === program.blobs &&
      this.#access.token === access.token &&
      this.#access.endpoint === access.endpoint &&
      sameEntries(this.#program.sources, program.sources) &&
      // Modules may have read them when they were loaded.
      sameEntries(this.#program.data, program.data);
    return same && (await unchanged(this.#discovered));
  }

  /** Keeps the process from ending until it is released as often as it was held. */
  hold(): void {
    this.#leases++;
    clearTimeout(this.#idle);
    clearTimeout(this.#idleExtras);
  }

  /** For one hold: the program once it is loaded. Releases the hold itself when it cannot be, or is no longer wanted. */
  async prepared(signal: AbortSignal): Promise<Result<PreparedProgram>> {
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      this.#release();
    };
    const graph = await unlessAborted(this.#functions.home.loaded, signal);
    if (!graph?.ok) {
      release();
      // It may be loading for ever, and nobody waits for it any more.
      if (!graph && this.#leases === 0) void this.stop();
      return graph ?? failed({ reason: "cancelled", message: "Loading the workflow was stopped." });
    }
    const execute = (task: ExecutionTask, events: ExecutionEvents, signal: AbortSignal) =>
      this.#execute(task, events, signal);
    return success({ graph: graph.value, execute, release });
  }

  /** Nobody will hold it again: the code has changed. Its process ends when nobody needs it any more; answers then. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#leases > 0) await this.#drained.promise;
    await this.stop();
  }

  /** See {@link RunnerProcess.settle}. */
  async settle(): Promise<void> {
    await Promise.all(this.#all.map((workers) => workers.settle()));
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    clearTimeout(this.#idleExtras);
    await Promise.all(this.#all.map((workers) => workers.stop()));
  }

  get #all(): readonly Workers[] {
    return [...new Set([this.#functions, this.#calls])];
  }

  #release(): void {
    this.#leases--;
    if (this.#leases > 0) return;
    if (this.#retired) this.#drained.resolve(undefined);
    else if (this.#program.debug) void this.stop();
    else {
      const { idleMs } = this.#options;
      this.#idle = setTimeout(() => void this.stop(), idleMs).unref();
      this.#idleExtras = setTimeout(() => void this.#functions.shrink(), idleMs * EXTRA_SHARE).unref();
    }
  }

  #execute(task: ExecutionTask, events: ExecutionEvents, signal: AbortSignal): Promise<ExecutionEnd> {
    return (task.place === "calls" ? this.#calls : this.#functions).execute(task, events, signal);
  }

  #start(watcher: WorkerWatcher): Worker {
    const { file } = this.#program.graph;
    const { access, redact } = { access: this.#access, redact: this.#options.redact };
    const process = new RunnerProcess({
      runner: this.#options.runner,
      cwd: dirname(file),
      env: this.#options.env,
      ...(this.#program.debug && {
        debuggerReady: (address: string) => this.#options.debuggerReady(file, address),
      }),
      redact: (text) => redact(text, access.token),
      graceMs: this.#options.graceMs,
    });
    const scratch = temporaryFolder();
    const parts = { process, loaded: this.#load(process, scratch), gone: removedAfter(process, scratch) };
    return new Worker(parts, watcher);
  }

  async #load(process: RunnerProcess, scratch: string): Promise<Result<Graph>> {
    const { graph, blobs, sources } = this.#program;
    const loaded = await process.load({ graph, blobs, scratch, huggingFace: this.#access });
    if (!loaded.ok) {
      void process.stop();
      return loaded;
    }
    for (const file of loaded.value.files) {
      if (!sources.has(file)) this.#discovered.set(file, await digestOfFile(file));
    }
    // Results are filed under the code that the graph was read from, so the process must not hold any other.
    if (!(await unchanged(sources))) {
      void process.stop();
      return failed({
        reason: "load-failed",
        message: "The workflow's files changed on disk while they were being loaded.",
        hint: "Run it again.",
      });
    }
    const nodes = JSON.stringify(loaded.value.nodes.map(({ id, code }) => [id, code]));
    this.#nodes ??= nodes;
    if (nodes !== this.#nodes) {
      void process.stop();
      return failed({
        reason: "load-failed",
        message: "The workflow has other nodes each time that it is loaded.",
        hint: "Make its nodes depend on nothing that changes: not on time, chance or what is left of an earlier run.",
      });
    }
    return loaded;
  }
}

async function removedAfter(process: RunnerProcess, scratch: string): Promise<void> {
  await process.ended;
  // What can't be removed now (somebody has it open) is tried once more when this process ends.
  await rm(scratch, { recursive: true, force: true }).then(
    () => discard(scratch),
    () => undefined,
  );
}

/** `null`: the signal was aborted first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const aborted = () => resolve(null);
    if (signal.aborted) aborted();
    signal.addEventListener("abort", aborted);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, digest]) => b.get(path) === digest);
}
