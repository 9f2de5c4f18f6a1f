import { clearTimeout, setTimeout } from "node:timers";

/**
 * Hands values on at most once per interval, always the latest: the first at once, then at the end of an interval what came
 * last in it.
 */
export class Throttle<T> {
  readonly #intervalMs: number;
  readonly #send: (value: T) => void | Promise<void>;
  #pending: { readonly value: T } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(intervalMs: number, send: (value: T) => void | Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#send = send;
  }

  push(value: T): void {
    if (this.#closed) return;
    if (this.#timer) {
      this.#pending = { value };
      return;
    }
    this.#handOn(value);
  }

  /** Drops what is still waiting; settles once nothing is being handed on any more. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#pending = null;
    return this.#sending;
  }

  #handOn(value: T): void {
    const sent = this.#send(value);
    if (sent) this.#sending = sent;
    // What takes longer than the interval to hand on isn't overtaken.
    this.#timer = setTimeout(() => {
      void this.#sending.then(() => this.#next());
    }, this.#intervalMs);
    this.#timer.unref();
  }

  #next(): void {
    this.#timer = null;
    const pending = this.#pending;
    this.#pending = null;
    if (pending && !this.#closed) this.#handOn(pending.value);
  }
}
