import type { NodeId } from "../../src/model/graph.js";
import { type Boxes, CARD_WIDTH, GAP, type Point, type Size } from "./geometry.js";
import { freePlace } from "./settle.js";

/**
 * Places for cards that have come to a graph already on screen: right of what they read from, or else left of what reads
 * from them, or else below everything; never on another card. What is there stays where it is.
 */
export function placeNew({ boxes, wires }: Boxes, there: ReadonlyMap<NodeId, Point>): Map<NodeId, Point> {
  const placed = new Map<NodeId, Point>();
  const at = (id: NodeId): Point | undefined => there.get(id) ?? placed.get(id);
  const laid = boxes.flatMap((box) => {
    const point = there.get(box.id);
    return point ? [{ ...point, width: box.width, height: box.height }] : [];
  });
  const sizes = new Map<NodeId, Size>(boxes.map((box) => [box.id, box]));
  const waiting = new Set(boxes.filter(({ id }) => !there.has(id)).map(({ id }) => id));

  const put = (id: NodeId, wish: Point): void => {
    const size = sizes.get(id) ?? { width: CARD_WIDTH, height: 0 };
    const point = freePlace(wish, size, laid);
    placed.set(id, point);
    laid.push({ ...point, ...size });
    waiting.delete(id);
  };

  while (waiting.size > 0) {
    const beside = [...waiting].map((id) => ({ id, wish: wishBeside(id) })).find(({ wish }) => wish !== null);
    if (beside?.wish) {
      put(beside.id, beside.wish);
      continue;
    }
    const [next] = waiting;
    if (next === undefined) break;
    const left = laid.length > 0 ? Math.min(...laid.map(({ x }) => x)) : 0;
    const bottom = Math.max(-GAP.row, ...laid.map(({ y, height }) => y + height));
    put(next, { x: left, y: bottom + GAP.row });
  }
  return placed;

  function wishBeside(id: NodeId): Point | null {
    const before = wires.filter(({ to, from }) => to === id && from !== id).map(({ from }) => from);
    const sources = before.flatMap((from) => at(from) ?? []);
    if (sources.length > 0 && before.every((from) => at(from) ?? !waiting.has(from))) {
      return {
        x: Math.max(...sources.map(({ x }) => x)) + CARD_WIDTH + GAP.column,
        y: Math.min(...sources.map(({ y }) => y)),
      };
    }
    if (sources.length > 0) return null;
    const targets = wires.filter(({ from, to }) => from === id && to !== id).flatMap(({ to }) => at(to) ?? []);
    if (targets.length === 0) return null;
    return {
      x: Math.min(...targets.map(({ x }) => x)) - CARD_WIDTH - GAP.column,
      y: Math.min(...targets.map(({ y }) => y)),
    };
  }
}
