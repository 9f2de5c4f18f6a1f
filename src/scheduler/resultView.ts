import type { ResultRecord } from "../model/result.js";
import type { ResultView } from "../model/runEvent.js";

/** What is shown of a result. */
export function resultView(result: ResultRecord): ResultView {
  const { id, fingerprint, outputs, items, answer, startedAt, durationMs } = result;
  const { count = 0, failed = [], left = 0 } = items ?? {};
  const drawn = Object.entries(result.inputs).filter(([port]) => "callable" in (result.record.inputs[port] ?? {}));
  return {
    id,
    fingerprint,
    outputs,
    drawn: Object.fromEntries(drawn),
    ...(items && { items: { count, failed: failed.length - left, ...(left > 0 && { left }) } }),
    ...(answer && { answer }),
    finishedAt: startedAt + durationMs,
    durationMs,
  };
}
