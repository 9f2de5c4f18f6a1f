import { message } from "../diagnostics.js";
import type { WorkflowEdge, WorkflowNode } from "../workflow.js";
import type { Rule } from "./rule.js";

/** Only the outputs of a node that runs once an item can be gathered. */
export const gatherOfSingle: Rule = ({ edges }) => {
  if (!edges.some(({ port }) => port.mode === "gather")) return [];
  const into = Map.groupBy(edges, ({ to }) => to);
  const scattered = new Map<WorkflowNode, boolean>();
  return edges
    .filter(({ port, from, output }) => port.mode === "gather" && output && !runsOften(from, into, scattered))
    .map(({ from, port, input }) => ({ ...message("gather-of-single", from.called, port.port), at: input.valueAt }));
};

/** Whether something scatters into the node, or into what it hangs on without a gather in between. */
function runsOften(
  node: WorkflowNode,
  into: ReadonlyMap<WorkflowNode, readonly WorkflowEdge[]>,
  known: Map<WorkflowNode, boolean>,
): boolean {
  const before = known.get(node);
  if (before !== undefined) return before;
  // Ends a ring; where text doesn't tell all inputs, one of them may scatter.
  known.set(node, node.reading.inputs.open);
  const often =
    node.reading.inputs.open ||
    (into.get(node) ?? []).some(
      ({ port, from }) => port.mode === "scatter" || (port.mode === "single" && runsOften(from, into, known)),
    ) ||
    node.variants.some((variant) => runsOften(variant, into, known));
  known.set(node, often);
  return often;
}
