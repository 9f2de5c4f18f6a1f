import { isFileRef, type Value } from "../../src/model/value.js";

/** A value in one line of at most `length` characters. */
export function previewOf(value: Value | undefined, length = 60): string {
  if (value === undefined) return "";
  if (typeof value === "string") return clip(value.replace(/\s+/g, " ").trim(), length);
  return clip(isFileRef(value) ? value.name : compact(value), length);
}

export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function compact(value: Value): string {
  if (typeof value === "number" && Number.isSafeInteger(value) && Math.abs(value) >= 10_000) return grouped(value);
  return JSON.stringify(value, (_key, part: unknown) => (isFileRef(part) ? part.name : part));
}

/** Digits in threes, by thin spaces that don't break. */
function grouped(integer: number): string {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}
