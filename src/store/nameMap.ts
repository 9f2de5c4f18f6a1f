import type { NodeId } from "../model/graph.js";
import { freeName, splitControl, type KeptNames } from "../model/keptNames.js";

/** Translates between what nodes and controls are called in the graph and what they are kept under. */
export class NameMap {
  readonly #keptOf = new Map<NodeId, NodeId>();
  readonly #idOf = new Map<NodeId, NodeId>();
  readonly #controlKept: ReadonlyMap<string, string>;
  readonly #controlOf: ReadonlyMap<string, string>;
  readonly #choices = new Set<NodeId>();

  constructor({ nodes, controls }: KeptNames) {
    // Those that are in the graph first: a node that is gone has lost its name to one that is called so now.
    const latestFirst = [...nodes].sort((a, b) => (b.gone ?? Infinity) - (a.gone ?? Infinity) || 0);
    for (const { id, kept, kind } of latestFirst) {
      if (kind === "choice") this.#choices.add(kept);
      if (this.#keptOf.has(id) || this.#idOf.has(kept)) continue;
      this.#keptOf.set(id, kept);
      this.#idOf.set(kept, id);
    }
    this.#controlKept = new Map(Object.entries(controls));
    this.#controlOf = new Map(Object.entries(controls).map(([name, kept]) => [kept, name]));
  }

  /** What a node is kept under. */
  kept(id: NodeId): NodeId {
    return this.#keptOf.get(id) ?? freeName(id, (name) => this.#idOf.has(name));
  }

  /** The node that is kept under a name; `null`: none is any more, and another node is called so. */
  node(kept: NodeId): NodeId | null {
    return this.#idOf.get(kept) ?? (this.#keptOf.has(kept) ? null : kept);
  }

  isChoice(kept: NodeId): boolean {
    return this.#choices.has(kept);
  }

  keptControl(control: string): string {
    const parts = splitControl(control);
    const name = parts ? this.kept(parts[0]) + parts[1] : control;
    return this.#controlKept.get(name) ?? freeName(name, (free) => this.#controlOf.has(free));
  }

  /** As {@link NameMap.node}, of controls. */
  control(kept: string): string | null {
    const name = this.#controlOf.get(kept) ?? (this.#controlKept.has(kept) ? null : kept);
    const parts = name === null ? null : splitControl(name);
    if (!parts) return name;
    const id = this.node(parts[0]);
    return id === null ? null : id + parts[1];
  }
}
