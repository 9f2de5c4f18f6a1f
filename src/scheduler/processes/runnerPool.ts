import type { Result } from "../../model/outcome.js";
import type { HuggingFaceAccess } from "../../protocol/runner.js";
import type { ExecutorBackend, PreparedProgram, Program } from "../executorBackend.js";
import { LoadedProgram } from "./loadedProgram.js";

export interface RunnerPoolOptions {
  /** Absolute path of the runner's module. */
  readonly runner: string;
  readonly env: NodeJS.ProcessEnv;
  /** The token and the Hub's address of the moment. */
  readonly access: () => Promise<HuggingFaceAccess>;
  /** Takes the token out of a text. */
  readonly redact: (text: string, token: string | null) => string;
  readonly debuggerReady: (file: string, address: string) => void;
  /** How many processes may compute for one workflow at a time. */
  readonly processes: number;
  /** How long a cancelled execution may take to end before its process is killed. Milliseconds. */
  readonly graceMs: number;
  /** How long a process that nobody needs stays warm. Milliseconds. */
  readonly idleMs: number;
}

/** Executes in child processes of this one: those of a workflow are its own, kept warm between runs, replaced when its code changes. */
export class RunnerPool implements ExecutorBackend {
  readonly #options: RunnerPoolOptions;
  readonly #programs = new Map<string, LoadedProgram>();
  /** Every program that may still have a process. */
  readonly #all = new Set<LoadedProgram>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RunnerPoolOptions) {
    this.#options = options;
  }

  async prepare(program: Program, signal: AbortSignal): Promise<Result<PreparedProgram>> {
    // One choice at a time, or two callers could each start a process for the same code.
    const chosen = this.#turn.then(() => this.#choose(program));
    this.#turn = chosen.catch(() => undefined);
    return (await chosen).prepared(signal);
  }

  /** Ends the process of a workflow that was closed, once nothing runs in it any more. */
  forget(file: string): void {
    const program = this.#programs.get(file);
    this.#programs.delete(file);
    if (program) void program.retire().then(() => this.#all.delete(program));
  }

  /** Answers once what a workflow's functions left running has ended, or after a moment. */
  async settle(file: string): Promise<void> {
    await this.#programs.get(file)?.settle();
  }

  async dispose(): Promise<void> {
    this.#programs.clear();
    await Promise.all([...this.#all].map((program) => program.stop()));
    this.#all.clear();
  }

  async #choose(program: Program): Promise<LoadedProgram> {
    const { file } = program.graph;
    const access = await this.#options.access();
    const current = this.#programs.get(file);
    if (current && (await current.serves(program, access))) {
      current.hold();
      return current;
    }
    const next = new LoadedProgram(program, access, this.#options);
    next.hold();
    this.forget(file);
    this.#programs.set(file, next);
    this.#all.add(next);
    return next;
  }
}
