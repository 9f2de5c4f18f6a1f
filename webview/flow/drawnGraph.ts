import type { Graph, GraphNode, NodeId } from "../../src/model/graph.js";
import { cardOf } from "../../src/model/variants.js";

export { cardOf } from "../../src/model/variants.js";

/**
 * The graph as cards: a choice is one card, with the inputs of its selected variant; variants have none of their own. Wires still
 * are the graph's own edges, fastened to the cards by {@link cardOf}.
 *
 * @param workers - the selected variant of each choice.
 */
export function drawnNodes(graph: Graph, workers: ReadonlyMap<NodeId, NodeId>): GraphNode[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.nodes
    .filter((node) => cardOf(node) === node.id)
    .map((node) => {
      const worker = nodes.get(workers.get(node.id) ?? node.id);
      return worker && worker !== node ? { ...node, inputs: worker.inputs } : node;
    });
}
