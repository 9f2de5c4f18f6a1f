import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import { indexOf } from "./graphIndex.js";

const orders = new WeakMap<Graph, { readonly nodes: readonly GraphNode[]; readonly cycle: readonly NodeId[] | null }>();

/**
 * Every node after the nodes that it needs, otherwise in the order of declaration; a node in a cycle comes where the
 * cycle was entered. Always the same for the same graph.
 */
export function upstreamFirst(graph: Graph): readonly GraphNode[] {
  return orderOf(graph).nodes;
}

/** The ids along a cycle of `graph`, each feeding the next and the last the first; `null`: there is none. */
export function cycleIn(graph: Graph): readonly NodeId[] | null {
  return orderOf(graph).cycle;
}

/** The nodes themselves and all from which they can be reached (`upstream`), or which can be reached from them. */
export function closure(graph: Graph, start: Iterable<NodeId>, direction: "upstream" | "downstream"): Set<NodeId> {
  const { into, outOf } = indexOf(graph);
  const found = new Set(start);
  // A set that grows while it is walked yields what is added, too.
  for (const id of found) {
    const edges = direction === "upstream" ? into.get(id) : outOf.get(id);
    for (const edge of edges ?? []) found.add(direction === "upstream" ? edge.from.node : edge.to.node);
  }
  return found;
}

function orderOf(graph: Graph): { readonly nodes: readonly GraphNode[]; readonly cycle: readonly NodeId[] | null } {
  const known = orders.get(graph);
  if (known) return known;
  const { nodes, into } = indexOf(graph);
  const order: GraphNode[] = [];
  const state = new Map<NodeId, "entered" | "done">();
  let cycle: readonly NodeId[] | null = null;
  for (const root of graph.nodes) {
    // Depth first with a stack of its own: a chain may be longer than the call stack is deep.
    const path: { readonly node: GraphNode; readonly needs: Iterator<NodeId> }[] = [];
    const enter = (node: GraphNode): void => {
      state.set(node.id, "entered");
      path.push({ node, needs: (into.get(node.id) ?? []).map((edge) => edge.from.node)[Symbol.iterator]() });
    };
    if (!state.has(root.id)) enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.needs.next();
      if (next.done) {
        state.set(top.node.id, "done");
        order.push(top.node);
        path.pop();
        continue;
      }
      const needed = nodes.get(next.value);
      if (!needed) continue;
      const seen = state.get(needed.id);
      if (seen === undefined) {
        enter(needed);
      } else if (seen === "entered") {
        const ids = path.map(({ node }) => node.id);
        // The path leads upstream; a cycle is told in the direction in which values flow.
        cycle ??= ids.slice(ids.indexOf(needed.id)).reverse();
      }
    }
  }
  const found = { nodes: order, cycle };
  orders.set(graph, found);
  return found;
}
