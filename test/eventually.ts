import { vi } from "vitest";

/**
 * Asks again until the check throws nothing, for as long as a busy machine may need (10 s); Vitest's own wait gives up after one second.
 *
 * @returns what the check answers.
 * @throws what the check threw last.
 */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000, interval: 50 });
}
