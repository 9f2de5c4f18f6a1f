import type { NodeId } from "../model/graph.js";
import type { ResultRecord } from "../model/result.js";
import type { StoredValue } from "../model/value.js";
import { newResultId } from "../store/workflowStore.js";
import type { Filing, GatheredInputs } from "./nodeInputs.js";
import type { WorkEnd } from "./questions.js";
import type { RunContext } from "./runContext.js";

interface Execution {
  readonly node: NodeId;
  readonly filing: Filing;
  /** As the call got them, but for what callables drew. */
  readonly values: Readonly<Record<string, StoredValue>>;
  readonly upstream: GatheredInputs["upstream"];
  /** Milliseconds since the epoch, both. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly end: Exclude<WorkEnd, { readonly status: "cancelled" }>;
  /** What a server had returned before, where this was made of that. */
  readonly taken?: Pick<ResultRecord, "inputs" | "versions"> | null;
}

/** The record of an execution, of a node or of one of its items. What has failed gave no outputs. */
export function newResult({ runId, versions }: Pick<RunContext, "runId" | "versions">, made: Execution): ResultRecord {
  const { node, filing, values, upstream, startedAt, endedAt, end, taken } = made;
  const given = end.status === "succeeded" ? end : { outputs: {}, versions: {} };
  return {
    format: 1,
    id: newResultId(filing.fingerprint, endedAt),
    node,
    fingerprint: filing.fingerprint,
    record: filing.record,
    outputs: given.outputs,
    inputs: { ...taken?.inputs, ...values, ...end.drawn },
    ...(end.answer && { answer: end.answer }),
    upstream,
    runId,
    startedAt,
    durationMs: endedAt - startedAt,
    versions: { ...versions, ...taken?.versions, ...given.versions },
  };
}
