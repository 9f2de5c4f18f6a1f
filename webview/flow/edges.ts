import type { Edge as FlowEdge } from "@xyflow/svelte";
import type { Edge, Graph } from "../../src/model/graph.js";
import { CHOICE_HANDLE, inputHandle, outputHandle, variantHandle } from "./handles.js";

/** An edge as Svelte Flow draws it; without `edge` it ties an alternative to its choice. */
export type WireEdge = FlowEdge<{ edge: Edge | null }, "wire">;

export function flowEdges(graph: Graph): WireEdge[] {
  const nodes = new Set(graph.nodes.map(({ id }) => id));
  const wires = graph.edges
    .filter(({ from, to }) => nodes.has(from.node) && nodes.has(to.node))
    .map((edge): WireEdge => {
      const { from, to, field } = edge;
      return {
        id: `${from.node}.${from.port}${field === undefined ? "" : `.${field}`}→${to.node}.${to.port}`,
        type: "wire",
        source: from.node,
        sourceHandle: outputHandle(from.port),
        target: to.node,
        targetHandle: inputHandle(to.port),
        data: { edge },
        ariaLabel: `${from.port} of ${from.node} to ${to.port} of ${to.node}`,
      };
    });
  const ties = graph.nodes
    .filter(({ variantOf }) => variantOf !== undefined && nodes.has(variantOf))
    .map(({ id, variantOf = "" }): WireEdge => ({
      id: `${id}⇒${variantOf}`,
      type: "wire",
      source: id,
      sourceHandle: CHOICE_HANDLE,
      target: variantOf,
      targetHandle: variantHandle(id),
      data: { edge: null },
      ariaLabel: `${id} is an alternative of ${variantOf}`,
    }));
  // Two edges between the same ports would be drawn as one and share an id.
  return [...new Map([...wires, ...ties].map((edge) => [edge.id, edge])).values()];
}
