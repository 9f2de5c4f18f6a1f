import type { NodeId } from "../model/graph.js";
import { success, type Result } from "../model/outcome.js";
import type { RunRequest } from "../model/plan.js";
import type { RunEnd } from "../protocol/engine.js";
import type { Run } from "../scheduler/run.js";

const NOTHING_RUN: RunEnd = { status: "cancelled", executed: 0, reused: 0 };

interface Active {
  readonly request: RunRequest;
  readonly run: Run;
  readonly end: Promise<Result<RunEnd>>;
}

/** Makes a run ready, or says why there can be none. Calls `hold` before it settles on a sheet and its store. */
type Begin = (request: RunRequest, stopped: AbortSignal, hold: () => void) => Promise<Result<Run>>;

/** The runs of one workflow: one at a time, the others after it in the order in which they were asked for. */
export class Runs {
  readonly #begin: Begin;
  readonly #joined: (request: RunRequest) => void;
  readonly #ended: () => void;
  #stage: "idle" | "beginning" | "holding" = "idle";
  #active: Active | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** Aborted by a stop: what was asked for before it doesn't begin after it. */
  #stop = new AbortController();

  /**
   * @param joined a request was taken to be the run that is already under way.
   * @param ended a run has ended, or could not begin, and holds on to nothing any more.
   */
  constructor(begin: Begin, joined: (request: RunRequest) => void, ended: () => void) {
    this.#begin = begin;
    this.#joined = joined;
    this.#ended = ended;
  }

  /** A run is being made ready or is under way. */
  get busy(): boolean {
    return this.#stage !== "idle";
  }

  /** A run works with the sheet and the store that were open when it took hold of them. */
  get holding(): boolean {
    return this.#stage === "holding";
  }

  run(request: RunRequest): Promise<Result<RunEnd>> {
    if (this.#active && covers(this.#active, request)) {
      this.#joined(request);
      return this.#active.end;
    }
    const { signal } = this.#stop;
    const end = this.#queue.then(() => (signal.aborted ? success(NOTHING_RUN) : this.#start(request, signal)));
    this.#queue = end.catch(() => undefined);
    return end;
  }

  /** Answers once it has stopped. Stopping everything also forgets what waits for its turn. */
  async stop(node?: NodeId): Promise<void> {
    if (node !== undefined) return this.#active?.run.stop(node);
    this.#stop.abort();
    this.#stop = new AbortController();
    void this.#active?.run.stop();
    await this.#queue;
  }

  async #start(request: RunRequest, stopped: AbortSignal): Promise<Result<RunEnd>> {
    this.#stage = "beginning";
    try {
      const begun = await this.#begin(request, stopped, () => (this.#stage = "holding"));
      if (stopped.aborted) return success(NOTHING_RUN);
      if (!begun.ok) return begun;
      const run = begun.value;
      const end = run.execute().then(success);
      this.#active = { request, run, end };
      return await end;
    } finally {
      this.#active = null;
      this.#stage = "idle";
      this.#ended();
    }
  }
}

/** Whether what is asked for is being done already. */
function covers({ request: active, run }: Active, request: RunRequest): boolean {
  if (request.debug === true || request.inputs || active.inputs) return false;
  if (request.scope === "only" || (request.scope === "to" && active.scope !== "only"))
    return run.covers(request.targets);
  return (
    request.scope === active.scope &&
    request.reuse === active.reuse &&
    request.targets.length === active.targets.length &&
    request.targets.every((target) => active.targets.includes(target))
  );
}
