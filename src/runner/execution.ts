import { AsyncLocalStorage } from "node:async_hooks";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { formatWithOptions } from "node:util";
import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";
import type { Progress } from "../model/runEvent.js";
import type { StoredValue } from "../model/value.js";
import type { ReturnedValue, RunnerEvents } from "../protocol/runner.js";
import type { FnContext } from "../sdk/fnContext.js";
import { LogBuffer } from "./logBuffer.js";
import { Throttle } from "./throttle.js";
import { describe } from "./values/describe.js";

/** At most this many a second of each kind are sent to the parent. */
const EVENTS_PER_SECOND = 8;

export type PartialOutputs = () => Promise<Readonly<Record<string, StoredValue>> | null>;

/** One execution of one node under way: what it reports, and how it is stopped. */
export class Execution {
  readonly id: string;
  readonly node: NodeId;
  readonly log: LogBuffer;
  readonly #abort = new AbortController();
  readonly #progress: Throttle<Progress>;
  readonly #partial: Throttle<PartialOutputs>;
  readonly #folder: string;
  #folderMade = false;
  readonly #handedOut = new Set<string>();
  #over = false;
  #fail: (failure: Failure) => void = () => undefined;
  /** Tells what a server has returned. */
  readonly returned: (returned: ReturnedValue) => void;
  /** Settles when code that nobody awaits failed in this execution's name. */
  readonly fault: Promise<Failure>;

  constructor(id: string, node: NodeId, scratch: string, redact: (text: string) => string, events: RunnerEvents) {
    this.id = id;
    this.node = node;
    this.#folder = join(scratch, id.replace(/[^\w-]/g, "_"));
    this.log = new LogBuffer(redact, (lines) => events.log(id, lines));
    this.returned = (returned) => events.returned(id, returned);
    this.fault = new Promise((resolve) => (this.#fail = resolve));
    this.#progress = new Throttle(1000 / EVENTS_PER_SECOND, (progress) => events.progress(id, progress));
    this.#partial = new Throttle(1000 / EVENTS_PER_SECOND, async (outputs) => {
      const stored = await outputs().catch(() => null);
      if (stored) events.partial(id, stored);
    });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** It has its result: what it still does, in timers it left running, is no part of it. */
  get over(): boolean {
    return this.#over;
  }

  get cancelled(): boolean {
    return this.#abort.signal.aborted;
  }

  /** The execution's own folder, absolute; made on first need. */
  readonly folder = (): string => {
    if (!this.#folderMade) mkdirSync(this.#folder, { recursive: true });
    this.#folderMade = true;
    return this.#folder;
  };

  /** As {@link folder}, without making it. */
  get folderPath(): string {
    return this.#folder;
  }

  /** What {@link outputFile} has given. */
  get handedOut(): ReadonlySet<string> {
    return this.#handedOut;
  }

  readonly progress = (progress: Progress): void => this.#progress.push(progress);

  /** Shows a partial result; `outputs` is only asked when it is about to be sent. */
  readonly partial = (outputs: PartialOutputs): void => this.#partial.push(outputs);

  cancel(): void {
    this.#abort.abort(new DOMException("The execution was stopped.", "AbortError"));
  }

  /** Ends it with a failure that happened outside of what is awaited. */
  failWith(failure: Failure): void {
    this.#fail(failure);
  }

  /** What the node's function gets as its second argument. */
  context(): FnContext {
    return {
      signal: this.signal,
      progress: (fraction, message) => this.progress(progressOf(fraction, message)),
      log: (...values) => {
        const line = `${formatWithOptions({ depth: 4 }, ...values)}\n`;
        if (this.#over) process.stdout.write(line);
        else this.log.write("log", line);
      },
      outputFile: this.outputFile,
    };
  }

  /** Shows no more partial results; settles once none is being made any more. */
  endPartials(): Promise<void> {
    return this.#partial.close();
  }

  /** Sends what is left to send and removes the execution's files. Nothing but late lines of its log is sent in its name afterwards. */
  async end(): Promise<void> {
    await Promise.all([this.#progress.close(), this.#partial.close()]);
    this.#over = true;
    this.log.flush();
    if (this.#folderMade) await rm(this.#folder, { recursive: true, force: true }).catch(() => undefined); // the parent removes all of it later
  }

  /** A path below the execution's folder that may be written; its folders exist. What would lead out of it is left out. */
  readonly outputFile = (name: string): string => {
    // Authors may write plain JavaScript.
    if (typeof name !== "string") {
      throw new TypeError(`outputFile takes the file's name, such as "speech.wav", but was given ${describe(name)}.`);
    }
    const parts = name
      .split(/[/\\]/)
      .map(safePart)
      .filter((part) => part !== "");
    const path = join(this.folder(), "out", ...(parts.length > 0 ? parts : ["file"]));
    mkdirSync(dirname(path), { recursive: true });
    this.#handedOut.add(path);
    return path;
  };
}

/** The execution in whose name the code that asks is running. */
export const currentExecution = new AsyncLocalStorage<Execution>();

/** The part of a path, fit for every file system and unable to lead out of its folder. */
function safePart(part: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  const safe = part.replace(/[<>:"|?*\u0000-\u001f]/g, "_").replace(/[. ]+$/, "");
  return safe === "" || safe === sep ? "" : safe.slice(-120);
}

function progressOf(fraction: number | null, message: string | undefined): Progress {
  const known = typeof fraction === "number" && Number.isFinite(fraction);
  return {
    ...(known && { fraction: Math.min(1, Math.max(0, fraction)) }),
    ...(message !== undefined && { message: message }),
  };
}
