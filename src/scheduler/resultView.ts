import type { ResultRecord } from "../model/result.js";
import type { ResultView } from "../model/runEvent.js";

/** What is shown of a result. */
export function resultView(result: ResultRecord): ResultView {
  const { id, fingerprint, outputs, startedAt, durationMs } = result;
  const drawn = Object.entries(result.inputs).filter(([port]) => "callable" in (result.record.inputs[port] ?? {}));
  return { id, fingerprint, outputs, drawn: Object.fromEntries(drawn), finishedAt: startedAt + durationMs, durationMs };
}
