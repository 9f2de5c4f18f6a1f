import type { FailureReason } from "../model/failure.js";
import type { NodeKind } from "../model/graph.js";

/**
 * Faults that may be gone a moment later, among them what a server says went wrong in it: it has no words for whether it would again, and the
 * author has asked for attempts. Trying anything else again would only repeat it. An attempt that was stopped for its time may have been charged for, as one
 * whose connection broke may: `retries` is where the author agrees to that.
 */
const TRANSIENT: ReadonlySet<FailureReason> = new Set<FailureReason>([
  "unreachable",
  "connection-lost",
  "remote-error",
  "rate-limited",
  "unavailable",
  "timeout",
]);

/** Whether another attempt may end otherwise. Of what a function throws only its author knows, who has asked for attempts. */
export function isTransient(reason: FailureReason, kind: NodeKind): boolean {
  return TRANSIENT.has(reason) || (kind === "fn" && reason === "thrown");
}

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** How long to wait before the next attempt, after `failures` of them. Milliseconds; `random` is between 0 and 1. */
export function backoff(failures: number, random: number): number {
  const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  // Not all at the same time, when several calls were turned away together.
  return Math.round(ms * (0.75 + random / 2));
}
