import { Position, type NodeHandle } from "@xyflow/svelte";
import type { GraphNode } from "../../src/model/graph.js";
import { controlFor } from "../controls/table.js";
import { inputHandle, outputHandle } from "../flow/handles.js";
import { reservedHeight } from "../renderers/table.js";
import { CARD_WIDTH, type Size } from "./geometry.js";

const HEAD = 68;
const ROW = 32;
const WIDE_CONTROL = 128;
const ACTIONS = 39;
const OUTPUT_HEAD = 30;
const PADDING = 16;
/** What the value of an output takes on average beyond its reserved height, once there is one. */
const VALUE = 40;

/**
 * How large a card will be about, and where its wires end: in a large graph only the cards in sight are drawn, so the
 * others have to be laid out unseen. Each is measured when it comes into sight.
 */
export function estimatedCard({ kind, inputs, outputs }: GraphNode): { size: Size; handles: NodeHandle[] } {
  const handles: NodeHandle[] = [];
  const port = (id: string, type: "source" | "target", y: number): void => {
    const position = type === "target" ? Position.Left : Position.Right;
    handles.push({ id, type, position, x: type === "target" ? 0 : CARD_WIDTH, y, width: 1, height: 1 });
  };
  let y = HEAD;
  const control = (spec: Parameters<typeof controlFor>[0]): number => (controlFor(spec).wide ? WIDE_CONTROL : ROW);
  for (const { name, source } of inputs) {
    if (source.kind === "fixed") continue;
    const height = source.kind === "component" ? control(source.spec) : ROW;
    if (source.kind === "edge") port(inputHandle(name), "target", y + height / 2);
    y += height;
  }
  if (kind !== "input") y += ACTIONS;
  for (const { name, spec } of outputs) {
    let height = ROW;
    if (spec && kind === "input") height = spec.component === "ItemList" ? 0 : control(spec);
    else if (spec) height = OUTPUT_HEAD + reservedHeight(spec) + VALUE;
    port(outputHandle(name), "source", y + height / 2);
    y += height;
  }
  return { size: { width: CARD_WIDTH, height: y + PADDING }, handles };
}
