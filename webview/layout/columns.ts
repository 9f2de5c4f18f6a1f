import type { NodeId } from "../../src/model/graph.js";
import { type Boxes, CARD_WIDTH, GAP, type Point } from "./geometry.js";

/** A plain layout by distance from the sources, for when the layout worker cannot be had. Cycles are tolerated. */
export function columns({ boxes, wires }: Boxes): Map<NodeId, Point> {
  const column = new Map<NodeId, number>(boxes.map(({ id }) => [id, 0]));
  // A path is at most as long as there are boxes.
  for (const _round of boxes) {
    let changed = false;
    for (const { from, to } of wires) {
      const next = (column.get(from) ?? 0) + 1;
      if (next > (column.get(to) ?? 0) && next < boxes.length) {
        column.set(to, next);
        changed = true;
      }
    }
    if (!changed) break;
  }
  const bottoms = new Map<number, number>();
  return new Map(
    boxes.map(({ id, height }) => {
      const at = column.get(id) ?? 0;
      const y = bottoms.get(at) ?? 0;
      bottoms.set(at, y + height + GAP.row);
      return [id, { x: at * (CARD_WIDTH + GAP.column), y }];
    }),
  );
}
