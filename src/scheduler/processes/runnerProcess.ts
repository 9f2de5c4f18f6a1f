import { createBirpc } from "birpc";
import { fork, type ChildProcess } from "node:child_process";
import type { Graph, NodeId } from "../../model/graph.js";
import { failed, type Result } from "../../model/outcome.js";
import type { LogLine } from "../../model/result.js";
import { type LoadRequest, type RunnerApi, type RunnerEvents, WAIT_FOR_DEBUGGER } from "../../protocol/runner.js";
import type { ExecutionEnd, ExecutionSinks, ExecutionTask } from "../executorBackend.js";
import { OutputLines } from "./outputLines.js";
import { HAS_GROUPS, killTree } from "./processTree.js";
import { RawLines } from "./rawLines.js";
import { processExited, type RunnerExit } from "./runnerExit.js";

export interface RunnerProcessOptions {
  /** Absolute path of the runner's module. */
  readonly runner: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called with the inspector's address when the process waits for a debugger; absent: it doesn't wait for one. */
  readonly debuggerReady?: (address: string) => void;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** How long an execution may take to end after it was cancelled, before its process is killed. Milliseconds. */
  readonly graceMs: number;
}

/**
 * ```text
 *            loaded          execute            the last execution ends
 * starting ─────────▶ ready ─────────▶ busy ─────────────────────────▶ ready
 *     │                 │                │ a cancelled execution goes on past its grace
 *     │ stop()          │ stop()         │ stop()
 *     └─────────────────┴────────────────┴─────▶ stopping ──▶ ended
 * ```
 * The child may end by itself in any state, which leads straight to `ended`.
 */
export type RunnerState = "starting" | "ready" | "busy" | "stopping" | "ended";

type Work = Pick<ExecutionTask, "node" | "inputs" | "returned">;

interface Execution {
  readonly task: Work;
  readonly sinks: ExecutionSinks;
  cancelled: boolean;
  end(end: ExecutionEnd): void;
}

/** From SIGTERM to SIGKILL. Milliseconds. */
const TERM_MS = 1000;
/** How long the pipes of an ended process are still read: a process that got away may hold them open for ever. Milliseconds. */
const DRAIN_MS = 200;
const LAST_LINES = 20;
/** Executions that are over and may still say something: what they left running does. */
const REMEMBERED = 100;
/** What Node itself prints about its inspector; the person asked for a debugger, not for its chatter. */
const INSPECTOR_CHATTER =
  /^(Debugger (listening on|attached|ending on)|For help, see: https:\/\/nodejs|Waiting for the debugger)/;

/** One child process that runs user code. Started by its constructor, over when {@link ended} resolves. */
export class RunnerProcess {
  readonly ended: Promise<RunnerExit>;
  #state: RunnerState = "starting";
  readonly #options: RunnerProcessOptions;
  readonly #child: ChildProcess;
  readonly #rpc;
  readonly #executions = new Map<string, Execution>();
  /** The logs of the last executions that are over. */
  readonly #over = new Map<string, ExecutionSinks>();
  #count = 0;
  /** Lines written while nothing was under way (module level, mostly): they go to the next execution's log. */
  #stray: LogLine[] = [];
  /** Lines that were written to the pipes themselves: by what user code started, mostly. */
  readonly #raw = new RawLines((lines) => this.#log(null, lines));
  #lastLines: string[] = [];
  #killed = false;
  /** It was killed because the execution of this node would not stop: the others under way are not to blame. */
  #condemnedBy: NodeId | null = null;

  constructor(options: RunnerProcessOptions) {
    this.#options = options;
    const child = fork(options.runner, options.debuggerReady ? [WAIT_FOR_DEBUGGER] : [], {
      cwd: options.cwd,
      env: { ...options.env, ELECTRON_RUN_AS_NODE: "1" },
      execPath: process.execPath,
      // Not what this process was started with: those flags are its own (a debugger's port, a test runner's loader).
      execArgv: [],
      // What user code starts and leaves running must not outlive it.
      detached: HAS_GROUPS,
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    const events: RunnerEvents = {
      progress: (id, progress) => this.#executions.get(id)?.sinks.progress(progress),
      partial: (id, outputs) => this.#executions.get(id)?.sinks.partial(outputs),
      returned: (id, returned) => this.#executions.get(id)?.sinks.returned(returned),
      log: (id, lines) => this.#log(id, lines),
    };
    this.#rpc = createBirpc<RunnerApi, RunnerEvents>(events, {
      post: (message: object) => {
        if (child.connected) child.send(message, () => undefined);
      },
      // User code may find a way to write into the channel.
      on: (listen: (message: unknown) => void) =>
        child.on("message", (message: unknown) => {
          if (typeof message === "object" && message !== null) listen(message);
        }),
      eventNames: ["cancel"],
      timeout: -1,
    });
    this.ended = this.#watch();
  }

  get state(): RunnerState {
    return this.#state;
  }

  get usable(): boolean {
    return this.#state !== "stopping" && this.#state !== "ended";
  }

  /** Once, before anything is executed. */
  async load(request: LoadRequest): Promise<Result<Graph>> {
    const loaded = this.#rpc.load(request);
    loaded.catch(() => undefined);
    const reply = await Promise.race([loaded, this.ended.then((exit) => failed(processExited(null, [], exit)))]);
    if (reply.ok && this.#state === "starting") this.#state = "ready";
    return reply;
  }

  /** Never rejects; see {@link PreparedProgram.execute}. */
  execute(task: Work, sinks: ExecutionSinks, signal: AbortSignal): Promise<ExecutionEnd> {
    if (signal.aborted) return Promise.resolve({ status: "cancelled" });
    if (!this.usable) return Promise.resolve({ status: "lost" });
    const id = String(++this.#count);
    return new Promise((resolve) => {
      const cancel = () => this.#cancel(id);
      const execution: Execution = {
        task,
        sinks,
        cancelled: false,
        end: (end) => {
          if (!this.#executions.has(id)) return;
          this.#raw.flush();
          this.#executions.delete(id);
          this.#remember(id, sinks);
          signal.removeEventListener("abort", cancel);
          if (this.#executions.size === 0 && this.#state === "busy") this.#state = "ready";
          resolve(end);
        },
      };
      this.#raw.flush();
      this.#executions.set(id, execution);
      this.#state = "busy";
      signal.addEventListener("abort", cancel);
      if (this.#stray.length > 0) sinks.log(this.#stray.splice(0));
      this.#rpc
        .execute({
          executionId: id,
          node: task.node,
          inputs: task.inputs,
          ...(task.returned && { returned: task.returned }),
        })
        .then((reply) => execution.end(reply))
        .catch((error: unknown) => {
          const message = `The runner could not execute \`${task.node}\`: ${String(error)}`;
          execution.end({ status: "failed", failure: { reason: "internal", message }, drawn: {} });
        });
    });
  }

  /**
   * The share of the time, 0 to 1, in which its event loop was busy since that was asked last, or since it had nothing to do.
   * Answers when the process gets round to it; `null`: it has ended.
   */
  async utilization(): Promise<number | null> {
    const answer = this.#rpc.utilization().catch(() => null);
    return Promise.race([answer, this.ended.then(() => null)]);
  }

  /** Answers once what functions left running has ended and said what it had to say, or after a moment. */
  async settle(): Promise<void> {
    if (this.#state !== "ready") return;
    const settled = this.#rpc.settle().catch(() => undefined);
    // User code may keep the process from answering.
    const patience = new Promise((resolve) => setTimeout(resolve, this.#options.graceMs).unref());
    await Promise.race([settled, this.ended, patience]);
    this.#raw.flush();
  }

  /** Ends the process, kindly at first. What is under way ends as cancelled. Answers once it is gone. */
  async stop(): Promise<void> {
    if (this.usable) {
      this.#state = "stopping";
      for (const execution of this.#executions.values()) execution.cancelled = true;
      // A runner exits when its parent is gone, which is what this looks like to it.
      if (!HAS_GROUPS) this.#killTree();
      else if (this.#child.connected) this.#child.disconnect();
      this.#unlessEnded(this.#options.graceMs / 4, () => this.#kill());
    }
    await this.ended;
  }

  #remember(id: string, sinks: ExecutionSinks): void {
    this.#over.set(id, sinks);
    const [oldest] = this.#over.keys();
    if (this.#over.size > REMEMBERED && oldest !== undefined) this.#over.delete(oldest);
  }

  #cancel(id: string): void {
    const execution = this.#executions.get(id);
    if (!execution || execution.cancelled) return;
    execution.cancelled = true;
    void this.#rpc.cancel.asEvent(id);
    this.#unlessEnded(this.#options.graceMs, () => {
      if (!this.#executions.has(id)) return;
      this.#condemnedBy = execution.task.node;
      this.#kill();
    });
  }

  #kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    this.#state = "stopping";
    if (!HAS_GROUPS) return this.#killTree();
    this.#child.kill("SIGTERM");
    this.#unlessEnded(TERM_MS, () => this.#killTree());
  }

  #killTree(): void {
    if (this.#child.pid !== undefined) killTree(this.#child.pid);
  }

  #unlessEnded(ms: number, then: () => void): void {
    const timer = setTimeout(then, ms);
    void this.ended.then(() => clearTimeout(timer));
  }

  async #watch(): Promise<RunnerExit> {
    const child = this.#child;
    const drained = Promise.all([this.#read("log", child.stdout), this.#read("warn", child.stderr)]);
    const how = await new Promise<Omit<RunnerExit, "lastLines">>((resolve) => {
      child.once("error", (error) => {
        if (child.pid === undefined) resolve({ code: null, signal: null, startError: error.message });
      });
      child.once("exit", (code, signal) => {
        // Nothing more is given to it, though its last words are still to be read.
        this.#state = "stopping";
        resolve({ code, signal });
      });
      // Without its channel it is of no use to us, nor we to it.
      child.once("disconnect", () => {
        this.#state = "stopping";
        this.#unlessEnded(this.#options.graceMs / 4, () => this.#kill());
      });
    });
    // On Windows what it started can no longer be found once it is gone.
    if (HAS_GROUPS) this.#killTree();
    await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
    this.#raw.flush();
    const exit: RunnerExit = { ...how, lastLines: this.#lastLines };
    this.#state = "ended";
    this.#endAll(exit);
    this.#rpc.$close();
    return exit;
  }

  #endAll(exit: RunnerExit): void {
    const under = [...this.#executions.values()];
    for (const execution of under) {
      const { node } = execution.task;
      const others = under.map((other) => other.task.node).filter((other) => other !== node);
      if (execution.cancelled) execution.end({ status: "cancelled" });
      else if (this.#condemnedBy !== null) execution.end({ status: "lost", by: this.#condemnedBy });
      else execution.end({ status: "failed", failure: processExited(node, others, exit), drawn: {} });
    }
  }

  async #read(level: LogLine["level"], stream: NodeJS.ReadableStream | null): Promise<void> {
    if (!stream) return;
    const lines = new OutputLines();
    const take = (texts: string[]) => {
      for (const text of texts) if (!this.#chatter(text)) this.#raw.push({ level, text, at: Date.now() });
    };
    await new Promise<void>((resolve) => {
      stream.on("data", (bytes: Buffer) => take(lines.push(bytes)));
      stream.once("close", resolve);
    });
    take(lines.end());
  }

  #chatter(line: string): boolean {
    const { debuggerReady } = this.#options;
    if (!debuggerReady || !INSPECTOR_CHATTER.test(line)) return false;
    const address = /^Debugger listening on (ws:\/\/\S+)/.exec(line)?.[1];
    if (address !== undefined) debuggerReady(address);
    return true;
  }

  /**
   * `null`: nobody can be blamed, so whatever is under way gets it, for it may well be its own. What comes in the name of an
   * execution belongs to nobody else, also when that is over.
   */
  #log(id: string | null, raw: readonly LogLine[]): void {
    if (raw.length === 0) return;
    const lines = raw.map((line) => ({ ...line, text: this.#options.redact(line.text) }));
    this.#lastLines = [...this.#lastLines, ...lines.map((line) => line.text)].slice(-LAST_LINES);
    if (id !== null) (this.#executions.get(id)?.sinks ?? this.#over.get(id))?.log(lines);
    else if (this.#executions.size > 0) for (const other of this.#executions.values()) other.sinks.log(lines);
    else this.#stray = [...this.#stray, ...lines].slice(-LAST_LINES * 5);
  }
}
