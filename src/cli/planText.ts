import { duration } from "../model/duration.js";
import type { Plan, PlanStep } from "../model/plan.js";
import { planSummary } from "../model/planSummary.js";
import type { NodeState, WorkflowState } from "../model/workflowState.js";
import type { Colours } from "./colours.js";
import { plainText, shortText } from "./plainText.js";

const ACTIONS: Readonly<Record<PlanStep["action"], string>> = {
  run: "runs",
  "run-if-changed": "may run",
  reuse: "reused",
};

/**
 * What a run would do, a line a node, and the sum of it. Ends with a line break.
 *
 * @param nodes how they stand
 */
export function planText(
  { steps, blocked = [], pinned = [] }: Plan,
  nodes: WorkflowState["nodes"],
  colours: Colours,
): string {
  const names = [...steps.map(({ node }) => node), ...blocked.map(({ node }) => node), ...pinned];
  const width = Math.max(0, ...names.map((name) => name.length));
  const line = (node: string, action: string, rest: string): string =>
    `${plainText(node).padEnd(width)}  ${action.padEnd(7)}  ${rest}\n`;
  const lines = steps.map(({ node, action, reason, expectedMs }) =>
    line(
      node,
      ACTIONS[action],
      `${plainText(reason)}${plainText(lastFailure(nodes[node]))}${colours.dim(time(action, expectedMs))}`,
    ),
  );
  const stuck = blocked.map(({ node, failure }) => line(node, "can't", shortText(failure.message)));
  const held = pinned.map((node) => line(node, "pinned", "what is pinned stands in for running it"));
  return [...held, ...lines, ...stuck, `${planSummary({ steps, pinned })}\n`].join("");
}

function lastFailure(node: NodeState | undefined): string {
  if (node?.outcome.kind !== "failed") return "";
  const { changed } = node.outcome;
  return `; failed last time${changed === undefined ? "" : `, ${changed} since`}`;
}

function time(action: PlanStep["action"], expectedMs: number | undefined): string {
  if (expectedMs === undefined) return "";
  return action === "reuse" ? `, saves ${duration(expectedMs)}` : `, took ${duration(expectedMs)} last time`;
}
