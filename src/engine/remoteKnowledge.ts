import { isOffline } from "../huggingface/access.js";
import type { KeptAnswers } from "../huggingface/keptAnswers.js";
import type { HuggingFaceAccess } from "../protocol/runner.js";

/** Nobody is asked about the same thing more often than this. Milliseconds. */
const AGAIN_MS = 10 * 60_000;
/** How long a name must have stood in the text: while it is typed, each letter makes another one of it. Milliseconds. */
const SETTLED_MS = 1_000;
/** How long an answer may take. Milliseconds. */
const PATIENCE_MS = 20_000;

/** One kind of things that texts name. */
export interface Subject<T> {
  readonly kept: KeptAnswers<T>;
  /** What answers about a thing are kept as. */
  readonly keyOf: (name: string) => string;
  /** For so long what was kept is not asked about again. Milliseconds. */
  readonly lastsMs: number;
  /** @returns `null`: nothing new, or nothing to be had; why is for whoever runs the node to find out */
  readonly ask: (
    name: string,
    known: T | undefined,
    access: HuggingFaceAccess,
    signal: AbortSignal,
  ) => Promise<T | null>;
}

interface Thing<T> {
  answer: T | undefined;
  /** On the clock of `performance.now`. */
  askedAt: number;
}

/**
 * What is known of remote things that texts name. What is asked for is answered at once from the user's own cache, or not at all; the
 * things themselves are asked meanwhile, and only on behalf of a workspace that is trusted.
 */
export class RemoteKnowledge<T> {
  readonly #subject: Subject<T>;
  readonly #access: () => Promise<HuggingFaceAccess>;
  readonly #things = new Map<string, Thing<T>>();
  /** What each text names, and since when without a break. */
  readonly #texts = new Map<string, ReadonlyMap<string, number>>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #offline: boolean;
  #online = false;
  #asking: NodeJS.Timeout | undefined;

  constructor(subject: Subject<T>, env: NodeJS.ProcessEnv, access: () => Promise<HuggingFaceAccess>) {
    this.#subject = subject;
    this.#access = access;
    this.#offline = isOffline(env);
  }

  /** Whether anybody may be asked. `HF_HUB_OFFLINE` has the last word. */
  set online(online: boolean) {
    this.#online = online && !this.#offline;
    this.#askSoon();
  }

  /** Somebody else asks from now on, who may be told what nobody was told before. */
  accessChanged(): void {
    for (const thing of this.#things.values()) if (thing.answer === undefined) thing.askedAt = -Infinity;
    this.#askSoon();
  }

  /** What is known now. */
  of(name: string): T | undefined {
    return this.#thing(name).answer;
  }

  /** The text of this file names these things now, and no others. */
  named(file: string, names: Iterable<string>): void {
    const before = this.#texts.get(file);
    const now = performance.now();
    this.#texts.set(file, new Map(Array.from(names, (name) => [name, before?.get(name) ?? now])));
    this.#askSoon();
  }

  /** Calls back when something new is known; until what is answered is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#closing.abort();
    clearTimeout(this.#asking);
    this.#listeners.clear();
  }

  #thing(name: string): Thing<T> {
    let thing = this.#things.get(name);
    if (!thing) {
      const { kept, keyOf, lastsMs } = this.#subject;
      const before = kept.find(keyOf(name));
      const askedAt = before && lastsMs > 0 ? performance.now() - before.ageMs : -Infinity;
      this.#things.set(name, (thing = { answer: before?.answer, askedAt }));
    }
    return thing;
  }

  #isWanted({ answer, askedAt }: Thing<T>, now: number): boolean {
    return now - askedAt >= Math.max(AGAIN_MS, answer === undefined ? 0 : this.#subject.lastsMs);
  }

  /** Asks what is due as soon as the first of it is. */
  #askSoon(): void {
    clearTimeout(this.#asking);
    if (!this.#online || this.#closing.signal.aborted) return;
    const now = performance.now();
    const wanted = this.#standing().filter(([name]) => this.#isWanted(this.#thing(name), now));
    if (wanted.length === 0) return;
    const first = Math.min(...wanted.map(([, since]) => since)) + SETTLED_MS;
    this.#asking = setTimeout(() => this.#askSettled(), Math.max(0, first - now));
    this.#asking.unref();
  }

  #askSettled(): void {
    const now = performance.now();
    for (const [name, since] of this.#standing()) {
      const thing = this.#thing(name);
      // Timers may be a little early.
      if (now - since < SETTLED_MS - 1 || !this.#isWanted(thing, now)) continue;
      thing.askedAt = now;
      void this.#ask(name, thing);
    }
    this.#askSoon();
  }

  #standing(): (readonly [name: string, since: number])[] {
    return [...this.#texts.values()].flatMap((names) => [...names]);
  }

  async #ask(name: string, thing: Thing<T>): Promise<void> {
    const { ask, kept, keyOf } = this.#subject;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const answer = await ask(name, thing.answer, await this.#access(), signal).catch(() => null);
    if (answer === null || this.#closing.signal.aborted) return;
    const differs = JSON.stringify(answer) !== JSON.stringify(thing.answer);
    thing.answer = answer;
    kept.keep(keyOf(name), answer);
    if (differs) for (const listener of [...this.#listeners]) listener();
  }
}
