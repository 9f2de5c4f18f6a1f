import type { ResultRecord } from "../model/result.js";
import { isResultId } from "./resultId.js";
import { CONTENT, isBegun, seal, unseal } from "./sealed.js";

/** What a line of a pack says, without a look at what the result is. */
export type PackLine =
  /** `again`: how often this result was removed before it was put here. */
  | { readonly type: "result"; readonly id: string; readonly again: number }
  | ({ readonly type: "removal" } & Removal)
  /** Written by a later version: not ours to judge. */
  | { readonly type: "newer" }
  /** Its writer was stopped before it could say that it was kept. */
  | { readonly type: "torn" }
  | { readonly type: "unreadable"; readonly text: string };

/** What packs hold and what no longer counts, nor is to be told again. */
export interface Removal {
  /** By the id of a result: every copy with this number, or a lower one, is removed. */
  readonly removed: Readonly<Record<string, number>>;
  /** By the name of a pack: up to this byte, what can't be read was set aside. */
  readonly unreadable: Readonly<Record<string, number>>;
}

/** Format and id come first, at a fixed place, so that a hundred thousand lines are indexed without parsing any. */
const BEFORE_ID = Buffer.from('{"format":1,"id":"');
const ID = CONTENT + BEFORE_ID.length;
const ID_LENGTH = 38;
const BEFORE_AGAIN = Buffer.from('","again":');

export function resultLine(record: ResultRecord, again: number): string {
  const { format, id, ...rest } = record;
  return seal({ format, id, ...(again > 0 && { again }), ...rest });
}

/** @param removal - whatever there is to say of the two. */
export function removalLine(removal: Partial<Removal>): string {
  return seal({ format: 1, removed: {}, unreadable: {}, ...removal });
}

/** The line from `start` to `end`, without its newline. */
export function readLine(bytes: Buffer, start: number, end: number): PackLine {
  const id = start + ID;
  const afterId = id + ID_LENGTH;
  if (afterId < end && stands(BEFORE_ID, bytes, start + CONTENT)) {
    const text = bytes.toString("latin1", id, afterId);
    if (isResultId(text)) return { type: "result", id: text, again: againAt(bytes, afterId, end) };
  }
  const text = bytes.toString("utf8", start, end);
  const content = unseal(text);
  if (isObject(content)) {
    const { format, removed, unreadable } = content;
    if (typeof format === "number" && format > 1) return { type: "newer" };
    if (format === 1 && isNumbers(removed) && isNumbers(unreadable)) return { type: "removal", removed, unreadable };
  }
  return isBegun(text) && !text.endsWith("}") ? { type: "torn" } : { type: "unreadable", text };
}

/** Byte by byte, which is quicker than a string that is only compared. */
function stands(text: Buffer, bytes: Buffer, position: number): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[position + i] !== text[i]) return false;
  return true;
}

function againAt(bytes: Buffer, position: number, end: number): number {
  const number = position + BEFORE_AGAIN.length;
  if (!stands(BEFORE_AGAIN, bytes, position)) return 0;
  return parseInt(bytes.toString("latin1", number, Math.min(end, number + 15)), 10) || 0;
}

export function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}

function isNumbers(content: unknown): content is Record<string, number> {
  return isObject(content) && Object.values(content).every((value) => typeof value === "number");
}
