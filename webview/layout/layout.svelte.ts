/* eslint-disable svelte/prefer-svelte-reactivity -- what is drawn is replaced as a whole; these hold what isn't drawn */
import type { Node } from "@xyflow/svelte";
import type { GraphNode, NodeId } from "../../src/model/graph.js";
import { reducedMotion } from "../state/frame.js";
import type { SavedCard } from "../state/savedView.js";
import { columns } from "./columns.js";
import type { Layouter } from "./elk.js";
import { estimatedCard } from "./estimate.js";
import { type Boxes, CARD_WIDTH, type Point, type Size } from "./geometry.js";
import { placeNew } from "./placeNew.js";
import { settle, type Home } from "./settle.js";
import { Homes } from "./homes.js";

export type CardNode = Node<Record<string, never>, "card">;

/** How long cards glide to a new place, in ms. */
const GLIDE = 160;
/** Where a card waits that comes to a large graph and is placed without being drawn, in canvas pixels. */
const OUT_OF_SIGHT = -1e6;

/** Where the cards are. Holds the nodes that Svelte Flow draws; what a card shows is not in them. */
export class Layout {
  nodes = $state.raw<CardNode[]>([]);
  /** False until the cards have been measured and placed for the first time. */
  ready = $state(false);
  readonly #homes = new Homes();
  #sizes: ReadonlyMap<NodeId, Size> = new Map();
  #gliding = 0;

  constructor(saved: Readonly<Record<NodeId, SavedCard>>) {
    this.#homes.restore(saved);
  }

  /**
   * The nodes of the graph have changed: those that are new are drawn unseen, to be measured, until they have been placed.
   * Of a `large` graph they are not drawn but estimated.
   */
  show(graphNodes: readonly GraphNode[], large: boolean): void {
    const before = new Map(this.nodes.map((node) => [node.id, node]));
    this.#homes.name(graphNodes);
    this.nodes = graphNodes.map((graphNode): CardNode => {
      const { id, name: label } = graphNode;
      const known = before.get(id);
      if (known) return known.ariaLabel === label ? known : { ...known, ariaLabel: label };
      const estimate = large ? estimatedCard(graphNode) : null;
      return {
        id,
        type: "card",
        position: this.#homes.get(id) ?? { x: large ? OUT_OF_SIGHT : 0, y: 0 },
        data: {},
        ariaLabel: label,
        dragHandle: ".card-header",
        initialWidth: CARD_WIDTH,
        initialHeight: 220,
        ...(estimate && { measured: { ...estimate.size }, handles: estimate.handles }),
        class: this.#homes.has(id) ? "" : "unplaced",
      };
    });
  }

  get unplaced(): boolean {
    return this.nodes.some(({ id }) => !this.#homes.has(id));
  }

  /**
   * Puts cards that all have no place yet into plain columns, unseen, so that those are drawn meanwhile which will most likely
   * be seen first. False: they have been placed by now.
   */
  guess(boxes: Boxes): boolean {
    if (this.#homes.size > 0) return false;
    const guessed = columns(boxes);
    this.nodes = this.nodes.map((node) => ({ ...node, position: guessed.get(node.id) ?? node.position }));
    return true;
  }

  /** Gives places to the cards that have none: all of them by a layout, or a few beside those that are there. */
  async place(boxes: Boxes, layouter: Layouter): Promise<void> {
    const there = new Map(this.nodes.flatMap(({ id, position }) => (this.#homes.has(id) ? [[id, position]] : [])));
    const places = there.size === 0 ? await layouter.arrange(boxes) : placeNew(boxes, there);
    for (const [id, place] of places) if (!this.#homes.has(id)) this.#homes.set(id, { ...place, moved: false });
    this.nodes = this.nodes.map((node) => ({
      ...node,
      position: this.#homes.get(node.id) ?? node.position,
      class: "",
    }));
    this.ready = true;
    this.settle();
  }

  /** Lays everything out anew, what the user has moved too. */
  async tidy(boxes: Boxes, layouter: Layouter): Promise<void> {
    const places = await layouter.arrange(boxes);
    for (const [id, place] of places) this.#homes.set(id, { ...place, moved: false });
    this.settle();
  }

  /** Svelte Flow has measured cards: those below make way if one has another size than before. */
  measured(): void {
    // Estimated ports are taken over once; left in the node, they would win over the measured ones for ever.
    if (this.nodes.some(({ handles }) => handles)) this.nodes = this.nodes.map(({ handles: _taken, ...node }) => node);
    const sizes = new Map<NodeId, Size>();
    for (const { id, measured } of this.nodes) {
      if (measured?.width && measured.height) sizes.set(id, { width: measured.width, height: measured.height });
    }
    const same = [...sizes].every(([id, { height }]) => this.#sizes.get(id)?.height === height);
    this.#sizes = sizes;
    if (this.ready && !same) this.settle();
  }

  moved(ids: readonly NodeId[]): void {
    for (const { id, position } of this.nodes) {
      if (ids.includes(id)) this.#homes.set(id, { ...position, moved: true });
    }
    this.settle();
  }

  /** Drawn place and size, for moving between cards. */
  rect(id: NodeId): (Point & Size) | null {
    const node = this.nodes.find((candidate) => candidate.id === id);
    return node ? { ...node.position, ...(this.#sizes.get(id) ?? { width: CARD_WIDTH, height: 200 }) } : null;
  }

  /** What is worth keeping: the homes of the cards that are there. */
  saved(): Record<NodeId, SavedCard> {
    return this.#homes.saved(this.nodes.map(({ id }) => id));
  }

  /** Moves cards down that others have grown into, and back up when there is room. */
  settle(): void {
    const homes = new Map<NodeId, Home>();
    for (const { id } of this.nodes) {
      const home = this.#homes.get(id);
      if (home) homes.set(id, home);
    }
    this.#glide(settle(homes, this.#sizes));
  }

  #glide(places: ReadonlyMap<NodeId, Point>): void {
    cancelAnimationFrame(this.#gliding);
    const moves = this.nodes.flatMap(({ id, position: from, dragging }) => {
      const to = places.get(id);
      return to && !dragging && (to.x !== from.x || to.y !== from.y) ? [{ id, from, to }] : [];
    });
    if (moves.length === 0) return;
    const started = performance.now();
    const step = (): void => {
      const share = reducedMotion() || document.hidden ? 1 : Math.min(1, (performance.now() - started) / GLIDE);
      const eased = 1 - (1 - share) ** 3;
      const now = new Map(
        moves.map(({ id, from, to }) => [
          id,
          { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased },
        ]),
      );
      this.nodes = this.nodes.map((node) => {
        const position = now.get(node.id);
        return position && !node.dragging ? { ...node, position } : node;
      });
      if (share < 1) this.#gliding = requestAnimationFrame(step);
    };
    step();
  }
}
