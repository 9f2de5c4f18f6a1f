/* eslint-disable svelte/prefer-svelte-reactivity -- what is drawn is replaced as a whole; these hold what isn't drawn */
import { createContext } from "svelte";
import { chosenGraph } from "../../src/model/chosenGraph.js";
import { editControl } from "../../src/model/editedLists.js";
import { findNode, keyOf, type GraphNode, type NodeId } from "../../src/model/graph.js";
import { mappedNodes } from "../../src/model/items.js";
import { asSeen } from "../../src/model/nodeState.js";
import { pinnedOutput, unpinnable } from "../../src/model/pins.js";
import type { BlockedStep, PlanStep, RunRequest } from "../../src/model/plan.js";
import { refusalOf, type Refusal } from "../../src/model/refusal.js";
import { RUN_ALL, RUN_STALE } from "../../src/model/runRequest.js";
import { FIRST_SHEET, type SheetChange } from "../../src/model/sheets.js";
import type { SourceRange } from "../../src/model/source.js";
import { standstillOf } from "../../src/model/standstill.js";
import type { StoredValue, Value } from "../../src/model/value.js";
import { selectedVariant } from "../../src/model/variants.js";
import { IDLE_NODE, type NodeState, type WorkflowEvent, type WorkflowState } from "../../src/model/workflowState.js";
import type { CanvasApi, CanvasHostApi, SheetQuestion } from "../../src/protocol/canvas.js";
import { Draft } from "../controls/draft.svelte.js";
import { cardOf } from "../flow/drawnGraph.js";
import { ItemLists } from "../items/itemPages.svelte.js";
import { EditedLists } from "../lists/editedLists.js";
import type { ListEdits } from "../lists/listEdits.svelte.js";
import { recordsOf } from "../renderers/shapes.js";
import { AnswerDrafts } from "./answerDrafts.js";
import { Clock } from "./clock.svelte.js";
import { Feed } from "./feed.js";
import { beforeNextFrame } from "./frame.js";
import { PlanPreview } from "./planPreview.svelte.js";
import { RUN_NODE, type RunMode } from "./runModes.js";
import { type UnsentInput, UnsentInputs } from "./unsentInputs.js";
import { Values } from "./values.svelte.js";

/** All that the canvas draws from, and all that it can ask for. */
export class Canvas implements CanvasApi {
  /** `null` until the first snapshot has come. */
  workflow = $state.raw<WorkflowState | null>(null);
  /** Why the engine cannot be reached; `null`: it can. */
  problem = $state<string | null>(null);
  /** The node whose declaration the editor's cursor is in. */
  marked = $state<NodeId | null>(null);
  selected = $state<NodeId | null>(null);
  /** Cards that show their header only, by what their nodes are kept under. */
  collapsedKeys = $state.raw<ReadonlySet<string>>(new Set());
  /** Set by the flow: brings a card into view, and gives it the focus if asked. */
  reveal: (node: NodeId, focus: boolean) => void = () => undefined;
  #wanted: Parameters<Canvas["revealControl"]> | null = null;
  #revealControl: ((card: NodeId, control: string) => void) | null = null;

  readonly clock = new Clock();
  readonly host: CanvasHostApi;
  readonly values: Values;
  #items: ItemLists;
  readonly preview: PlanPreview;
  readonly unsent = new UnsentInputs(() => this.#tellUnsent());
  readonly answers = new AnswerDrafts();
  #lists = new EditedLists();
  /** What controls of the sheets that are not in use hold and cannot send, by sheet. */
  readonly #unsentElsewhere = new Map<string, Readonly<Record<string, UnsentInput>>>();
  readonly #feed: Feed;
  readonly #drafts = new Set<Draft>();
  #refusal = $state.raw<Refusal | null>(null);
  /** Runs that were asked for here and are not answered yet. */
  #asked = $state(0);

  // Of their own, so that what is derived from them is derived only when they change, not with every event of a run.
  readonly #graph = $derived(this.workflow?.graph ?? null);
  /** Derived once a graph, so that cards don't search it. */
  readonly #nodesById = $derived(new Map(this.#graph?.nodes.map((node) => [node.id, node])));
  /** Cards that show their header only. */
  readonly collapsed: ReadonlySet<NodeId> = $derived(
    new Set(this.#graph?.nodes.filter((node) => this.collapsedKeys.has(keyOf(node))).map(({ id }) => id)),
  );
  readonly #values = $derived(this.workflow?.sheet.values ?? {});
  readonly #chosen = $derived(this.#graph && chosenGraph(this.#graph, this.#values));
  readonly #mapped = $derived(this.#chosen ? mappedNodes(this.#chosen) : new Set<NodeId>());
  readonly #queued = $derived(
    new Set(this.workflow?.queue.flatMap(({ targets }) => targets.map((id) => this.#workers.get(id) ?? id))),
  );
  readonly #pinned = $derived(new Set(this.#chosen?.nodes.filter(({ pinned }) => pinned).map(({ id }) => id)));
  /** Cards whose outputs are being given values by hand. */
  giving = $state.raw<ReadonlySet<NodeId>>(new Set());
  readonly #workers = $derived.by((): ReadonlyMap<NodeId, NodeId> => {
    const nodes = this.#graph?.nodes ?? [];
    return new Map(
      nodes.flatMap((node): [NodeId, NodeId][] => {
        const variant = selectedVariant(node, this.#values);
        return variant === null ? [] : [[node.id, variant]];
      }),
    );
  });

  constructor(connect: (canvas: CanvasApi) => CanvasHostApi) {
    // Only the methods of the protocol are there for the host to call.
    this.host = connect({
      event: (sequence, event) => this.event(sequence, event),
      mark: (node, reveal) => this.mark(node, reveal),
      showControl: (card, control) => this.showControl(card, control),
      connection: (problem) => this.connection(problem),
    });
    this.values = new Values(this.host);
    this.#items = $state.raw(new ItemLists(this.host));
    this.preview = new PlanPreview(async (request) => {
      if (!this.runnable) return null;
      await this.#keepTyped();
      return this.host.plan(request);
    });
    this.#feed = new Feed(
      async () => {
        const snapshot = await this.host.ready();
        this.#tellUnsent();
        return snapshot;
      },
      (state) => this.#show(state),
      beforeNextFrame,
    );
  }

  /** Of the sheet in use. */
  get items(): ItemLists {
    return this.#items;
  }

  /** Goes over to another sheet with the state that is the first on it. */
  #show(state: WorkflowState): void {
    const before = this.workflow?.sheet.id;
    const { id } = state.sheet;
    if (before !== undefined && before !== id) {
      this.#unsentElsewhere.set(before, this.unsent.saved());
      this.unsent.replace(this.#unsentElsewhere.get(id) ?? {});
      this.#lists = new EditedLists();
      this.#items = new ItemLists(this.host);
      this.giving = new Set();
      this.#refusal = null;
      this.preview.hide();
    }
    this.workflow = state;
  }

  /** Does something with sheets, after everything that was typed has been kept. */
  async changeSheets(change: SheetChange): Promise<void> {
    await this.#keepTyped();
    await this.host.changeSheets(change);
  }

  /** The same with the sheet in use, where the host has to ask something. */
  async #askSheets(question: SheetQuestion): Promise<void> {
    await this.#keepTyped();
    if (this.workflow) this.host.askSheets(question, this.workflow.sheet.id);
  }

  askSheets(question: SheetQuestion): void {
    void this.#askSheets(question);
  }

  /** Brings a control into view and gives it the focus, as soon as there is a flow. */
  get revealControl(): (card: NodeId, control: string) => void {
    return this.#revealControl ?? ((...wanted) => (this.#wanted = wanted));
  }

  /** Set by the flow. */
  set revealControl(reveal) {
    this.#revealControl = reveal;
    if (this.#wanted) reveal(...this.#wanted);
    this.#wanted = null;
  }

  open(): void {
    this.#feed.open().catch((cause: unknown) => {
      console.error(cause);
      this.problem ??= "The workflow could not be read. Close this panel and open the graph again.";
    });
  }

  event(sequence: number, event: WorkflowEvent): void {
    this.#feed.event(sequence, event);
  }

  mark(node: NodeId | null, reveal: boolean): void {
    this.marked = node && this.card(node);
    if (!reveal) return;
    // The user is in the code now: one place at a time.
    this.selected = null;
    if (node !== null) this.reveal(node, false);
  }

  showControl(card: NodeId, control: string): void {
    if (this.collapsed.has(card)) this.toggleCollapsed(card);
    // What is pinned has a control only while it is being given.
    if (this.#graph && pinnedOutput(this.#graph, control)) this.give(card, true);
    this.revealControl(card, control);
  }

  connection(problem: string | null): void {
    const back = this.problem !== null && problem === null;
    this.problem = problem;
    if (back) this.open();
  }

  node(id: NodeId): GraphNode | undefined {
    return this.#nodesById.get(id);
  }

  /** The selected variant of each choice, by choice. */
  get workers(): ReadonlyMap<NodeId, NodeId> {
    return this.#workers;
  }

  /** The node that does what a card shows: of a choice, its selected variant. */
  worker(id: NodeId): GraphNode | undefined {
    return this.node(this.#workers.get(id) ?? id);
  }

  state(id: NodeId): NodeState {
    const worker = this.#workers.get(id) ?? id;
    const state = this.workflow?.nodes[worker] ?? IDLE_NODE;
    return asSeen(state, this.#pinned.has(worker), this.#queued.has(worker));
  }

  /** The card on which a node shows. */
  card(id: NodeId): NodeId {
    const node = this.node(id);
    return node ? cardOf(node) : id;
  }

  /** Whether a card shows how a node stands: of a choice's variants, the selected one alone. */
  shows(id: NodeId): boolean {
    return this.worker(this.card(id))?.id === id;
  }

  /** Why the run that was asked for last was not started, until that is put right. */
  get refusal(): Refusal | null {
    return this.#refusal && this.unsent.get(this.#refusal.control) ? this.#refusal : null;
  }

  /** A run was asked for and has not begun yet: the files are being saved, the program loaded, or another run is under way. */
  get starting(): boolean {
    return this.#asked > 0 && !this.workflow?.run;
  }

  /** Why nothing can be run, in a few words; `null`: it can, as far as the workflow goes. */
  get standstill(): string | null {
    return this.workflow && standstillOf(this.workflow);
  }

  get runnable(): boolean {
    return this.workflow !== null && this.standstill === null && this.problem === null;
  }

  /**
   * Starts a run, after everything that was typed has been kept. Refused while a control that the run reads holds what
   * cannot be sent: it would run with another value than the one on the card.
   *
   * @param asked the card that it was asked on; `null`: none of them
   */
  async run(request: RunRequest, asked: NodeId | null = null): Promise<void> {
    if (!this.runnable || !this.workflow) return;
    this.#refusal = refusalOf(this.workflow, request, this.unsent, asked);
    if (this.#refusal) {
      const { on, control } = this.#refusal;
      this.showControl(on, control);
      return;
    }
    this.preview.hide();
    this.#asked++;
    try {
      await this.#keepTyped();
      await this.host.run(request);
    } finally {
      // In the frame that shows its end, never before it.
      beforeNextFrame(() => this.#asked--);
    }
  }

  async #keepTyped(): Promise<void> {
    await Promise.all([...this.#drafts].map((draft) => draft.flush()));
    await this.#lists.sent();
  }

  /** Shows what a run would do while a way to it is pointed at; `null`: none is any more. */
  point(request: RunRequest | null): void {
    if (request && this.runnable) this.preview.show(request);
    else this.preview.hide();
  }

  /** What the run that is pointed at would do with a card's node; undefined: it has no part in it. */
  planned(id: NodeId): PlanStep | BlockedStep | undefined {
    return this.preview.step(this.#workers.get(id) ?? id);
  }

  runNode(id: NodeId, mode: RunMode = RUN_NODE): void {
    void this.run(mode.request(id), id);
  }

  /** Whether a card's node runs once for each item of a list. */
  runsOnceAnItem(id: NodeId): boolean {
    return this.#mapped.has(this.#workers.get(id) ?? id);
  }

  /** Whether values can stand in for running a card's node. */
  pinnable(id: NodeId): boolean {
    const worker = this.worker(id);
    if (!worker || !this.#chosen) return false;
    return this.#pinned.has(worker.id) || unpinnable(this.#chosen, worker) === null;
  }

  /** Begins to give a card's outputs values by hand, or ends it; what was given stays pinned. */
  give(id: NodeId, on: boolean): void {
    const giving = new Set(this.giving);
    if (on) giving.add(id);
    else giving.delete(id);
    this.giving = giving;
  }

  /** Runs some items of a node again, and no others. */
  runItems(id: NodeId, items: readonly number[], reuse: RunRequest["reuse"] = "not-targets"): Promise<void> {
    return this.run({ scope: "only", targets: [id], reuse, items }, id);
  }

  runAll(): void {
    void this.run(RUN_ALL);
  }

  runStale(): void {
    void this.run(RUN_STALE);
  }

  select(id: NodeId | null): void {
    if (this.selected === id) return;
    this.selected = id;
    this.host.selected(id);
  }

  openSource(range: SourceRange | undefined): void {
    if (range) this.host.openSource(range);
  }

  openNode(id: NodeId): void {
    const node = this.workflow?.graph && findNode(this.workflow.graph, id);
    if (node) this.openSource(node.nameRange ?? node.range);
  }

  toggleCollapsed(id: NodeId): void {
    const node = this.node(id);
    const key = node ? keyOf(node) : id;
    const keys = new Set(this.collapsedKeys);
    if (!keys.delete(key)) keys.add(key);
    this.collapsedKeys = keys;
  }

  /** Id of the sheet in use. What is typed on it stays its own, whichever is in use when it is sent. */
  get #sheet(): string {
    return this.workflow?.sheet.id ?? FIRST_SHEET;
  }

  #tellUnsent(): void {
    this.host.unsent(this.unsent.problems());
  }

  /** A draft of a control's value; the caller closes it when the control goes. */
  openDraft(control: () => string, stored: () => Value): { draft: Draft; close: () => void } {
    const sheet = this.#sheet;
    const draft = new Draft(stored, (value) => this.host.setInput(control(), value, sheet), {
      get: () => this.unsent.get(control()),
      set: (input) => (input ? this.unsent.set(control(), input) : this.unsent.delete(control())),
    });
    return this.#keep(draft);
  }

  /** The same for a field of an item in a list that is edited. */
  openFieldDraft(edits: ListEdits, key: number, field: string, stored: () => Value): ReturnType<Canvas["openDraft"]> {
    return this.#keep(new Draft(stored, (value) => edits.setField(key, field, value), edits.slot(key, field)));
  }

  /**
   * What somebody makes of a list that a node gave.
   *
   * @param given - the list as the node gave it
   */
  editedList(node: NodeId, port: string, given: StoredValue): { readonly control: string; readonly edits: ListEdits } {
    const control = editControl(node, port, given.digest);
    const sheet = this.#sheet;
    const itemsOf = (stored: StoredValue): ReturnType<typeof recordsOf> => {
      const shown = this.values.show(stored);
      return shown.kind === "whole" ? recordsOf(shown.value) : null;
    };
    const edits = this.#lists.of(control, {
      given: () => itemsOf(given),
      stored: () => itemsOf(this.#values[control] ?? given),
      send: (list) => this.host.setInput(control, list, sheet),
      tellProblem: (problem) => {
        if (problem === null) this.unsent.delete(control);
        else this.unsent.set(control, { text: null, problem });
      },
    });
    return { control, edits };
  }

  #keep(draft: Draft): ReturnType<Canvas["openDraft"]> {
    this.#drafts.add(draft);
    return {
      draft,
      close: () => {
        void draft.flush();
        this.#drafts.delete(draft);
      },
    };
  }
}

export const [getCanvas, setCanvas] = createContext<Canvas>();
