import { chosenGraph } from "./chosenGraph.js";
import { edgesInto, type NodeId } from "./graph.js";
import type { RunRequest } from "./plan.js";
import { workerOf } from "./variants.js";
import type { WorkflowState } from "./workflowState.js";

/** Brings one node up to date, with the results that are selected upstream; makes those that are missing. */
export function runNode(state: WorkflowState | null, node: NodeId): RunRequest {
  return { scope: canRunAlone(state, node) ? "only" : "to", targets: [node], reuse: "fresh" };
}

/** As {@link runNode}, though nothing may have changed. */
export function rerunNode(state: WorkflowState | null, node: NodeId): RunRequest {
  return { scope: canRunAlone(state, node) ? "only" : "to", targets: [node], reuse: "not-targets" };
}

/** Brings a node and everything that it needs up to date. */
export function runToHere(node: NodeId): RunRequest {
  return { scope: "to", targets: [node], reuse: "fresh" };
}

/** A node and everything that depends on it. */
export function runDownstream(node: NodeId): RunRequest {
  return { scope: "downstream", targets: [node], reuse: "fresh" };
}

export const RUN_ALL: RunRequest = { scope: "all", targets: [], reuse: "fresh" };

/** Everything is executed, fresh or not. */
export const RERUN_ALL: RunRequest = { scope: "all", targets: [], reuse: "never" };

export const RUN_STALE: RunRequest = { scope: "stale", targets: [], reuse: "fresh" };

/** Running just this node can only fail while something upstream has no result. */
function canRunAlone(state: WorkflowState | null, id: NodeId): boolean {
  if (!state?.graph) return false;
  const { nodes, sheet } = state;
  const graph = chosenGraph(state.graph, sheet.values);
  const inputNodes = new Set(graph.nodes.filter(({ kind }) => kind === "input").map((node) => node.id));
  return edgesInto(graph, workerOf(state, id)).every(
    ({ from }) => inputNodes.has(from.node) || nodes[from.node]?.result != null,
  );
}
