import type { NodeId } from "../model/graph.js";
import type { ItemOutcome } from "../model/items.js";
import type { ResultRecord } from "../model/result.js";
import type { BlobStore } from "./blobs.js";
import { loadValue } from "./storedValue.js";

/**
 * The results of items that go with what is cleared: made by these runs of the node (`undefined`: of any), and no part of a result
 * that stays. No history names them, for a run may make ten thousand.
 *
 * @param all - every result there is.
 * @param named - ids of the results that some history names, those that are cleared among them.
 * @param going - ids of the results that are cleared.
 * @param runs - ids of the runs whose results are cleared.
 */
export async function itemsOfCleared(
  all: Iterable<ResultRecord>,
  named: ReadonlySet<string>,
  going: ReadonlySet<string>,
  runs: ReadonlySet<string>,
  node: NodeId | undefined,
  blobs: BlobStore,
): Promise<ResultRecord[]> {
  const candidates: ResultRecord[] = [];
  const kept = new Set<string>();
  for (const record of all) {
    if (record.items && !going.has(record.id)) for (const id of await itemIds(record, blobs)) kept.add(id);
    const own = runs.has(record.runId) && (node === undefined || record.node === node);
    if (own && !named.has(record.id) && !going.has(record.id)) candidates.push(record);
  }
  return candidates.filter(({ id }) => !kept.has(id));
}

/** Ids of the results of a result's items. */
async function itemIds({ items }: ResultRecord, blobs: BlobStore): Promise<string[]> {
  const outcomes = items && (await loadValue(items.outcomes, blobs));
  // What can't be read any more names nothing.
  if (!outcomes?.ok || !Array.isArray(outcomes.value)) return [];
  // Only lists of outcomes are written there.
  return (outcomes.value as unknown as readonly ItemOutcome[]).flatMap(({ result }) => result ?? []);
}
