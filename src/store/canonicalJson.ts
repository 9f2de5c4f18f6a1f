import { createHash, hash, type Hash } from "node:crypto";
import { isFileRef, type Value } from "../model/value.js";

/** Strings longer than this (UTF-16 units) are written in pieces, so that the text of a huge value never stands in memory whole. */
const PIECE = 1 << 20;

/** Which JSON text of a value is meant. */
export type JsonForm =
  /** As `JSON.stringify` writes it. */
  | "plain"
  /** Keys sorted by UTF-16 units, no blanks, and every file by its `$file` alone: what digests are made of. */
  | "canonical";

/**
 * Writes a value's JSON text piece by piece.
 *
 * Not RFC 8785's reference implementation because that refuses lone surrogates, which users' texts may hold, and builds
 * the whole text at once; for what both accept, the canonical form is the same but for files.
 */
export function writeJson(value: Value, form: JsonForm, write: (piece: string) => void): void {
  if (typeof value === "string") {
    writeString(value, write);
  } else if (typeof value !== "object" || value === null) {
    write(scalar(value));
  } else if (Array.isArray(value)) {
    // `isArray` does not narrow readonly arrays.
    const items = value as readonly Value[];
    write("[");
    for (let i = 0; i < items.length; i++) {
      if (i > 0) write(",");
      writeJson(items[i] ?? null, form, write);
    }
    write("]");
  } else if (form === "canonical" && isFileRef(value)) {
    write(`{"$file":"${value.$file}"}`);
  } else {
    const entries = Object.entries(value).filter(isPresent);
    if (form === "canonical") entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    write("{");
    for (const [i, [key, item]] of entries.entries()) {
      write(`${i > 0 ? "," : ""}${JSON.stringify(key)}:`);
      writeJson(item, form, write);
    }
    write("}");
  }
}

/** SHA-256, in lower-case hex, of a value's canonical JSON. */
export function canonicalDigest(value: Value): string {
  const long: { digest?: Hash } = {};
  let text = "";
  writeJson(value, "canonical", (piece) => {
    text += piece;
    if (text.length < PIECE) return;
    long.digest = (long.digest ?? createHash("sha256")).update(text);
    text = "";
  });
  // One-shot hashing is several times quicker for the short texts that most values are.
  return long.digest ? long.digest.update(text).digest("hex") : hash("sha256", text);
}

/** Numbers that JSON cannot say (`NaN`, infinities) become `null`, as `JSON.stringify` has it. */
function scalar(value: null | boolean | number): string {
  return typeof value === "number" && !Number.isFinite(value) ? "null" : JSON.stringify(value);
}

/** Values cross process boundaries, so a key may be there with `undefined` whatever the type says; it counts as absent. */
function isPresent(entry: [string, unknown]): boolean {
  return entry[1] !== undefined;
}

function writeString(value: string, write: (piece: string) => void): void {
  if (value.length <= PIECE) return write(JSON.stringify(value));
  write('"');
  for (let start = 0; start < value.length;) {
    let end = Math.min(start + PIECE, value.length);
    // A surrogate pair that is cut in two would be escaped, and so change the text.
    if (end < value.length && isHighSurrogate(value.charCodeAt(end - 1))) end--;
    write(JSON.stringify(value.slice(start, end)).slice(1, -1));
    start = end;
  }
  write('"');
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
