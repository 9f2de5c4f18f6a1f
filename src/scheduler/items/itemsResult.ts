import type { GraphNode } from "../../model/graph.js";
import { isLeft, type ItemOutcome, type ItemsRecord } from "../../model/items.js";
import { type BlobStore, StoreError } from "../../store/blobs.js";
import type { StoredValue, Value } from "../../model/value.js";
import { digestOf, loadValue, storeValue } from "../../store/storedValue.js";
import type { ItemsExecution } from "./itemsExecution.js";

/**
 * What a node's result keeps of its items.
 *
 * @throws StoreError when it cannot be written.
 */
export async function itemsRecord(outcomes: readonly ItemOutcome[], blobs: BlobStore): Promise<ItemsRecord> {
  const failed = outcomes.flatMap(({ failure }, index) => (failure ? [index] : []));
  const left = outcomes.filter(isLeft).length;
  const nested = outcomes.some(({ path }) => path !== undefined);
  // JSON by its definition; only its interfaces lack the index signature.
  const stored = await storeValue(outcomes as unknown as Value, blobs);
  return {
    count: outcomes.length,
    failed,
    ...(left > 0 && { left }),
    ...(nested && { shape: digestOf(outcomes.map(({ path = [] }) => [...path])) }),
    outcomes: stored,
  };
}

/**
 * A node's outputs: for each port the list of what its items gave, in order.
 *
 * @throws StoreError when they cannot be written, or a large value of an item cannot be read any more.
 */
export async function listsOf(
  { outputs }: GraphNode,
  items: ItemsExecution,
  blobs: BlobStore,
): Promise<Record<string, StoredValue>> {
  const lists: Record<string, StoredValue> = {};
  // Where its author declares none, it has one all the same.
  const names = outputs.length > 0 ? outputs.map(({ name }) => name) : ["output"];
  for (const name of names) {
    const values: Value[] = [];
    for (const stored of items.outputs(name)) {
      const value = await loadValue(stored, blobs);
      if (!value.ok) throw new StoreError(value.failure);
      values.push(value.value);
    }
    lists[name] = await storeValue(values, blobs);
  }
  return lists;
}
