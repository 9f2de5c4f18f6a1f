import { FAILED_LIMIT, isLeft, type ItemOutcome, type ItemsPage, type ItemView } from "../model/items.js";
import { success, type Result } from "../model/outcome.js";
import type { ResultRecord } from "../model/result.js";
import type { StoredValue } from "../model/value.js";
import { outcomesOf } from "../scheduler/items/outcomes.js";
import type { WorkflowStore } from "../store/workflowStore.js";
import type { KeptItems } from "./openSheet.js";

/** Some items of a result, or of an attempt that made none. */
export async function keptItems(
  kept: KeptItems,
  store: Pick<WorkflowStore, "getResults" | "blobs">,
  from: number,
  count: number,
): Promise<Result<ItemsPage>> {
  const outcomes = await outcomesOf(kept, store.blobs);
  if (!outcomes.ok) return outcomes;
  const all = outcomes.value;
  const shown = all.slice(from, from + count);
  const records = await store.getResults(shown.flatMap((outcome) => outcome.result ?? []));
  const items = shown.map((outcome, i) => viewOf(from + i, outcome, records.get(outcome.result ?? ""), kept.given));
  const failed = all.flatMap((outcome, index) => (outcome.failure && !isLeft(outcome) ? [index] : []));
  const made = all.filter(({ result }) => result !== undefined).length;
  const reused = all.filter((outcome) => outcome.reused).length;
  const counts = { total: all.length, succeeded: made - reused, reused, failed: failed.length };
  return success({ counts, failed: failed.slice(0, FAILED_LIMIT), items });
}

function viewOf(
  index: number,
  outcome: ItemOutcome,
  record: ResultRecord | undefined,
  given: KeptItems["given"],
): ItemView {
  const { path, result, failure, reused, inputs = {}, durationMs, log = [] } = outcome;
  const own = { index, ...(path && { path }), log };
  if (result === undefined && !failure) return { ...own, status: "waiting", inputs, outputs: {} };
  const gone = { reason: "store", message: "What this item gave is no longer in the `.daggr` folder." } as const;
  const left = isLeft(outcome);
  const why = left ? undefined : (failure ?? (record ? undefined : gone));
  return {
    ...own,
    status: left ? "left" : why ? "failed" : reused ? "reused" : "succeeded",
    inputs: record ? ownInputs(record, given) : inputs,
    outputs: record?.outputs ?? {},
    ...(why && { failure: why }),
    ...(record?.answer && !why && { answer: record.answer }),
    durationMs: reused ? (record?.durationMs ?? 0) : durationMs,
  };
}

/** What the item was given that not every item was. */
function ownInputs({ inputs }: ResultRecord, given: KeptItems["given"]): Readonly<Record<string, StoredValue>> {
  return Object.fromEntries(Object.entries(inputs).filter(([port, { digest }]) => given[port] !== digest));
}
