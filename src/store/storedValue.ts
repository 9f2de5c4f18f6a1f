import { INLINE_LIMIT, type StoredValue, type Value } from "../model/value.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { BlobStore } from "./blobs.js";
import { canonicalDigest, writeJson } from "./canonicalJson.js";

/** Characters of a large value that stay with its reference, for display. */
export const PREVIEW_LENGTH = 1000;

/** SHA-256 of the value's canonical JSON: see {@link StoredValue}. */
export function digestOf(value: Value): string {
  return canonicalDigest(value);
}

/** The value as it goes into records and messages, or `null` where it is too large for that and must become a blob. */
export function inlineValue(value: Value): StoredValue | null {
  if (atLeast(value, INLINE_LIMIT) > INLINE_LIMIT) return null;
  if (Buffer.byteLength(JSON.stringify(value)) > INLINE_LIMIT) return null;
  return { kind: "inline", digest: digestOf(value), value };
}

/**
 * The value as it goes into records and messages; a large one is written to the blobs first, in constant memory.
 *
 * @throws StoreError when that cannot be written.
 */
export async function storeValue(value: Value, blobs: BlobStore): Promise<StoredValue> {
  const inline = inlineValue(value);
  if (inline) return inline;
  let preview = "";
  const { sha, size } = await blobs.putPieces((write) => {
    writeJson(value, "plain", (piece) => {
      if (preview.length < PREVIEW_LENGTH) preview += piece.slice(0, PREVIEW_LENGTH);
      write(piece);
    });
  });
  if (typeof value === "string") preview = value.slice(0, PREVIEW_LENGTH);
  return { kind: "blob", digest: digestOf(value), blob: sha, size, preview: cut(preview) };
}

/** The value itself, read from a verified blob where it is large. A missing or damaged blob is a failure with reason `store`. */
export async function loadValue(stored: StoredValue, blobs: BlobStore): Promise<Result<Value>> {
  if (stored.kind === "inline") return success(stored.value);
  const text = await blobs.readText(stored.blob);
  if (!text.ok) return text;
  try {
    // The text is what was hashed when it was written, and only JSON is ever written under a value's name.
    return success(JSON.parse(text.value) as Value);
  } catch {
    return failed({
      reason: "store",
      message: `A kept value (${stored.blob.slice(0, 12)}…) is not JSON.`,
      hint: "Run the node that made it again.",
    });
  }
}

/** A lower bound of the length of the JSON text; stops counting past `limit`, so that it is quick for huge values. */
function atLeast(value: Value, limit: number): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 1;
  let sum = 2;
  // `isArray` does not narrow readonly arrays.
  const items = Array.isArray(value) ? (value as readonly Value[]) : Object.values(value);
  if (items.length > limit) return items.length;
  for (const item of items) {
    sum += atLeast(item, limit - sum) + 1;
    if (sum > limit) break;
  }
  return sum;
}

/** At most {@link PREVIEW_LENGTH} characters, and no half of a surrogate pair at the end. */
function cut(text: string): string {
  const last = text.charCodeAt(PREVIEW_LENGTH - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? PREVIEW_LENGTH - 1 : PREVIEW_LENGTH);
}

/** Whether what was read from disk is a stored value. */
export function isStored(content: unknown): content is StoredValue {
  if (typeof content !== "object" || content === null || !("kind" in content)) return false;
  return content.kind === "inline" ? "value" in content : "blob" in content && typeof content.blob === "string";
}
