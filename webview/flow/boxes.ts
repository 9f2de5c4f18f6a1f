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

/** The cards and their ports as they were measured, or else estimated, ready for a layout. */
export function boxesOf(
  nodes: readonly CardNode[],
  edges: readonly WireEdge[],
  internal: (id: NodeId) => InternalNode<CardNode> | undefined,
): Boxes {
  const boxes = nodes.map(({ id, measured: estimated, handles }): Box => {
    const node = internal(id);
    const { width, height } = node?.measured ?? estimated ?? {};
    const { target, source } = node?.internals.handleBounds ?? {
      target: handles?.filter(({ type }) => type === "target"),
      source: handles?.filter(({ type }) => type === "source"),
    };
    return {
      id,
      width: width ?? CARD_WIDTH,
      height: height ?? 200,
      ports: [...portsOf(target, "left"), ...portsOf(source, "right")],
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

function portsOf(
  handles: readonly Pick<Handle, "id" | "y">[] | null | undefined,
  side: "left" | "right",
): Box["ports"] {
  return (handles ?? [])
    .toSorted((a, b) => a.y - b.y)
    .map(({ id }, index) => ({ id: id ?? "", side, y: PORT_TOP + index * PORT_STEP }));
}
