import { createHash } from "node:crypto";
import type { FingerprintRecord, HistoryEntry, ResultRecord } from "../../../src/model/result.js";
import type { StoredValue, Value } from "../../../src/model/value.js";
import { digestOf, inlineValue } from "../../../src/store/storedValue.js";
import { newResultId } from "../../../src/store/workflowStore.js";

export const sha = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

export function inline(value: Value): StoredValue {
  return inlineValue(value)!;
}

/** A result of `node` for one input value, as a run would make it. */
export function resultOf(node: string, input: Value, output: Value | StoredValue, more: Partial<ResultRecord> = {}) {
  const record: FingerprintRecord = {
    format: 1,
    kind: "fn",
    options: { function: node },
    code: sha(node),
    outputs: { text: "Textbox" },
    inputs: { input: { value: digestOf(input) } },
    revision: null,
  };
  const fingerprint = sha(JSON.stringify(record));
  const stored = typeof output === "object" && output !== null && "digest" in output;
  return {
    format: 1,
    id: newResultId(fingerprint),
    node,
    fingerprint,
    record,
    // Told apart by the field that only stored values have here.
    outputs: { text: stored ? (output as StoredValue) : inline(output) },
    inputs: { input: inline(input) },
    upstream: {},
    runId: "run",
    startedAt: 1_760_000_000_000,
    durationMs: 12.5,
    versions: { daggr: "0.1.0", node: process.version },
    ...more,
  } satisfies ResultRecord;
}

export function entryOf(result: ResultRecord, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    runId: result.runId,
    node: result.node,
    status: "succeeded",
    result: result.id,
    fingerprint: result.fingerprint,
    count: 1,
    at: result.startedAt,
    durationMs: result.durationMs,
    ...more,
  };
}
