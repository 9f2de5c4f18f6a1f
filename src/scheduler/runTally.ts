import type { Plan } from "../model/plan.js";
import type { ResultRecord } from "../model/result.js";
import type { RunEnd } from "../protocol/engine.js";
import type { Tasks } from "./tasks.js";

/** What a run has come to so far. */
export interface Tally {
  readonly executed: number;
  readonly reused: number;
  /** What the executions took that were not needed. Milliseconds. */
  readonly savedMs: number;
}

/** Counts what a run does. */
export class RunTally {
  #hasFailedItems = false;
  #tally: Tally = { executed: 0, reused: 0, savedMs: 0 };

  get now(): Tally {
    return this.#tally;
  }

  /** Items failed of nodes that are done nevertheless. */
  get hasFailedItems(): boolean {
    return this.#hasFailedItems;
  }

  addExecuted(): void {
    this.#tally = { ...this.#tally, executed: this.#tally.executed + 1 };
  }

  addFailedItems(): void {
    this.#hasFailedItems = true;
  }

  addReused({ durationMs, answer }: ResultRecord): void {
    const { executed, reused, savedMs } = this.#tally;
    // How long a person took to answer is no time that a machine was spared.
    this.#tally = { executed, reused: reused + 1, savedMs: savedMs + (answer ? 0 : durationMs) };
  }
}

/**
 * How a run has ended whose tasks have all ended.
 *
 * @param whole what has happened to the run as a whole: something that made it give up, a person who stopped it, or items that
 *   failed of nodes that are done.
 */
export function statusOf(
  { blocked = [] }: Plan,
  tasks: Tasks,
  whole: { readonly failed: boolean; readonly stopped: boolean; readonly failedItems: boolean },
): RunEnd["status"] {
  if (whole.failed) return "failed";
  if (whole.stopped) return "cancelled";
  const courses = new Set(tasks.all().map((task) => task.course));
  if (courses.has("failed") || whole.failedItems || blocked.length > 0) return "failed";
  return courses.has("cancelled") ? "cancelled" : "succeeded";
}
