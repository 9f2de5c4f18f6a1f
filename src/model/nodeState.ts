import { chosenGraph } from "./chosenGraph.js";
import type { Failure } from "./failure.js";
import { findNode, type NodeId } from "./graph.js";
import { cardOf, workerOf } from "./variants.js";
import { IDLE_NODE, type NodeState, type WorkflowState } from "./workflowState.js";

/**
 * How a node stands, as people see it: a choice stands as its selected variant does, a pinned node is pinned, and what a run
 * that has to wait was asked for is queued.
 */
export function nodeStateOf(state: Pick<WorkflowState, "graph" | "sheet" | "nodes" | "queue">, id: NodeId): NodeState {
  const { graph, sheet, nodes, queue } = state;
  const worker = workerOf(state, id);
  const own = (Object.hasOwn(nodes, worker) ? nodes[worker] : undefined) ?? IDLE_NODE;
  const pinned = graph && findNode(chosenGraph(graph, sheet.values), worker)?.pinned;
  const isQueued = queue.some(({ targets }) => targets.some((target) => workerOf(state, target) === worker));
  return asSeen(own, pinned === true, isQueued);
}

/** The same of a node of which the rest is known. */
export function asSeen(own: NodeState, pinned: boolean, isQueued: boolean): NodeState {
  const queued = isQueued && own.activity.kind === "idle";
  if (!pinned && !queued) return own;
  return { ...own, ...(pinned && { pinned }), ...(queued && { activity: { kind: "waiting", queued } }) };
}

/** What people call a node; one that is not in the graph any more goes by its id. */
export function nodeName({ graph }: Pick<WorkflowState, "graph">, id: NodeId): string {
  return (graph && findNode(graph, id)?.name) ?? id;
}

/** Whether some card shows how a node stands: a choice's shows its selected variant, and no other. */
export function hasCard(state: Pick<WorkflowState, "graph" | "sheet">, id: NodeId): boolean {
  const node = state.graph && findNode(state.graph, id);
  return node != null && workerOf(state, cardOf(node)) === id;
}

export interface FailedNode {
  readonly node: NodeId;
  readonly failure: Failure;
}

/** The nodes whose last attempt failed, in the graph's order; where something pinned stands in for one, that is over. */
export function failedNodes({ graph, sheet, nodes }: Pick<WorkflowState, "graph" | "sheet" | "nodes">): FailedNode[] {
  if (!graph) return [];
  const pinned = new Set(chosenGraph(graph, sheet.values).nodes.flatMap((node) => (node.pinned ? [node.id] : [])));
  return graph.nodes.flatMap(({ id }) => {
    const outcome = nodes[id]?.outcome;
    return outcome?.kind === "failed" && !pinned.has(id) ? [{ node: id, failure: outcome.failure }] : [];
  });
}
