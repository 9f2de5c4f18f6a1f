import type { NodeId } from "../../src/model/graph.js";
import type { Point, Size } from "../layout/geometry.js";

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The nearest card in the direction of an arrow key; what lies aside counts as twice as far. */
export function neighbour(
  cards: readonly ({ readonly id: NodeId } & Point & Size)[],
  from: NodeId,
  key: string,
): NodeId | null {
  const direction = DIRECTIONS[key];
  const here = cards.find(({ id }) => id === from);
  if (!direction || !here) return null;
  let best: { id: NodeId; distance: number } | null = null;
  for (const card of cards) {
    if (card.id === from) continue;
    const dx = middle(card).x - middle(here).x;
    const dy = middle(card).y - middle(here).y;
    const along = dx * direction.x + dy * direction.y;
    if (along <= 0) continue;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    // A card of the same column is not "to the right", even if its middle is a little.
    if (direction.x !== 0 && Math.abs(dx) < here.width / 2) continue;
    const distance = along + 2 * aside;
    if (!best || distance < best.distance) best = { id: card.id, distance };
  }
  return best?.id ?? null;
}

function middle({ x, y, width, height }: Point & Size): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
