import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import { freeName, type KeptNames, type KnownNode } from "../model/keptNames.js";
import { alikeness, detailOf, type Wire } from "./nodeLikeness.js";
import { followControls, usedControls } from "./renamedControls.js";

/** Nodes that are gone are remembered, for they may come back, by another name too: so many of those that were never renamed, and all others. */
const REMEMBERED = 200;

export interface Followed {
  /** The same object as before where nothing has changed. */
  readonly names: KeptNames;
  /** Nodes that have just gone, and those that may be them by another name, where it can't be told which is which. */
  readonly unclear: readonly Unclear[];
}

export interface Unclear {
  readonly gone: readonly NodeId[];
  readonly come: readonly NodeId[];
}

/**
 * Brings the names in line with a graph: where nodes have gone and others have come that are the same but for their name, the new
 * names stand for what the old ones stood for.
 *
 * Same are a node that has gone and one that has come if they alone call the same and have the same ports; or, of several, if they
 * alone have the same inputs, too. Names that were exchanged, or passed on in a row, follow what their nodes do: results are
 * found again by that, and what was typed belongs to it. A node whose name is still there is never the origin of a copy.
 */
export function followRenames(before: KeptNames, graph: Graph): Followed {
  const there = before.nodes.filter(({ gone }) => gone === undefined);
  const byId = new Map(there.map((known) => [known.id, known]));
  const ids = new Set(graph.nodes.map(({ id }) => id));
  const matching = new Matching(graph);
  for (const node of graph.nodes) {
    const same = byId.get(node.id);
    if (same && !isOther(same, matching.alike(node))) matching.pair(same, node);
  }
  const gone = there.filter(({ id }) => !ids.has(id));
  const come = graph.nodes.filter(({ id }) => !byId.has(id));
  matching.match(gone, come);
  const unclear = matching.unclear(gone, come);
  const changed = there.filter((known) => ids.has(known.id) && !matching.has(known));
  matching.match([...gone, ...changed], graph.nodes);
  matching.undoHalfMoves(byId, ids);
  for (const node of graph.nodes) {
    const same = byId.get(node.id);
    if (same) matching.pair(same, node);
  }
  // A name that comes back, whatever has become of the node meanwhile: an undo of several steps.
  for (const known of gone) {
    const back = graph.nodes.find(({ id, kind }) => id === known.kept && kind === known.kind);
    if (back) matching.pair(known, back);
  }
  const lost = before.nodes.filter((known) => known.gone !== undefined).sort((a, b) => (b.gone ?? 0) - (a.gone ?? 0));
  for (const known of lost) {
    const back = graph.nodes.find(({ id }) => id === known.id);
    if (back) matching.pair(known, back);
  }
  // Deleted and written again, or cut and pasted, by another name: the latest that went, if it alone did so then.
  for (const went of new Set(lost.map((known) => known.gone)))
    matching.match(
      lost.filter((known) => known.gone === went),
      come,
    );
  const names = matching.names(before);
  return { names: isSame(before, names) ? before : names, unclear };
}

/** Which node of a graph is which of those that were known before. */
class Matching {
  readonly #graph: Graph;
  readonly #alike: ReadonlyMap<NodeId, string | null>;
  readonly #origin = new Map<NodeId, KnownNode>();
  readonly #heir = new Map<KnownNode, NodeId>();
  readonly #sources: ReadonlyMap<NodeId, ReadonlyMap<string, Wire>>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#alike = new Map(graph.nodes.map((node) => [node.id, alikeness(node)]));
    const into = new Map<NodeId, Map<string, Wire>>();
    for (const { from, to, mode } of graph.edges) {
      const ports = into.get(to.node) ?? new Map<string, Wire>();
      into.set(to.node, ports.set(to.port, { ...from, mode }));
    }
    this.#sources = into;
  }

  alike({ id }: GraphNode): string | null {
    return this.#alike.get(id) ?? null;
  }

  has(known: KnownNode): boolean {
    return this.#heir.has(known);
  }

  pair(known: KnownNode, node: GraphNode): void {
    if (this.#heir.has(known) || this.#origin.has(node.id)) return;
    this.#heir.set(known, node.id);
    this.#origin.set(node.id, known);
  }

  /** Pairs those that are alike, and unlike all others. */
  match(known: readonly KnownNode[], nodes: readonly GraphNode[]): void {
    for (;;) {
      const before = this.#heir.size;
      this.#matchBy(
        known,
        nodes,
        ({ alike }) => alike,
        (node) => this.alike(node),
      );
      if (this.#heir.size === before)
        this.#matchBy(
          known,
          nodes,
          ({ alike, detail }) => alike && alike + detail,
          (node) => {
            const alike = this.alike(node);
            return alike && alike + this.#detail(node);
          },
        );
      if (this.#heir.size === before) return;
    }
  }

  /** What {@link match} has left over because there were several. */
  unclear(known: readonly KnownNode[], nodes: readonly GraphNode[]): Unclear[] {
    const { gone, come } = this.#left(
      known,
      nodes,
      ({ alike }) => alike,
      (node) => this.alike(node),
    );
    return [...gone].flatMap(([alike, left]) => {
      const others = come.get(alike) ?? [];
      return others.length === 0 ? [] : [{ gone: left.map(({ id }) => id), come: others.map(({ id }) => id) }];
    });
  }

  /** A name that is still there gives away what it stands for only where it is given something else, and the other way round. */
  undoHalfMoves(byId: ReadonlyMap<NodeId, KnownNode>, ids: ReadonlySet<NodeId>): void {
    for (let undone = true; undone;) {
      undone = false;
      for (const [known, id] of [...this.#heir]) {
        if (known.id === id) continue;
        const sameName = byId.get(id);
        const taken = sameName === undefined || this.#heir.has(sameName);
        const given = !ids.has(known.id) || this.#origin.has(known.id);
        if (taken && given) continue;
        this.#heir.delete(known);
        this.#origin.delete(id);
        undone = true;
      }
    }
  }

  names(before: KeptNames): KeptNames {
    const gone = before.nodes.filter((known) => !this.#heir.has(known));
    const latest = Math.max(0, ...before.nodes.map((known) => known.gone ?? 0));
    const remembered = gone
      .map((known) => ({ ...known, gone: known.gone ?? latest + 1 }))
      .sort((a, b) => b.gone - a.gone)
      .filter(({ id, kept }, at) => at < REMEMBERED || id !== kept);
    const kept = this.#keptIds(new Set([...before.nodes, ...remembered].map((known) => known.kept)));
    const origins = new Map([...this.#origin].map(([id, known]) => [id, known.controls]));
    const { controls, byNode } = followControls(
      before.controls,
      this.#graph,
      kept,
      origins,
      usedControls(before.nodes),
    );
    const nodes = this.#graph.nodes.map((node): KnownNode => {
      const { id, kind } = node;
      const origin = this.#origin.get(id);
      return {
        id,
        kept: kept.get(id) ?? id,
        kind,
        alike: this.alike(node) ?? origin?.alike ?? null,
        detail: this.#detail(node, kept),
        controls: byNode.get(id) ?? {},
      };
    });
    return { nodes: [...nodes, ...remembered], controls };
  }

  #keptIds(taken: ReadonlySet<NodeId>): ReadonlyMap<NodeId, NodeId> {
    const used = new Set(taken);
    return new Map(
      this.#graph.nodes.map(({ id }) => {
        const known = this.#origin.get(id)?.kept;
        const kept = known ?? freeName(id, (name) => used.has(name));
        used.add(kept);
        return [id, kept];
      }),
    );
  }

  #matchBy(
    known: readonly KnownNode[],
    nodes: readonly GraphNode[],
    keyOfKnown: (known: KnownNode) => string | null,
    keyOfNode: (node: GraphNode) => string | null,
  ): void {
    const { gone, come } = this.#left(known, nodes, keyOfKnown, keyOfNode);
    for (const [key, [one, ...others]] of gone) {
      const [node, ...otherNodes] = come.get(key) ?? [];
      if (one && node && others.length + otherNodes.length === 0) this.pair(one, node);
    }
  }

  #left(
    known: readonly KnownNode[],
    nodes: readonly GraphNode[],
    keyOfKnown: (known: KnownNode) => string | null,
    keyOfNode: (node: GraphNode) => string | null,
  ): { readonly gone: ReadonlyMap<string, KnownNode[]>; readonly come: ReadonlyMap<string, GraphNode[]> } {
    const gone = grouped(
      known.filter((each) => !this.#heir.has(each)),
      keyOfKnown,
    );
    const come = grouped(
      nodes.filter(({ id }) => !this.#origin.has(id)),
      keyOfNode,
    );
    return { gone, come };
  }

  #detail(node: GraphNode, kept?: ReadonlyMap<NodeId, NodeId>): string {
    const nameOf = (id: NodeId) => kept?.get(id) ?? this.#origin.get(id)?.kept ?? id;
    const sources = this.#sources.get(node.id);
    return detailOf(node, (port) => sources?.get(port), nameOf);
  }
}

function isOther({ alike }: KnownNode, now: string | null): boolean {
  return alike !== null && now !== null && alike !== now;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string | null): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function isSame(a: KeptNames, b: KeptNames): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
