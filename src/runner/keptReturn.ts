import { failed, type Result, success } from "../model/outcome.js";
import type { StoredValue } from "../model/value.js";
import type { BlobStore } from "../store/blobs.js";
import type { Returned } from "./outputs.js";
import { decodeValue } from "./values/decode.js";
import { type EncodeContext, encodeValue } from "./values/encode.js";

/** What a server has returned, before `postprocess` and outputs, as a value that can be kept; `null`: it cannot. */
export async function encodeReturned(returned: Returned, who: string, context: EncodeContext) {
  const stored = await encodeValue(returned, null, `What ${who} returned`, "returned", context);
  return stored.ok ? stored.value : null;
}

/** What {@link encodeReturned} was given, its files as copies below `folder()`. */
export async function decodeReturned(
  stored: StoredValue,
  who: string,
  blobs: BlobStore,
  folder: () => string,
): Promise<Result<Returned>> {
  const value = await decodeValue(stored, blobs, folder);
  if (!value.ok) return value;
  if (isReturned(value.value)) return success(value.value);
  const message = `What was kept of the last call of ${who} is not what a server returns.`;
  return failed({ reason: "store", message, hint: "Rerun the node." });
}

/** It was written here; what it is made of may still be from another version. */
function isReturned(value: unknown): value is Returned {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  if (value.kind === "one") return "value" in value;
  if (value.kind === "model") return "task" in value && typeof value.task === "string" && "answer" in value;
  return (value.kind === "tuple" || value.kind === "positions") && "values" in value && Array.isArray(value.values);
}
