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

/** The runs of one workflow: one at a time, the others after it in the order in which they were asked for. */
export class Runs {
  readonly #begin: (request: RunRequest, stopped: AbortSignal) => Promise<Result<Run>>;
  readonly #joined: (request: RunRequest) => void;
  #active: Active | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** Aborted by a stop: what was asked for before it doesn't begin after it. */
  #stop = new AbortController();

  /**
   * @param begin makes a run ready, or says why there can be none.
   * @param joined a request was taken to be the run that is already under way.
   */
  constructor(
    begin: (request: RunRequest, stopped: AbortSignal) => Promise<Result<Run>>,
    joined: (request: RunRequest) => void,
  ) {
    this.#begin = begin;
    this.#joined = joined;
  }

  get busy(): boolean {
    return this.#active !== null;
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
    const begun = await this.#begin(request, stopped);
    if (stopped.aborted) return success(NOTHING_RUN);
    if (!begun.ok) return begun;
    const run = begun.value;
    const end = run.execute().then(success);
    this.#active = { request, run, end };
    try {
      return await end;
    } finally {
      this.#active = null;
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
