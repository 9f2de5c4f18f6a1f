import type { ItemOutcome, ItemsRecord } from "../../model/items.js";
import { failed, success, type Result } from "../../model/outcome.js";
import type { BlobStore } from "../../store/blobs.js";
import { loadValue } from "../../store/storedValue.js";

/** Lists that were read lately, by their digest: a view asks for one page after the other. */
const read = new Map<string, readonly ItemOutcome[]>();
const KEPT = 4;

/** What became of each item of a result. Damaged or missing: a failure with reason `store`. */
export async function outcomesOf(
  { outcomes }: Pick<ItemsRecord, "outcomes">,
  blobs: BlobStore,
): Promise<Result<readonly ItemOutcome[]>> {
  const known = read.get(outcomes.digest);
  if (known) return success(known);
  const value = await loadValue(outcomes, blobs);
  if (!value.ok) return value;
  if (!Array.isArray(value.value)) return failed({ reason: "store", message: "A kept list of items is no list." });
  // It was sealed with its record, or is content under its own hash, and only lists of outcomes are written there.
  const list = value.value as unknown as readonly ItemOutcome[];
  const [oldest] = read.keys();
  if (read.size >= KEPT && oldest !== undefined) read.delete(oldest);
  read.set(outcomes.digest, list);
  return success(list);
}
