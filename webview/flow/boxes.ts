import type { InternalNode } from "@xyflow/svelte";
import type { NodeId } from "../../src/model/graph.js";
import type { CardNode } from "../layout/layout.svelte.js";
import { type Box, type Boxes, CARD_WIDTH } from "../layout/geometry.js";
import type { WireEdge } from "./edges.js";

/** The measured cards and their ports, ready for a layout. */
export function measuredBoxes(
  nodes: readonly CardNode[],
  edges: readonly WireEdge[],
  internal: (id: NodeId) => InternalNode<CardNode> | undefined,
): Boxes {
  const boxes = nodes.map(({ id }): Box => {
    const node = internal(id);
    const bounds = node?.internals.handleBounds;
    const ports = [
      ...(bounds?.target ?? []).map((handle) => ({ handle, side: "left" as const })),
      ...(bounds?.source ?? []).map((handle) => ({ handle, side: "right" as const })),
    ];
    return {
      id,
      width: node?.measured.width ?? CARD_WIDTH,
      height: node?.measured.height ?? 200,
      ports: ports.map(({ handle, side }) => ({ id: handle.id ?? "", side, y: handle.y + handle.height / 2 })),
    };
  });
  const has = new Set(boxes.flatMap(({ id, ports }) => ports.map((port) => `${id} ${port.id}`)));
  const wires = edges.flatMap(({ id, source, sourceHandle, target, targetHandle }) => {
    const fromPort = sourceHandle ?? "";
    const toPort = targetHandle ?? "";
    // A port without a handle (a graph and its cards a frame apart) would make the whole layout fail.
    if (!has.has(`${source} ${fromPort}`) || !has.has(`${target} ${toPort}`)) return [];
    return [{ id, from: source, fromPort, to: target, toPort }];
  });
  return { boxes, wires };
}
