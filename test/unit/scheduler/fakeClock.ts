import type { Clock } from "../../../src/scheduler/clock.js";

/** Time that passes when it is told to. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  readonly #waiting = new Set<{ readonly until: number; readonly wake: () => void }>();

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiter = { until: this.#now + ms, wake: resolve };
      this.#waiting.add(waiter);
      signal.addEventListener("abort", () => {
        this.#waiting.delete(waiter);
        resolve();
      });
    });
  }

  /** Lets so many milliseconds pass, and what follows from that happen. */
  async advance(ms: number): Promise<void> {
    await settle();
    this.#now += ms;
    for (const waiter of this.#waiting) {
      if (waiter.until > this.#now) continue;
      this.#waiting.delete(waiter);
      waiter.wake();
    }
    await settle();
  }
}

/** Everything that is ready to happen has happened. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
