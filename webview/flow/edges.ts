import type { Edge as FlowEdge } from "@xyflow/svelte";
import type { Edge, Graph, NodeId } from "../../src/model/graph.js";
import { cardOf } from "./drawnGraph.js";
import { inputHandle, outputHandle, variantHandle } from "./handles.js";

/** An edge as Svelte Flow draws it, from card to card. */
export type WireEdge = FlowEdge<{ edge: Edge; /** It feeds a variant that is not selected. */ idle: boolean }, "wire">;

/** What an edge hands over, in words. */
export function handedOver({ from, mode, field }: Edge): string {
  const what = `${from.port} of ${from.node}`;
  if (mode === "gather") return `all items' ${what}, as one list`;
  return mode === "scatter" ? `each item of ${what}${field === undefined ? "" : ` (its ${field})`}` : what;
}

/** @param workers - the selected variant of each choice. */
export function flowEdges(graph: Graph, workers: ReadonlyMap<NodeId, NodeId>): WireEdge[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const wires = graph.edges.flatMap((edge): WireEdge[] => {
    const { from, to, field } = edge;
    const [source, target] = [nodes.get(from.node), nodes.get(to.node)];
    if (!source || !target || cardOf(source) === cardOf(target)) return [];
    const idle = target.variantOf !== undefined && workers.get(target.variantOf) !== target.id;
    return [
      {
        id: `${from.node}.${from.port}${field === undefined ? "" : `.${field}`}→${to.node}.${to.port}`,
        type: "wire",
        source: cardOf(source),
        sourceHandle: outputHandle(from.port),
        target: cardOf(target),
        targetHandle: idle ? variantHandle(target.id) : inputHandle(to.port),
        data: { edge, idle },
        ariaLabel: `${handedOver(edge)} to ${to.port} of ${to.node}`,
      },
    ];
  });
  // Two edges between the same ports would be drawn as one and share an id.
  return [...new Map(wires.map((edge) => [edge.id, edge])).values()];
}
