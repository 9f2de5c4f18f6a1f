import type { InternalNode } from "@xyflow/svelte";
import type { Handle } from "@xyflow/system";
import type { NodeId } from "../../src/model/graph.js";
import type { CardNode } from "../layout/layout.svelte.js";
import { type Box, type Boxes, CARD_WIDTH } from "../layout/geometry.js";
import type { WireEdge } from "./edges.js";

/**
 * A layout that keeps wires straight would make stairs of cards whose outputs lie lower than their inputs. So it is told
 * that ports lie close below the header, in their true order: the tops of cards then line up, and wires curve.
 */
const PORT_TOP = 20;
const PORT_STEP = 4;

/** The measured cards and their ports, ready for a layout. */
export function measuredBoxes(
  nodes: readonly CardNode[],
  edges: readonly WireEdge[],
  internal: (id: NodeId) => InternalNode<CardNode> | undefined,
): Boxes {
  const boxes = nodes.map(({ id }): Box => {
    const node = internal(id);
    const bounds = node?.internals.handleBounds;
    return {
      id,
      width: node?.measured.width ?? CARD_WIDTH,
      height: node?.measured.height ?? 200,
      ports: [...portsOf(bounds?.target, "left"), ...portsOf(bounds?.source, "right")],
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

function portsOf(handles: readonly Handle[] | null | undefined, side: "left" | "right"): Box["ports"] {
  return (handles ?? [])
    .toSorted((a, b) => a.y - b.y)
    .map(({ id }, index) => ({ id: id ?? "", side, y: PORT_TOP + index * PORT_STEP }));
}
