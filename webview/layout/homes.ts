import { keyOf, type GraphNode, type NodeId } from "../../src/model/graph.js";
import type { SavedCard } from "../state/savedView.js";
import type { Home } from "./settle.js";

/** Where each card belongs, by what it is kept under, so that a node that is renamed stays where it is. */
export class Homes {
  readonly #homes = new Map<string, Home>();
  #keys: ReadonlyMap<NodeId, string> = new Map();

  get size(): number {
    return this.#homes.size;
  }

  /** What the nodes are called from now on. */
  name(nodes: readonly GraphNode[]): void {
    this.#keys = new Map(nodes.map((node) => [node.id, keyOf(node)]));
  }

  has(id: NodeId): boolean {
    return this.#homes.has(this.#key(id));
  }

  get(id: NodeId): Home | undefined {
    return this.#homes.get(this.#key(id));
  }

  set(id: NodeId, home: Home): void {
    this.#homes.set(this.#key(id), home);
  }

  restore(saved: Readonly<Record<string, SavedCard>>): void {
    for (const [key, card] of Object.entries(saved)) this.#homes.set(key, card);
  }

  /** What is worth keeping of these cards. */
  saved(ids: readonly NodeId[]): Record<string, SavedCard> {
    return Object.fromEntries(
      ids.flatMap((id): [string, SavedCard][] => {
        const home = this.get(id);
        return home ? [[this.#key(id), { x: home.x, y: home.y, moved: home.moved }]] : [];
      }),
    );
  }

  #key(id: NodeId): string {
    return this.#keys.get(id) ?? id;
  }
}
