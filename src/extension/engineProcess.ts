import { fork, type ChildProcess } from "node:child_process";
import { createBirpc, type BirpcReturn } from "birpc";
import type { Result } from "../model/outcome.js";
import { failed } from "../model/outcome.js";
import type { EngineApi, EngineEvents, EngineOptions } from "../protocol/engine.js";
import { Listeners } from "./disposable.js";

export type Engine = BirpcReturn<EngineApi, EngineEvents>;

/** What the rest of the extension knows of the engine. */
export interface EngineClient {
  /** Calls the engine, starting it if need be. That it is gone is a failure like others. */
  ask<T>(call: (engine: Engine) => Promise<Result<T>>): Promise<Result<T>>;
  /** As {@link ask}, for what needs no answer: calls arrive in the order in which they were made. */
  tell(call: (engine: Engine) => Promise<unknown>): void;
}

export interface EngineProcessOptions {
  /** Absolute path of the engine's bundle. */
  readonly entry: string;
  readonly events: EngineEvents;
  /** Asked for at every start. */
  readonly options: () => Promise<EngineOptions>;
  /** What the process writes to its standard streams. */
  readonly onOutput: (text: string) => void;
}

/** The engine ended without being asked to. */
export interface EngineCrash {
  /** "exit code 1", "signal SIGSEGV", "could not be started: …". */
  readonly how: string;
  /** Of this minute, with this one. */
  readonly count: number;
}

interface Link {
  readonly child: ChildProcess;
  readonly engine: Engine;
  readonly configured: Promise<void>;
}

class EngineGone extends Error {}

const RECENT = 60_000;
/** Milliseconds that the engine has to end its runners and close its stores. */
const FAREWELL = 3_000;

/**
 * The engine's process.
 *
 * ```text
 *              first need                     exit
 *   stopped ───────────────▶ running ───────────────────▶ stopped (and a crash is told)
 *      │                        │ end()
 *      └────── end() ──▶ ended ◀┘   for good
 * ```
 */
export class EngineProcess implements EngineClient {
  readonly #options: EngineProcessOptions;
  #link: Link | null = null;
  #ended = false;
  #crashes: number[] = [];
  readonly #crashed = new Listeners<EngineCrash>();
  readonly onCrash = this.#crashed.listen;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#link !== null;
  }

  /** The process id, while it runs. */
  get pid(): number | undefined {
    return this.#link?.child.pid;
  }

  async ask<T>(call: (engine: Engine) => Promise<Result<T>>): Promise<Result<T>> {
    try {
      return await call(await this.#connect());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof EngineGone)
        return failed({ reason: "process-exited", message, hint: "It is started again by itself; try once more." });
      this.#options.onOutput(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
      return failed({ reason: "internal", message: `Daggr ran into a bug of its own: ${message}` });
    }
  }

  tell(call: (engine: Engine) => Promise<unknown>): void {
    this.#connect()
      .then(call)
      .catch((error: unknown) => {
        if (!(error instanceof EngineGone)) this.#options.onOutput(`${String(error)}\n`);
      });
  }

  /** Hands on changed options, if the engine runs; otherwise it asks for them when it starts. */
  reconfigure(): void {
    if (this.#link === null) return;
    this.tell(async (engine) => engine.configure(await this.#options.options()));
  }

  /** Ends the process for good: asks first, and kills it when it takes too long. */
  async end(): Promise<void> {
    this.#ended = true;
    const link = this.#link;
    if (link === null) return;
    const { child, engine } = link;
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const killer = setTimeout(() => child.kill("SIGKILL"), FAREWELL);
    await Promise.race([engine.dispose().catch(() => undefined), exited]);
    if (child.connected) child.disconnect();
    await exited;
    clearTimeout(killer);
  }

  async #connect(): Promise<Engine> {
    if (this.#ended) throw new EngineGone("Daggr is shutting down.");
    this.#link ??= this.#start();
    const { engine, configured } = this.#link;
    await configured;
    return engine;
  }

  #start(): Link {
    const child = fork(this.#options.entry, [], {
      serialization: "advanced",
      // On the desktop the executable is Electron, which this makes a Node.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      // A debugger of the extension host must not be asked for the same port again.
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child.stdout?.setEncoding("utf8").on("data", this.#options.onOutput);
    child.stderr?.setEncoding("utf8").on("data", this.#options.onOutput);
    const engine: Engine = createBirpc<EngineApi, EngineEvents>(this.#options.events, {
      post: (data: object) =>
        new Promise<void>((resolve, reject) => {
          child.send(data, (error) => (error ? reject(new EngineGone("Daggr's engine stopped.")) : resolve()));
        }),
      on: (listener) => void child.on("message", listener),
      timeout: -1,
    });
    child.once("error", (error) => this.#gone(child, engine, `could not be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      this.#gone(child, engine, signal === null ? `exit code ${String(code)}` : `signal ${signal}`),
    );
    const configured = this.#options.options().then((options) => engine.configure(options));
    // Whoever waits for it hears of it; when nobody does, the crash is told all the same.
    configured.catch(() => undefined);
    return { child, engine, configured };
  }

  #gone(child: ChildProcess, engine: Engine, how: string): void {
    if (this.#link?.child !== child) return;
    this.#link = null;
    engine.$close(new EngineGone(`Daggr's engine stopped unexpectedly (${how}).`));
    if (this.#ended) return;
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < RECENT), now];
    this.#crashed.tell({ how, count: this.#crashes.length });
  }
}
