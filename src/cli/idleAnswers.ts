/** Answers beforehand to what a run would never ask, so that they would be ignored in silence. */
import { findNode, type NodeId } from "../model/graph.js";
import { success, type Result } from "../model/outcome.js";
import type { RunRequest } from "../model/plan.js";
import { nodesInReach } from "../model/reach.js";
import type { WorkflowState } from "../model/workflowState.js";
import { inlineValue } from "../store/storedValue.js";
import { misuse, type Refusal } from "./context.js";

/**
 * Refuses an answer of a node that takes no part in the run. Where part of the graph is unknown, what takes part is unknown
 * too: the run will tell why.
 *
 * @param state the workflow as the run would find it
 */
export function idleAnswers(state: WorkflowState, request: RunRequest): Result<void, Refusal> {
  const { graph } = state;
  const answered = Object.keys(request.answers ?? {});
  if (answered.length === 0 || !graph?.complete) return success(undefined);
  const values = { ...state.sheet.values };
  for (const [control, value] of Object.entries(request.inputs ?? {})) {
    const given = value === null ? null : inlineValue(value);
    if (given) values[control] = given;
    else Reflect.deleteProperty(values, control);
  }
  const reached = nodesInReach({ ...state, sheet: { ...state.sheet, values } }, request);
  const idle = answered.find((id) => !reached.some((node) => node.id === id));
  if (idle === undefined) return success(undefined);
  const variantOf = findNode(graph, idle)?.variantOf;
  return misuse(
    `--answer: \`${idle}\` takes no part in this run. Leave it out, or ${wayIn(idle, request, variantOf)}.`,
  );
}

function wayIn(idle: NodeId, { scope, targets }: RunRequest, choice: NodeId | undefined): string {
  if (scope === "only") return `run both: ${[idle, ...targets].map((id) => `--to ${id}`).join(" ")}`;
  if (scope === "to") return `add --to ${idle}`;
  return choice === undefined ? "select what needs it with --variant" : `select it: --variant ${choice}=${idle}`;
}
