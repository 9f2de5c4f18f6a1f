import { edgesInto, type NodeId } from "../../src/model/graph.js";
import type { RunRequest } from "../../src/model/plan.js";
import type { WorkflowState } from "../../src/model/workflowState.js";

/** One entry of a card's run menu. */
export interface RunMode {
  readonly label: string;
  readonly explanation: string;
  readonly request: (node: NodeId, state: WorkflowState) => RunRequest;
}

export const RUN_NODE: RunMode = {
  label: "Run node",
  explanation: "With the results shown upstream; makes those that are missing",
  request: (node, state) => ({ scope: canRunAlone(node, state) ? "only" : "to", targets: [node], reuse: "fresh" }),
};

export const RUN_TO_HERE: RunMode = {
  label: "Run to here",
  explanation: "Brings everything it needs up to date first",
  request: (node) => ({ scope: "to", targets: [node], reuse: "fresh" }),
};

/** In the order of the menu. */
export const RUN_MODES: readonly RunMode[] = [
  RUN_NODE,
  {
    label: "Rerun node",
    explanation: "Runs it even if nothing changed",
    request: (node, state) => ({
      scope: canRunAlone(node, state) ? "only" : "to",
      targets: [node],
      reuse: "not-targets",
    }),
  },
  RUN_TO_HERE,
  {
    label: "Run downstream",
    explanation: "This node and everything that depends on it",
    request: (node) => ({ scope: "downstream", targets: [node], reuse: "fresh" }),
  },
];

/** Running just this node can only fail while something upstream has no result. */
function canRunAlone(id: NodeId, { graph, nodes }: WorkflowState): boolean {
  if (!graph) return true;
  const inputNodes = new Set(graph.nodes.filter(({ kind }) => kind === "input").map((node) => node.id));
  return edgesInto(graph, id).every(({ from }) => inputNodes.has(from.node) || nodes[from.node]?.result != null);
}
