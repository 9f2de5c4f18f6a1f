import type { NodeId } from "../../src/model/graph.js";
import { GAP, type Point, type Size } from "./geometry.js";

/** A card's own place, which it goes back to when there is room again; `moved`: the user put it there. */
export interface Home extends Point {
  readonly moved: boolean;
}

/**
 * Where the cards are drawn: each at its home, or further down if a card above has grown into it. Cards that the user has
 * moved stay where they are.
 */
export function settle(homes: ReadonlyMap<NodeId, Home>, sizes: ReadonlyMap<NodeId, Size>): Map<NodeId, Point> {
  const places = new Map<NodeId, Point>();
  const laid: { x: number; y: number; width: number; height: number }[] = [];
  const put = (id: NodeId, { x, y }: Point): void => {
    places.set(id, { x, y });
    const size = sizes.get(id);
    if (size) laid.push({ x, y, ...size });
  };
  const byHeight = [...homes].sort(([, a], [, b]) => a.y - b.y);
  for (const [id, home] of byHeight) if (home.moved) put(id, home);
  for (const [id, home] of byHeight) {
    if (home.moved) continue;
    put(id, freePlace(home, sizes.get(id), laid));
  }
  return places;
}

/** The first place at or below `point` where a card of this size touches none of those laid. */
export function freePlace(point: Point, size: Size | undefined, laid: readonly (Point & Size)[]): Point {
  if (!size) return point;
  let { y } = point;
  for (;;) {
    const hit = laid.find(
      (other) =>
        point.x < other.x + other.width &&
        other.x < point.x + size.width &&
        y < other.y + other.height + GAP.row / 2 &&
        other.y < y + size.height + GAP.row / 2,
    );
    if (!hit) return { x: point.x, y };
    y = hit.y + hit.height + GAP.row / 2;
  }
}
