import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import { splitControl, type KeptNames, type KnownNode } from "../model/keptNames.js";
import { IDLE_NODE, type Notice } from "../model/workflowState.js";
import { namedStore, type WorkflowStore } from "../store/workflowStore.js";
import type { EventStream } from "./eventStream.js";
import type { NamesSince } from "./namesSince.js";
import type { OpenSheet } from "./openSheet.js";
import { followRenames, type Unclear } from "./renames.js";

/** What a name stands for now stood under another before; `from: null`: nothing did, but the name stood for something else. */
export interface Rename {
  readonly from: NodeId | null;
  readonly to: NodeId;
}

/**
 * Keeps what a store holds of nodes in step with their names. While the text is being edited every reading is followed, in memory:
 * each letter of a new name is a rename, and an undo is one, too. Once what editors show is what lies on disk, it is settled:
 * written down for other windows and the command line, which see that text, and told to the user.
 */
export class RenamedNodes {
  readonly #store: WorkflowStore;
  /** As of the last reading. */
  #names: KeptNames;
  /** As they were written down by whoever did so last. */
  #written: KeptNames;
  /** As of the last that was told to the user. */
  #told: KeptNames;
  /** The graph that was looked at last, as it came. */
  #graph: Graph | null = null;
  /** As the sheet that is open has them. */
  #applied: KeptNames;
  #view: WorkflowStore;
  #unclear: readonly Unclear[] = [];
  /** As they were kept last of texts that are not saved; `null`: all has been saved since, or nothing was renamed. */
  #held: { readonly texts: string; readonly names: KeptNames } | null = null;
  #marked = new WeakMap<Graph, { readonly view: WorkflowStore; readonly graph: Graph }>();

  constructor(store: WorkflowStore) {
    this.#store = store;
    this.#names = this.#written = this.#told = this.#applied = store.names();
    this.#view = namedStore(store, this.#names);
  }

  /**
   * Takes in what nodes are called now. Answers the graph, with what each node is kept under where that is another name.
   *
   * @param texts - identifies the texts that it is the graph of.
   */
  follow(graph: Graph, texts: string): Graph {
    const written = this.#store.names();
    // The editor may have been closed in the middle, and shows again what it showed then.
    const resumed = this.#held === null ? this.#store.unsavedNames(texts) : null;
    if (resumed) this.#held = { texts, names: resumed };
    // Another window has seen a rename, or this one's was undone there.
    const before = resumed ?? (isSameMapping(written, this.#written) ? this.#names : written);
    if (before === this.#names && graph === this.#graph) return this.#mark(graph);
    this.#written = written;
    this.#graph = graph;
    const { names, unclear } = followRenames(before, graph);
    this.#unclear = [...this.#unclear, ...unclear];
    if (names !== this.#names) {
      const same = isSameMapping(this.#names, names);
      this.#names = names;
      if (!same) this.#view = namedStore(this.#store, names);
    }
    return this.#mark(graph);
  }

  /** The store as it looks to whoever calls nodes what the graph calls them; the sheet that is opened in it is the one in use. */
  get view(): WorkflowStore {
    this.#applied = this.#names;
    return this.#view;
  }

  /** Lets a sheet, and what is shown of it, go along with what nodes are called now. Answers whether anything was renamed. */
  async carryOver(sheet: OpenSheet, stream: EventStream): Promise<boolean> {
    const before = this.#applied;
    if (isSameMapping(before, this.#names)) return false;
    this.#applied = this.#names;
    const renames = renamesBetween(before, this.#names);
    await sheet.rename(this.#view, renames);
    stream.emit({ type: "sheet-changed", sheet: sheet.state });
    const { nodes } = stream.state;
    const left = renames.flatMap(({ from }) => (from === null ? [] : [[from, IDLE_NODE] as const]));
    const states = renames.map(({ from, to }) => [to, (from === null ? null : nodes[from]) ?? IDLE_NODE] as const);
    if (states.length > 0) stream.emit({ type: "nodes-restored", nodes: Object.fromEntries([...left, ...states]) });
    return true;
  }

  /** Keeps what is followed so far for when the editor is closed before the texts are saved. */
  hold(texts: string): void {
    const names = this.#names;
    if (this.#held?.texts === texts && this.#held.names === names) return;
    if (this.#held === null && isSameMapping(names, this.#written)) return;
    this.#held = { texts, names };
    this.#store.keepUnsavedNames(this.#held);
  }

  /** For a run that begins now, which goes on with the names of now. */
  since(): NamesSince {
    const then = this.#applied;
    const across = (from: KeptNames, to: KeptNames, id: NodeId): NodeId => {
      if (from === to) return id;
      const kept = keptOf(from, id);
      return to.nodes.find((node) => node.kept === kept && node.gone === undefined)?.id ?? id;
    };
    return { now: (id) => across(then, this.#applied, id), then: (id) => across(this.#applied, then, id) };
  }

  /** Writes down what is followed so far. Answers what the user should know of it; nothing where nothing was kept of the nodes. */
  async settle(): Promise<readonly Notice[]> {
    const before = this.#told;
    const names = this.#names;
    if (this.#held) this.#store.keepUnsavedNames(null);
    this.#held = null;
    if (names === before) return [];
    this.#told = names;
    // What can't be written holds as long as this is open.
    if (JSON.stringify(names) !== JSON.stringify(this.#written)) {
      this.#store.keepNames(names);
      this.#written = this.#store.names();
    }
    const renames = renamesBetween(before, names).filter(({ from }) => from !== null);
    const unclear = stillUnclear(this.#unclear, names);
    this.#unclear = [];
    if (renames.length + unclear.length === 0) return [];
    const kept = await this.#keptNames();
    const notices = [
      ...renames.filter(({ to }) => kept.has(keptOf(names, to))).map(renameNotice),
      ...unclear.filter(({ gone }) => gone.some((id) => kept.has(keptOf(names, id)))).map(unclearNotice),
    ];
    // What was undone and done again is said once.
    return [...new Map(notices.map((notice) => [notice.id, notice])).values()];
  }

  #mark(graph: Graph): Graph {
    const known = this.#marked.get(graph);
    if (known?.view === this.#view) return known.graph;
    const kept = new Map(this.#names.nodes.flatMap((node) => (isRenamed(node) ? [[node.id, node.kept]] : [])));
    const mark = (node: GraphNode): GraphNode => {
      const { keptAs: _before, ...plain } = node;
      const keptAs = kept.get(node.id);
      return keptAs === undefined ? plain : { ...plain, keptAs };
    };
    const isMarked = graph.nodes.every(({ id, keptAs }) => kept.get(id) === keptAs);
    const marked = isMarked ? graph : { ...graph, nodes: graph.nodes.map(mark) };
    for (const each of [graph, marked]) this.#marked.set(each, { view: this.#view, graph: marked });
    return marked;
  }

  /** The names under which something is kept on any sheet. */
  async #keptNames(): Promise<ReadonlySet<NodeId>> {
    const kept = new Set<NodeId>();
    for (const id of this.#store.sheetFiles.ids()) {
      const { values } = await this.#store.sheet(id);
      for (const control of Object.keys(values)) kept.add(splitControl(control)?.[0] ?? control);
      for (const node of Object.keys(await this.#store.nodeStates(id))) kept.add(node);
    }
    return kept;
  }
}

/** What the names of a graph's nodes stand for that they didn't stand for before. */
function renamesBetween(before: KeptNames, now: KeptNames): readonly Rename[] {
  const idOf = new Map(before.nodes.map(({ id, kept }) => [kept, id]));
  const called = new Set(before.nodes.map(({ id }) => id));
  return now.nodes.flatMap(({ id: to, kept, gone }) => {
    const from = idOf.get(kept) ?? null;
    const isOther = from === null ? called.has(to) || kept !== to : from !== to;
    return gone === undefined && isOther ? [{ from, to }] : [];
  });
}

function isRenamed({ id, kept, gone }: KnownNode): boolean {
  return gone === undefined && id !== kept;
}

function isSameMapping(a: KeptNames, b: KeptNames): boolean {
  if (a === b) return true;
  const text = ({ nodes, controls }: KeptNames) =>
    JSON.stringify([nodes.map(({ id, kept, kind, gone }) => [id, kept, kind, gone]), controls]);
  return text(a) === text(b);
}

function keptOf({ nodes }: KeptNames, id: NodeId): NodeId {
  return nodes.find((node) => node.id === id)?.kept ?? id;
}

/** Those of which both the old and the new names are still what they were. */
function stillUnclear(all: readonly Unclear[], { nodes }: KeptNames): Unclear[] {
  const gone = new Set(nodes.flatMap((node) => (node.gone === undefined ? [] : [node.id])));
  const fresh = new Set(nodes.flatMap((node) => (node.gone === undefined && !isRenamed(node) ? [node.id] : [])));
  return all
    .map((each) => ({ gone: each.gone.filter((id) => gone.has(id)), come: each.come.filter((id) => fresh.has(id)) }))
    .filter((each) => each.gone.length > 0 && each.come.length > 0);
}

function renameNotice({ from, to }: Rename): Notice {
  const message = `\`${from ?? ""}\` is now \`${to}\`: what was typed on its card and its results moved along.`;
  return { id: `renamed ${from ?? ""} ${to}`, severity: "info", message };
}

function unclearNotice({ gone, come }: Unclear): Notice {
  const [names, others] = [gone, come].map((ids) => ids.map((id) => `\`${id}\``));
  const message = `${listed(names ?? [], "and")} ${gone.length === 1 ? "is" : "are"} gone, and ${listed(others ?? [], "or")} may be the same by another name. What was typed on ${gone.length === 1 ? "its card" : "their cards"} is kept under the old name, and is there again if that comes back.`;
  return { id: `renamed? ${gone.join(" ")}`, severity: "info", message };
}

function listed(names: readonly string[], word: string): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1) ?? ""}`;
}
