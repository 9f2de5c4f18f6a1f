import type { Failure } from "../model/failure.js";
import type { GraphNode } from "../model/graph.js";
import type { JsonObject } from "../model/json.js";
import type { PlanStep } from "../model/plan.js";
import type { LogLine, ResultRecord } from "../model/result.js";
import { snakeCase } from "../model/taskInputs.js";
import type { ReturnedValue } from "../protocol/runner.js";
import { newResultId, type WorkflowStore } from "../store/workflowStore.js";
import { fingerprintOf } from "./fingerprint.js";
import type { Filing } from "./nodeInputs.js";

/** The only output of such a record. */
const RETURNED = "returned";

/**
 * What a server returned to a node: a result of its own, filed under the call alone, so that the call needn't be made (and paid for)
 * again where nothing but `postprocess` and outputs has been mended or changed. No history names it; it is cleared with the run that
 * made it.
 */
export interface KeptReturn extends ResultRecord {
  readonly outputs: { readonly [RETURNED]: ReturnedValue["value"] };
}

/**
 * Finds what a node's call returned earlier.
 *
 * @param filing - of the node's result, or its item's.
 * @param asked - as in `PlanStep`.
 * @param last - id of its last result: what was drawn for a call before that has had its turn.
 */
export async function findReturn(
  node: GraphNode,
  filing: Filing,
  store: Pick<WorkflowStore, "findFresh">,
  asked: PlanStep["asked"],
  last: string | undefined,
): Promise<KeptReturn | null> {
  if (asked === "anew") return null;
  const call = callOf(node, filing);
  const found = call && (await store.findFresh(call.fingerprint));
  if (!found || !isReturn(found)) return null;
  return asked === "draw" && last !== undefined && found.id < last ? null : found;
}

/** The record of what a call returned; `null`: nothing can be filed under the call. */
export function returnRecord(
  node: GraphNode,
  filing: Filing,
  returned: ReturnedValue,
  { startedAt, at, ...made }: CallMade,
): KeptReturn | null {
  const call = callOf(node, filing);
  if (!call) return null;
  return {
    format: 1,
    id: newResultId(call.fingerprint, at),
    node: node.id,
    ...call,
    ...made,
    inputs: { ...made.inputs, ...returned.drawn },
    outputs: { [RETURNED]: returned.value },
    versions: { ...made.versions, ...returned.versions },
    startedAt,
    durationMs: at - startedAt,
  };
}

/** The call that a server has answered. */
type CallMade = Pick<ResultRecord, "inputs" | "upstream" | "runId" | "startedAt" | "versions"> & {
  /** When it was answered, in milliseconds since the epoch. */
  readonly at: number;
};

/** With what can be done about it. */
export function withReturnKept(failure: Failure): Failure {
  const kept =
    "What came back is kept: mend `outputs` or `postprocess`, and run it without another call. Rerun calls anew.";
  return { ...failure, hint: failure.hint === undefined ? kept : `${failure.hint} ${kept}` };
}

/** Says that nothing was called. */
export function takenUpLine({ startedAt, durationMs }: KeptReturn, at: number): LogLine {
  const then = new Date(startedAt + durationMs).toLocaleString("sv-SE");
  return { level: "info", text: `Not called again: what came back at ${then} was kept.`, at };
}

/** What a call alone depends on: not what is made of that which it returns. */
function callOf({ kind, call, outputs }: GraphNode, { record }: Filing): Filing | null {
  if ((kind !== "gradio" && kind !== "inference") || call === undefined) return null;
  // A chat is asked for it where an output takes it.
  const usage = kind === "inference" && outputs.some(({ name }) => snakeCase(name) === "usage");
  // `fingerprintRecord` made it an object.
  const options = { ...(record.options as JsonObject), ...(usage && { usage }) };
  const { codeParts: _parts, ...rest } = record;
  const called = { ...rest, kind: `${kind} call`, options, code: call, outputs: [] };
  return { record: called, fingerprint: fingerprintOf(called) };
}

function isReturn(record: ResultRecord): record is KeptReturn {
  return Object.hasOwn(record.outputs, RETURNED);
}
