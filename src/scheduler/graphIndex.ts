import type { Edge, Graph, GraphNode, NodeId } from "../model/graph.js";

/** A graph's nodes and edges by node. */
export interface GraphIndex {
  readonly nodes: ReadonlyMap<NodeId, GraphNode>;
  /** The edges that arrive at each node; absent: none. */
  readonly into: ReadonlyMap<NodeId, readonly Edge[]>;
  /** The edges that leave each node; absent: none. */
  readonly outOf: ReadonlyMap<NodeId, readonly Edge[]>;
}

const indexes = new WeakMap<Graph, GraphIndex>();

/** Made once a graph: a search through all edges for each of a thousand nodes would take longer than running them. */
export function indexOf(graph: Graph): GraphIndex {
  const known = indexes.get(graph);
  if (known) return known;
  const index: GraphIndex = {
    nodes: new Map(graph.nodes.map((node) => [node.id, node])),
    into: Map.groupBy(graph.edges, (edge) => edge.to.node),
    outOf: Map.groupBy(graph.edges, (edge) => edge.from.node),
  };
  indexes.set(graph, index);
  return index;
}
