import type { Failure } from "./failure.js";

/** The end of something that may fail in an expected way. */
export type Result<T, F = Failure> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: F };

export function success<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function failed<F = Failure>(failure: F): { readonly ok: false; readonly failure: F } {
  return { ok: false, failure };
}
