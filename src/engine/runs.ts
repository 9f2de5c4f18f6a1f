import type { NodeId } from "../model/graph.js";
import type { ItemsPage } from "../model/items.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { Answer } from "../model/question.js";
import type { RunRequest } from "../model/plan.js";
import type { RunEnd } from "../protocol/engine.js";
import { isSameRequest } from "../scheduler/coverage.js";
import type { Run } from "../scheduler/run.js";
import { notAsked } from "../scheduler/questions.js";
import type { WorkBasis } from "../scheduler/sameWork.js";

const NOTHING_RUN: RunEnd = { status: "cancelled", executed: 0, reused: 0 };

/** A request that has a run of its own, waiting for its turn or under way. */
interface Turn {
  /** By the names that nodes have now, as long as it waits. */
  request: RunRequest;
  /** Aborted by a stop, and when it is taken back. */
  readonly stopped: AbortSignal;
  readonly takeBack: () => void;
  /** Its run once that is ready; `null` where there is none, or it is over. */
  readonly begun: PromiseWithResolvers<Run | null>;
  readonly end: Promise<Result<RunEnd>>;
}

export interface RunsHost {
  /** Makes a run ready, or says why there can be none. Calls `hold` before it settles on a sheet and its store. */
  begin(request: RunRequest, stopped: AbortSignal, hold: () => void): Promise<Result<Run>>;
  /** What a run would be made from this moment; `null`: that can't be told. */
  basis(): Promise<WorkBasis | null>;
  /** A request was taken to be a run that is under way, or waits for its turn, already. */
  joined(request: RunRequest): void;
  /** What waits for its turn has changed. */
  queued(requests: readonly RunRequest[]): void;
  /** A run has ended, or could not begin, and holds on to nothing any more. */
  ended(): void;
}

/** The runs of one workflow: one at a time, the others after it in the order in which they were asked for. */
export class Runs {
  readonly #host: RunsHost;
  #holding = false;
  /** Requests that are not answered yet. */
  #asked = 0;
  /** The first is under way, or about to be. */
  readonly #turns: Turn[] = [];
  /** Where requests are looked at one by one, so that two at once can't miss each other. */
  #placing: Promise<unknown> = Promise.resolve();
  /** Aborted by a stop: what was asked for before it doesn't begin after it. */
  #stop = new AbortController();
  #active: Run | null = null;

  constructor(host: RunsHost) {
    this.#host = host;
  }

  /** A run is asked for, is being made ready or is under way. */
  get busy(): boolean {
    return this.#asked > 0;
  }

  /** A run works with the sheet and the store that were open when it took hold of them. */
  get holding(): boolean {
    return this.#holding;
  }

  async run(request: RunRequest): Promise<Result<RunEnd>> {
    const { signal } = this.#stop;
    this.#asked++;
    try {
      const placed = this.#placing.then(() => this.#place(request, signal));
      this.#placing = placed.catch(() => undefined);
      const turn = await placed;
      return turn ? await turn.end : success(NOTHING_RUN);
    } finally {
      this.#asked--;
    }
  }

  /** As {@link Run.answer} of the run under way. */
  answer(node: NodeId, item: number | null, answer: Answer): Result<void> {
    return this.#active?.answer(node, item, answer) ?? failed(notAsked(node));
  }

  /** As {@link Run.items} of the run under way. */
  items(node: NodeId, from: number, count: number): ItemsPage | null {
    return this.#active?.items(node, from, count) ?? null;
  }

  /**
   * Stops a node, and takes back what waits for its turn and is about this node alone. Answers once it has stopped.
   *
   * @param isNode - whether a request's target is that node, whatever it is called there.
   */
  async stopNode(node: NodeId, isNode: (target: NodeId) => boolean): Promise<void> {
    const waiting = this.#turns
      .slice(1)
      .filter(({ request: { targets } }) => targets.length > 0 && targets.every(isNode));
    for (const turn of waiting) {
      turn.takeBack();
      this.#leave(turn);
    }
    await this.#active?.stop(node);
  }

  /** Nodes have been renamed: what waits for its turn is about them as they are called now. */
  renamed(now: (id: NodeId) => NodeId): void {
    for (const turn of this.#turns.slice(1)) {
      const { targets, answers } = turn.request;
      turn.request = {
        ...turn.request,
        targets: targets.map(now),
        ...(answers && {
          answers: Object.fromEntries(Object.entries(answers).map(([id, answer]) => [now(id), answer])),
        }),
      };
    }
    if (this.#turns.length > 1) this.#tellQueue();
  }

  /** Stops everything, and forgets what waits for its turn. Answers once it has stopped. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    void this.#active?.stop();
    await Promise.all(this.#turns.map(({ end }) => end.catch(() => undefined)));
  }

  /** The same, since the program goes that runs it. */
  async close(): Promise<void> {
    void this.#active?.close();
    await this.stop();
  }

  /** The turn that does what is asked for: one that is there, or a new one. `null`: stopped meanwhile. */
  async #place(request: RunRequest, stopped: AbortSignal): Promise<Turn | null> {
    const there = await this.#find(request);
    if (stopped.aborted) return null;
    if (there) this.#host.joined(request);
    return there ?? this.#add(request, stopped);
  }

  async #find(request: RunRequest): Promise<Turn | null> {
    for (;;) {
      const [first] = this.#turns;
      if (!first) return null;
      const run = await first.begun.promise;
      const basis = run && (await this.#host.basis());
      // Time has passed: only what still is under way can be joined.
      if (this.#turns[0] !== first) continue;
      if (run && basis && run.covers(request, basis)) return first;
      // What hasn't begun yet will begin with everything as it is then.
      const plain = request.debug !== true && !request.inputs && !request.answers;
      const same = ({ request: other, stopped }: Turn) =>
        !stopped.aborted && other.debug !== true && !other.inputs && isSameRequest(other, request);
      return plain ? (this.#turns.slice(1).find(same) ?? null) : null;
    }
  }

  #add(request: RunRequest, stopped: AbortSignal): Turn {
    const before = this.#turns.at(-1)?.end.catch(() => undefined) ?? Promise.resolve();
    const begun = Promise.withResolvers<Run | null>();
    const own = new AbortController();
    const end = before.then(() => this.#take(turn));
    const signal = AbortSignal.any([stopped, own.signal]);
    const turn: Turn = { request, stopped: signal, takeBack: () => own.abort(), begun, end };
    this.#turns.push(turn);
    this.#tellQueue();
    return turn;
  }

  #leave(turn: Turn): void {
    const at = this.#turns.indexOf(turn);
    if (at >= 0) this.#turns.splice(at, 1);
    this.#tellQueue();
  }

  /** The first is under way. */
  #tellQueue(): void {
    const waiting = this.#turns.slice(1).filter(({ stopped }) => !stopped.aborted);
    this.#host.queued(waiting.map(({ request }) => request));
  }

  async #take(turn: Turn): Promise<Result<RunEnd>> {
    const { request, stopped, begun } = turn;
    try {
      if (stopped.aborted) return success(NOTHING_RUN);
      const ready = await this.#host.begin(request, stopped, () => (this.#holding = true));
      if (isAborted(stopped)) return success(NOTHING_RUN);
      if (!ready.ok) return ready;
      this.#active = ready.value;
      const end = ready.value.execute();
      begun.resolve(ready.value);
      return success(await end);
    } finally {
      this.#active = null;
      this.#holding = false;
      this.#leave(turn);
      begun.resolve(null);
      this.#host.ended();
    }
  }
}

/** It may have come to be while something else was waited for, which the compiler doesn't see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
