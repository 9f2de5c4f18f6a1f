import { FAILED_LIMIT, type ItemOutcome, type ItemsPage, type ItemsRecord, type ItemView } from "../model/items.js";
import { success, type Result } from "../model/outcome.js";
import type { ResultRecord } from "../model/result.js";
import type { StoredValue } from "../model/value.js";
import { outcomesOf } from "../scheduler/items/outcomes.js";
import type { WorkflowStore } from "../store/workflowStore.js";

/**
 * Some items of a result.
 *
 * @param kept - what the result keeps of its items.
 */
export async function keptItems(
  result: ResultRecord,
  kept: ItemsRecord,
  store: Pick<WorkflowStore, "getResults" | "blobs">,
  from: number,
  count: number,
): Promise<Result<ItemsPage>> {
  const outcomes = await outcomesOf(kept, store.blobs);
  if (!outcomes.ok) return outcomes;
  const all = outcomes.value;
  const shown = all.slice(from, from + count);
  const records = await store.getResults(shown.flatMap((outcome) => outcome.result ?? []));
  const items = shown.map((outcome, i) => viewOf(from + i, outcome, records.get(outcome.result ?? ""), result));
  const reused = all.filter((outcome) => outcome.reused).length;
  const failed = kept.failed.length;
  const counts = { total: all.length, succeeded: all.length - reused - failed, reused, failed };
  return success({ counts, failed: kept.failed.slice(0, FAILED_LIMIT), items });
}

function viewOf(index: number, outcome: ItemOutcome, record: ResultRecord | undefined, whole: ResultRecord): ItemView {
  const { path, failure, reused, inputs = {}, durationMs, log = [] } = outcome;
  const gone = { reason: "store", message: "What this item gave is no longer in the `.daggr` folder." } as const;
  const why = failure ?? (record ? undefined : gone);
  return {
    index,
    ...(path && { path }),
    status: why ? "failed" : reused ? "reused" : "succeeded",
    inputs: record ? ownInputs(record, whole) : inputs,
    outputs: record?.outputs ?? {},
    ...(why && { failure: why }),
    durationMs: reused ? (record?.durationMs ?? 0) : durationMs,
    log,
  };
}

/** What the item was given that not every item was. */
function ownInputs(item: ResultRecord, whole: ResultRecord): Readonly<Record<string, StoredValue>> {
  const own = Object.entries(item.inputs).filter(([port, { digest }]) => whole.inputs[port]?.digest !== digest);
  return Object.fromEntries(own);
}
