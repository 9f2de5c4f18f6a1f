import { randomUUID } from "node:crypto";

const ID = /^[0-9a-z]{12}-[0-9a-z]{8}-([0-9a-f]{16})$/;

let lastTime = 0;
let sequence = 0;

/**
 * An id for a new result: unique among all processes, sorts by the time it was made (strictly so within a process), and
 * tells where the record lies, because it ends in the beginning of the fingerprint.
 *
 * @param fingerprint - SHA-256 in hex.
 */
export function newResultId(fingerprint: string, now: number = Date.now()): string {
  if (now <= lastTime) {
    sequence++;
  } else {
    lastTime = now;
    sequence = 0;
  }
  const time = lastTime.toString(36).padStart(9, "0") + sequence.toString(36).padStart(3, "0").slice(-3);
  // The first 40 bits of a UUID are random, and Node draws those for many at a time.
  const bits = randomUUID().replace("-", "").slice(0, 10);
  const random = parseInt(bits, 16).toString(36).padStart(8, "0").slice(-8);
  return `${time}-${random}-${fingerprint.slice(0, 16)}`;
}

export function isResultId(text: string): boolean {
  return ID.test(text);
}

/** The first 16 digits of the fingerprint of the result that has this id; `null` where it isn't one that was made here. */
export function fingerprintPrefix(id: string): string | null {
  return ID.exec(id)?.[1] ?? null;
}
