import { controlsOf } from "../model/controls.js";
import { editControl, editedList, type EditedList } from "../model/editedLists.js";
import { pinnedOutput } from "../model/pins.js";
import type { Graph, NodeId } from "../model/graph.js";
import type { ItemsAttempt } from "../model/items.js";
import { success, type Result } from "../model/outcome.js";
import type { FingerprintRecord, ResultRecord } from "../model/result.js";
import type { StoredValue, Value } from "../model/value.js";
import { IDLE_NODE, type NodeState, type Outcome, type SheetState } from "../model/workflowState.js";
import { FileDefaultReader, type FileDefaults } from "../scheduler/inputValuesFromFiles.js";
import { resultView } from "../scheduler/resultView.js";
import { loadValue } from "../store/storedValue.js";
import type { NodeMemory, WorkflowStore } from "../store/workflowStore.js";
import type { Rename } from "./renamedNodes.js";

/** What tells of the items of a node: see {@link ItemsAttempt}. */
export type KeptItems = Pick<ItemsAttempt, "outcomes" | "given">;

/** A sheet as it is in use: what was typed, and every node's selected result and count. */
export class OpenSheet {
  #store: WorkflowStore;
  readonly selected = new Map<NodeId, ResultRecord>();
  readonly counts = new Map<NodeId, number>();
  /** What the last execution of a node was made from, where that failed. */
  readonly failed = new Map<NodeId, FingerprintRecord>();
  /** The items of a node's last execution, where that made no result. */
  readonly attempts = new Map<NodeId, ItemsAttempt>();
  readonly #defaultReader: FileDefaultReader;
  #defaults: FileDefaults = { values: {}, failures: {}, files: [] };
  #state: SheetState;

  private constructor(store: WorkflowStore, state: SheetState) {
    this.#store = store;
    this.#defaultReader = new FileDefaultReader(store.blobs);
    this.#state = state;
  }

  /** @param id - as in `SheetEntry`. */
  static async open(store: WorkflowStore, id: string): Promise<OpenSheet> {
    return new OpenSheet(store, await store.sheet(id));
  }

  get store(): WorkflowStore {
    return this.#store;
  }

  get state(): SheetState {
    return this.#state;
  }

  /**
   * What the graph's controls hold: what was typed, or else the files that are their defaults. What was typed into a control
   * that is no longer there is kept, but counts only when it is there again.
   */
  valuesFor(graph: Graph): Readonly<Record<string, StoredValue>> {
    const controls = controlsOf(graph);
    const typed = Object.entries(this.#state.values).filter(
      ([control]) => controls.has(control) || (editedList(graph, control) ?? pinnedOutput(graph, control)),
    );
    return { ...this.#defaults.values, ...Object.fromEntries(typed) };
  }

  /** Absolute paths of the files that count beside what was typed. */
  get files(): readonly string[] {
    return this.#defaults.files;
  }

  /** Takes the files that controls have for their defaults into the store. Answers which it could not take, and why. */
  async readDefaults(graph: Graph): Promise<FileDefaults["failures"]> {
    this.#defaults = await this.#defaultReader.read(graph);
    return this.#defaults.failures;
  }

  /** It is called otherwise from now on. */
  renamed(name: string): void {
    this.#state = { ...this.#state, name };
  }

  /** Takes from the store what it remembers, and answers how each node stands. */
  async restore(): Promise<Record<NodeId, NodeState>> {
    const memories = Object.entries(await this.store.nodeStates(this.#state.id));
    const ids = memories.flatMap(([, { selected }]) => selected ?? []);
    const results = await this.store.getResults(ids);
    this.selected.clear();
    this.counts.clear();
    this.failed.clear();
    this.attempts.clear();
    const states: Record<NodeId, NodeState> = {};
    for (const [node, memory] of memories) {
      const result = memory.selected === null ? undefined : results.get(memory.selected);
      if (result) this.selected.set(node, result);
      this.counts.set(node, memory.count);
      const { record, status } = memory.last ?? {};
      // Of a failure that left a result, some of whose items failed, that has the record.
      const failed = record ?? (status === "failed" ? result?.record : undefined);
      if (failed) this.failed.set(node, failed);
      if (memory.last?.items) this.attempts.set(node, memory.last.items);
      states[node] = stateOf(memory, result);
    }
    return states;
  }

  /** Nodes are called otherwise from now on, as in this view of the store. A run under way goes on with the view that it began with. */
  async rename(store: WorkflowStore, renames: readonly Rename[]): Promise<void> {
    this.#store = store;
    for (const memory of [this.selected, this.counts, this.failed, this.attempts]) rekey<unknown>(memory, renames);
    this.#state = await store.sheet(this.#state.id);
  }

  /**
   * Keeps what was typed; `null`: back to the default. On disk when it answers that all is well; what can't be kept holds for this
   * session all the same.
   */
  async setInput(control: string, value: StoredValue | null): Promise<Result<void>> {
    const kept = await this.store.setInput(this.#state.id, control, value);
    const { [control]: _before, ...others } = this.#state.values;
    this.#state = { ...this.#state, values: value ? { ...others, [control]: value } : others };
    return this.store.readOnly ? success(undefined) : kept;
  }

  /** The items of a list that can be edited, as the node gave them, as far as that is known, and as they are edited now. */
  async itemsOf({ node, port }: EditedList, control: string): Promise<readonly Value[]> {
    const given = this.selected.get(node)?.outputs[port];
    const lists = [
      given && editControl(node, port, given.digest) === control ? given : undefined,
      this.#state.values[control],
    ].map(async (list) => (list ? loadValue(list, this.store.blobs) : null));
    return (await Promise.all(lists)).flatMap((list) => (list?.ok ? list.value : []));
  }

  /** The items of a node's selected result; where it has none, those of its last execution. `null`: there are none. */
  itemsMade(node: NodeId): KeptItems | null {
    const result = this.selected.get(node);
    if (result) return result.items ? { outcomes: result.items.outcomes, given: digestsOf(result.inputs) } : null;
    return this.attempts.get(node) ?? null;
  }

  /** Takes in how often nodes were executed in other windows meanwhile. */
  async refreshCounts(): Promise<void> {
    for (const [node, { count }] of Object.entries(await this.store.nodeStates(this.#state.id)))
      this.counts.set(node, Math.max(count, this.counts.get(node) ?? 0));
  }

  /** What a run tells of a node. */
  record(
    node: NodeId,
    count: number,
    result: ResultRecord | null,
    failed?: FingerprintRecord,
    items?: ItemsAttempt,
  ): void {
    this.counts.set(node, count);
    if (failed) this.failed.set(node, failed);
    else this.failed.delete(node);
    if (items) this.attempts.set(node, items);
    else this.attempts.delete(node);
    if (result) this.selected.set(node, result);
  }
}

function rekey<T>(memory: Map<NodeId, T>, renames: readonly Rename[]): void {
  const before = new Map(memory);
  for (const { from } of renames) if (from !== null) memory.delete(from);
  for (const { from, to } of renames) {
    const known = from === null ? undefined : before.get(from);
    if (known === undefined) memory.delete(to);
    else memory.set(to, known);
  }
}

function digestsOf(values: Readonly<Record<string, StoredValue>>): KeptItems["given"] {
  return Object.fromEntries(Object.entries(values).map(([port, { digest }]) => [port, digest]));
}

function stateOf({ last, count }: NodeMemory, result: ResultRecord | undefined): NodeState {
  return {
    ...IDLE_NODE,
    outcome: last ? outcomeOf(last) : { kind: "never" },
    count,
    result: result ? resultView(result) : null,
    log: last?.log ?? [],
    ...(last?.logCut && { logCut: last.logCut }),
  };
}

function outcomeOf({ status, durationMs, failure, items, closed }: NonNullable<NodeMemory["last"]>): Outcome {
  const stood = items && { items: items.counts };
  switch (status) {
    case "reused":
      return { kind: "reused" };
    case "succeeded":
      return { kind: status, durationMs };
    case "cancelled":
      return { kind: status, durationMs, ...(closed && { closed }), ...stood };
    case "failed": {
      const unknown = { reason: "internal", message: "It failed; why was not recorded." } as const;
      return { kind: "failed", failure: failure ?? unknown, durationMs, ...stood };
    }
  }
}
