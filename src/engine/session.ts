import { basename } from "node:path";
import type { Graph, NodeId } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { ItemsPage } from "../model/items.js";
import type { Answer } from "../model/question.js";
import type { Plan, RunRequest } from "../model/plan.js";
import type { FileRef, StoredValue, Value } from "../model/value.js";
import type { CanvasView } from "../model/canvasView.js";
import type { SheetChange, SheetChanged, SheetList } from "../model/sheets.js";
import { IDLE_NODE, type NodeState, type WorkflowEvent } from "../model/workflowState.js";
import { nodeName } from "../model/nodeState.js";
import { FILE_MISSING } from "../model/standstill.js";
import { workerOf } from "../model/variants.js";
import type { EngineOptions, RunEnd, Snapshot } from "../protocol/engine.js";
import { chosenGraph } from "../model/chosenGraph.js";
import type { Run } from "../scheduler/run.js";
import type { Lanes } from "../scheduler/lanes.js";
import type { RunnerPool } from "../scheduler/processes/runnerPool.js";
import type { WorkBasis } from "../scheduler/sameWork.js";
import { loadValue } from "../store/storedValue.js";
import type { RunLease } from "../store/workflowStore.js";
import { SAME_NAMES } from "./namesSince.js";
import type { EngineEnvironment } from "./environment.js";
import { EventStream } from "./eventStream.js";
import { FreshnessFeed, type FreshnessBasis } from "./freshnessFeed.js";
import { keptItems } from "./keptItems.js";
import { LiveGraph, type GraphReading } from "./liveGraph.js";
import { Notices } from "./notices.js";
import { OpenSheet } from "./openSheet.js";
import { Programs } from "./programs.js";
import { beginRun, planRun, type RunBasis } from "./runBasis.js";
import { busy, gone, noItems, noStore, noSuchSheet, untrusted } from "./refusals.js";
import { Runs } from "./runs.js";
import { Sheets } from "./sheets.js";
import { enterValue, pinResult, unpin } from "./sheetEdits.js";
import type { SharedStores } from "./sharedStores.js";
import type { SourceTexts } from "./sourceTexts.js";
import { stored, StoreInUse, storing } from "./storeInUse.js";
import { workspaceRoot } from "./workspaceRoot.js";

export interface SessionServices {
  readonly sources: SourceTexts;
  readonly pool: RunnerPool;
  readonly lanes: Lanes;
  readonly stores: SharedStores;
  readonly environment: EngineEnvironment;
  readonly send: (sequence: number, event: WorkflowEvent) => void;
}

/** How long a file may take to load for the sake of its graph. Milliseconds. */
const LOADING_MS = 30_000;

/** One open workflow. */
export class Session {
  readonly #file: string;
  readonly #services: SessionServices;
  readonly #stream: EventStream;
  readonly #notices: Notices;
  readonly #live: LiveGraph;
  readonly #programs: Programs;
  readonly #freshness: FreshnessFeed;
  readonly #runs: Runs;
  readonly #sheets: Sheets;
  #options: EngineOptions;
  readonly #store: StoreInUse;
  #lease: RunLease | null = null;
  #endSharing: () => void = () => undefined;
  /** Nodes were renamed during the run under way, which goes on with their old names. */
  #renamedMeanwhile = false;
  #runNames = SAME_NAMES;
  /** Everything that changes what is open goes one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #closed = new AbortController();
  /** Aborted by a stop: what is being planned may be waiting for a file that never finishes loading. */
  #planning = new AbortController();

  /** @param sheet - as in {@link EngineApi.open}. */
  constructor(file: string, options: EngineOptions, services: SessionServices, sheet: string | null) {
    this.#file = file;
    this.#options = options;
    this.#services = services;
    this.#stream = new EventStream(file, options.trusted, services.send);
    this.#notices = new Notices((notices) => this.#stream.emit({ type: "notices-changed", notices }));
    this.#store = new StoreInUse(this.#notices, sheet);
    this.#sheets = new Sheets({
      sheet: () => this.#sheet,
      busy: () => this.#runs.busy,
      use: async (id) => {
        const sheet = await this.#store.select(id);
        if (sheet) await this.#use(sheet);
      },
      emit: (event) => this.#stream.emit(event),
      refreshInTurn: () => void this.#inTurn(() => Promise.resolve(this.#sheets.refresh())),
    });
    this.#live = new LiveGraph(
      file,
      services.sources,
      (reading) => this.#read(reading),
      () => void this.#inTurn(() => this.#settleNames()),
    );
    this.#programs = new Programs(file, services.sources, this.#live, services.pool);
    this.#freshness = new FreshnessFeed(() => this.#basis(), this.#stream);
    this.#runs = new Runs({
      begin: (request, stopped, hold) => this.#begin(request, stopped, hold),
      basis: () => this.#workBasis(),
      joined: (request) => this.#sayJoined(request),
      queued: (queue) => this.#sayQueued(queue),
      ended: () => this.#afterRun(),
    });
  }

  /** Reads the text and what the store remembers. Once. */
  async open(): Promise<void> {
    const reading = await this.#live.start();
    this.#read(reading);
    await this.#turn;
    this.#freshness.update();
  }

  get #sheet(): OpenSheet | null {
    return this.#store.sheet;
  }

  snapshot(): Snapshot {
    return this.#stream.snapshot();
  }

  configure(options: EngineOptions): void {
    const before = this.#options;
    this.#options = options;
    if (before.trusted !== options.trusted) {
      this.#stream.emit({ type: "trust-changed", trusted: options.trusted });
      if (!options.trusted) void this.#runs.stop().then(() => this.#services.pool.forget(this.#file));
    }
    this.#read(this.#live.reading);
  }

  textChanged(path: string): void {
    this.#live.textChanged(path);
  }

  async plan(request: RunRequest): Promise<Result<Plan>> {
    const wanted = AbortSignal.any([this.#patience(), this.#planning.signal]);
    const basis = await this.#ready(request, wanted);
    return basis.ok ? planRun(basis.value, request) : basis;
  }

  async preview(request: RunRequest): Promise<Result<Plan>> {
    this.#live.settle();
    await this.#turn;
    const { graph } = this.#stream.state;
    if (!this.#sheet || !graph) return failed(noStore());
    const values = await this.#valuesOf(this.#sheet, graph, request);
    return values.ok ? planRun({ graph, sheet: this.#sheet, values: values.value }, request) : values;
  }

  run(request: RunRequest): Promise<Result<RunEnd>> {
    if (!this.#options.trusted) return Promise.resolve(failed(untrusted()));
    return this.#runs.run(request);
  }

  stop(node?: NodeId): Promise<void> {
    if (node === undefined) {
      this.#planning.abort();
      this.#planning = new AbortController();
    }
    if (node === undefined) return this.#runs.stop();
    const { state } = this.#stream;
    const worker = workerOf(state, node);
    return this.#runs.stopNode(this.#runNames.then(worker), (target) => workerOf(state, target) === worker);
  }

  async settle(): Promise<void> {
    await this.#services.pool.settle(this.#file);
    this.#stream.flush();
  }

  setInput(control: string, value: Value | null, id: string | null): Promise<Result<void>> {
    return this.#edit(async (sheet, graph) => {
      const own = id === null || id === sheet.state.id;
      if (!own && !this.#sheets.has(sheet, id)) return failed(noSuchSheet());
      // What was typed just before somebody switched.
      const typedOn = own ? sheet : await OpenSheet.open(sheet.store, id);
      if (!own) await typedOn.restore();
      return enterValue(typedOn, graph, control, value);
    });
  }

  /** Pins what a node gave last to its outputs, or with `false` takes away whatever is pinned to them. */
  pin(node: NodeId, on: boolean): Promise<Result<void>> {
    const worker = workerOf(this.#stream.state, node);
    return this.#edit((sheet, graph) => (on ? pinResult : unpin)(sheet, graph, worker));
  }

  async importFile(
    source: { readonly path: string } | { readonly name: string; readonly bytes: Uint8Array },
  ): Promise<Result<FileRef>> {
    if (!this.#sheet) return failed(noStore());
    const { blobs } = this.#sheet.store;
    return storing(() => ("path" in source ? blobs.putFile(source.path) : blobs.putBytes(source.bytes, source.name)));
  }

  async filePath(ref: FileRef): Promise<Result<string>> {
    return this.#sheet ? this.#sheet.store.viewPath(ref) : failed(noStore());
  }

  async readValue(value: StoredValue): Promise<Result<Value>> {
    return this.#sheet ? loadValue(value, this.#sheet.store.blobs) : failed(noStore());
  }

  answer(node: NodeId, item: number | null, answer: Answer): Promise<Result<void>> {
    return Promise.resolve(this.#runs.answer(this.#runNames.then(workerOf(this.#stream.state, node)), item, answer));
  }

  async items(node: NodeId, from: number, count: number): Promise<Result<ItemsPage>> {
    const worker = workerOf(this.#stream.state, node);
    const running = this.#runs.items(this.#runNames.then(worker), from, count);
    if (running) return success(running);
    const kept = this.#sheet?.itemsMade(worker);
    return this.#sheet && kept ? keptItems(kept, this.#sheet.store, from, count) : failed(noItems(node));
  }

  clearCache(node?: NodeId): Promise<Result<number>> {
    return this.#inTurn(async () => {
      if (!this.#sheet) return failed(noStore());
      if (this.#runs.busy) return failed(busy("clear the cache"));
      const cleared = await this.#sheet.store.clear(
        node === undefined ? undefined : workerOf(this.#stream.state, node),
      );
      if (cleared.ok) await this.#restore(this.#sheet);
      return cleared;
    });
  }

  sheets(): Promise<Result<SheetList>> {
    return this.#withSheet((_sheet) => Promise.resolve(success(this.#sheets.refresh())));
  }

  selectSheet(name: string): Promise<Result<void>> {
    return this.#withSheet((sheet) => this.#sheets.selectNamed(sheet, name));
  }

  changeSheets(change: SheetChange): Promise<Result<SheetChanged>> {
    return this.#withSheet((sheet) => this.#sheets.change(sheet, change));
  }

  keepView(id: string, view: CanvasView): void {
    void this.#inTurn(() => Promise.resolve(this.#sheet && this.#sheets.keepView(this.#sheet, id, view)));
  }

  reportBug(error: unknown): void {
    const message = `Daggr ran into a bug of its own: ${error instanceof Error ? error.message : String(error)}`;
    this.#notices.add({ id: "bug", severity: "error", message });
  }

  /** Stops what runs and lets go of everything. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#live.dispose();
    await this.#runs.close();
    this.#endSharing();
    await this.#inTurn(() => this.#settleNames());
    await this.#inTurn(() => this.#store.close());
    this.#sheets.dispose();
    this.#freshness.dispose();
    this.#stream.dispose();
    this.#services.pool.forget(this.#file);
  }

  /** A new reading of the text, or another way of looking at it. */
  #read(reading: GraphReading): void {
    if (this.#closed.signal.aborted) return;
    const graph = this.#programs.shown(reading);
    this.#show(graph);
    if (this.#services.sources.isOnDisk(this.#file)) this.#notices.remove(FILE_MISSING);
    else {
      const { message, hint = "" } = gone(this.#file);
      this.#notices.add({ id: FILE_MISSING, severity: "error", message: `${message} ${hint}` });
    }
    if (graph) void this.#inTurn(() => this.#attend(graph));
    this.#freshness.later();
  }

  /** Fills in what only the program knows. Code of an untrusted workspace is never loaded. */
  async #complete(): Promise<void> {
    const { reading } = this.#live;
    if (!this.#sheet || !this.#options.trusted || !this.#programs.wantsLoading(reading)) return;
    if (this.#programs.unsaved(reading).length > 0) return;
    const learned = await this.#programs.complete(this.#sheet.store.blobs.folder, this.#patience());
    if (this.#closed.signal.aborted) return;
    if (learned.ok) {
      this.#notices.remove("load-failed");
      this.#show(this.#programs.shown(this.#live.reading));
      await this.#inTurn(() => this.#carryOver());
      this.#freshness.later();
    } else {
      const message = `Part of the graph is unknown, because the file cannot be loaded. ${learned.failure.message}`;
      this.#notices.add({ id: "load-failed", severity: "warning", message });
    }
  }

  /** Shows a graph, with what its nodes were called before. */
  #show(graph: Graph | null): Graph | null {
    const { graphStatus, diagnostics } = this.#live.reading;
    const named = graph && (this.#store.renamed?.follow(graph, this.#live.reading.texts) ?? graph);
    this.#stream.emit({ type: "graph-changed", graph: named, graphStatus, diagnostics });
    return named;
  }

  /** Takes what is kept of renamed nodes along. */
  async #carryOver(): Promise<void> {
    const { renamed, sheet } = this.#store;
    if (!renamed || !sheet) return;
    const names = renamed.since();
    if (await renamed.carryOver(sheet, this.#stream)) {
      this.#renamedMeanwhile ||= this.#runs.holding;
      this.#runs.renamed(names.now);
    }
    await this.#settleNames();
  }

  /** Names are settled when what editors show is what lies on disk: that is what other windows and the command line see. */
  async #settleNames(): Promise<void> {
    const { reading } = this.#live;
    if (reading.graphStatus === "last-good") return;
    if (this.#programs.unsaved(reading).length > 0) return this.#store.renamed?.hold(reading.texts);
    const notices = (await this.#store.renamed?.settle()) ?? [];
    if (notices.length > 0) this.#notices.set("renames", notices);
  }

  /** Brings what is open in line with the graph. */
  async #attend(graph: Graph): Promise<void> {
    await this.#openStore();
    await this.#carryOver();
    // Files that an untrusted workflow names are none of our business yet.
    if (this.#options.trusted && this.#sheet) await this.#readDefaults(this.#sheet, graph);
    this.#freshness.later();
    // Not waited for: loading takes its time, or never ends.
    void this.#complete();
  }

  /** The store of the graph as it is now; where somebody has deleted the folder, a new one. */
  async #openStore(): Promise<void> {
    const { graph } = this.#stream;
    // A run goes on with the store that it began with; the next reading, or the end of the run, looks again.
    if (!graph || this.#runs.holding || this.#closed.signal.aborted) return;
    const root = workspaceRoot(this.#file, this.#options.roots);
    // A folder that is not trusted is neither written to, nor believed in what it holds.
    const key = this.#options.trusted && (graph.persistKey ?? graph.name);
    const opened = await this.#store.open(root, key, graph, this.#live.reading.texts);
    if (!opened) return;
    if (this.#store.renamed?.follow(graph, this.#live.reading.texts) !== graph) this.#show(graph);
    this.#endSharing();
    if (key !== false) {
      const told = (others: readonly string[]) => this.#saySharing(key, others);
      this.#endSharing = this.#services.stores.enter(JSON.stringify([root, key]), this.#file, told);
    }
    await this.#use(opened);
  }

  #saySharing(key: string, others: readonly string[]): void {
    if (others.length === 0) return this.#notices.remove("shared");
    const names = others.map((file) => basename(file)).join(", ");
    const message = `${names} ${others.length === 1 ? "is" : "are"} called “${key}”, too, and so ${others.length === 1 ? "shares" : "share"} inputs and results with this file. Give one of them another \`name\`, or a \`persistKey\` of its own.`;
    this.#notices.add({ id: "shared", severity: "warning", message });
  }

  async #use(sheet: OpenSheet): Promise<void> {
    this.#notices.remove("run-closed");
    await this.#restore(sheet, () => {
      this.#stream.emit({ type: "view-changed", view: sheet.store.sheetFiles.view(sheet.state.id) });
      this.#stream.emit({ type: "sheet-changed", sheet: sheet.state });
      this.#sheets.refresh();
    });
    if (!(await sheet.store.takeClosedRun(sheet.state.id))) return;
    const message =
      "The run was ended when the window or terminal that ran it was closed. What had finished is kept: run again to go on.";
    this.#notices.add({ id: "run-closed", severity: "warning", message });
  }

  /** @param before - called when all is known, right before it is told. */
  async #restore(sheet: OpenSheet, before: () => void = () => undefined): Promise<void> {
    const restored = await sheet.restore();
    before();
    const forgotten = Object.keys(this.#stream.state.nodes).map((id): [string, NodeState] => [id, IDLE_NODE]);
    const nodes = { ...Object.fromEntries(forgotten), ...restored };
    this.#stream.emit({ type: "nodes-restored", nodes });
    this.#freshness.update();
  }

  #basis(): FreshnessBasis | null {
    const { graph } = this.#stream.state;
    return graph && this.#sheet && { graph, sheet: this.#sheet };
  }

  /** What a request would be planned on. Fails where nothing can be run. */
  async #ready(request: RunRequest, signal: AbortSignal): Promise<Result<RunBasis>> {
    if (!this.#options.trusted) return failed(untrusted());
    // Readings that are due, and stores that they open, come first.
    this.#live.settle();
    await this.#turn;
    const sheet = this.#sheet;
    const folder = sheet?.store.blobs.folder ?? "";
    const runnable = await this.#programs.runnable(folder, request.debug === true, signal);
    if (!runnable.ok) return runnable;
    if (!sheet) return failed(noStore());
    const { program } = runnable.value;
    const { texts } = this.#live.reading;
    const graph = this.#store.renamed?.follow(runnable.value.graph, texts) ?? runnable.value.graph;
    if (graph !== this.#stream.state.graph) this.#show(graph);
    await this.#inTurn(() => this.#carryOver());
    const { store } = sheet;
    const problems = await this.#readDefaults(sheet, graph);
    const values = await this.#valuesOf(sheet, graph, request);
    // Somebody has renamed a node while files were being read: what was typed is under another name now.
    if (sheet.store !== store) return this.#ready(request, signal);
    return values.ok ? success({ graph, program, sheet, values: values.value, problems }) : values;
  }

  async #readDefaults(sheet: OpenSheet, graph: Graph): Promise<RunBasis["problems"]> {
    const problems = await sheet.readDefaults(graph);
    // They count by their content, so a change of one is a change of what is fresh.
    this.#live.attendTo(sheet.files);
    const messages = Object.values(problems).map(({ message }) => `${message}.`);
    if (messages.length === 0) this.#notices.remove("defaults");
    else this.#notices.add({ id: "defaults", severity: "warning", message: messages.join(" ") });
    return problems;
  }

  async #valuesOf(sheet: OpenSheet, graph: Graph, { inputs = {} }: RunRequest): Promise<Result<RunBasis["values"]>> {
    const values = { ...sheet.valuesFor(graph) };
    for (const [control, value] of Object.entries(inputs)) {
      const taken = value === null ? null : await stored(sheet.store, value);
      if (taken?.ok === false) return taken;
      if (taken) values[control] = taken.value;
      else Reflect.deleteProperty(values, control);
    }
    return success(values);
  }

  async #begin(request: RunRequest, stopped: AbortSignal, hold: () => void): Promise<Result<Run>> {
    // The store of the graph as it is now; from then on it stays open until the run has ended.
    this.#live.settle();
    await this.#inTurn(() => this.#openStore());
    hold();
    this.#notices.remove("run-closed");
    const lease = this.#sheet?.store.leaseRun() ?? null;
    this.#lease = lease;
    const basis = await this.#ready(request, stopped);
    if (!basis.ok) return basis;
    if (!lease) return failed(noStore());
    const { graph, sheet } = basis.value;
    const { state } = sheet;
    const names = this.#store.renamed?.since() ?? SAME_NAMES;
    this.#runNames = names;
    return beginRun(basis.value, request, {
      environment: this.#services.environment,
      backend: this.#services.pool,
      lanes: this.#services.lanes,
      lease,
      names,
      nodeNow: (id) => this.#live.settle().graph?.nodes.find((node) => node.id === id),
      emit: (event) => this.#stream.emit(event),
      recorded: (node) => {
        // What was edited during the run makes stale what the run gives, which must not look fresh even for a moment.
        const edited = request.inputs !== undefined || sheet.state !== state || this.#stream.graph !== graph;
        if (edited) this.#freshness.updateNode(node);
        this.#freshness.whileRunning();
      },
    });
  }

  /** What a request that comes this moment is about; `null`: it could not be run. */
  async #workBasis(): Promise<WorkBasis | null> {
    const { graphStatus } = this.#live.settle();
    await this.#turn;
    const sheet = this.#sheet;
    const { graph } = this.#stream.state;
    if (!sheet || !graph || graphStatus === "last-good") return null;
    await this.#readDefaults(sheet, graph);
    const values = sheet.valuesFor(graph);
    return { graph: chosenGraph(graph, values), values };
  }

  #afterRun(): void {
    this.#lease?.end();
    this.#runNames = SAME_NAMES;
    this.#notices.remove("joined");
    this.#freshness.update();
    // What was put off while the run was using the store.
    const { graph } = this.#stream.state;
    if (!graph || this.#closed.signal.aborted) return;
    const sheet = this.#renamedMeanwhile ? this.#sheet : null;
    this.#renamedMeanwhile = false;
    if (sheet) void this.#inTurn(() => this.#restore(sheet));
    void this.#inTurn(() => this.#attend(graph));
  }

  /** For loading that nobody has asked for, and nobody can stop. */
  #patience(): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(LOADING_MS), this.#closed.signal]);
  }

  #sayQueued(queue: readonly RunRequest[]): void {
    if (queue.length + this.#stream.state.queue.length > 0) this.#stream.emit({ type: "queue-changed", queue });
  }

  #sayJoined({ targets }: RunRequest): void {
    const [node, ...others] = targets;
    const what = node === undefined || others.length > 0 ? "This" : `\`${nodeName(this.#stream.state, node)}\``;
    const message = `${what} is already being run; the request joined the run under way.`;
    // Each time it is news.
    this.#notices.remove("joined");
    this.#notices.add({ id: "joined", severity: "info", message });
  }

  /** Changes what is kept on the sheet. */
  #edit(edit: (sheet: OpenSheet, graph: Graph) => Promise<Result<void>>): Promise<Result<void>> {
    return this.#inTurn(async () => {
      await this.#openStore();
      const sheet = this.#sheet;
      const { graph } = this.#stream.state;
      if (!sheet || !graph) return failed(noStore());
      const before = sheet.state;
      const kept = await edit(sheet, graph);
      // What could not be written holds all the same, for as long as this is open.
      if (sheet.state !== before) {
        this.#stream.emit({ type: "sheet-changed", sheet: sheet.state });
        this.#freshness.update();
      }
      return kept;
    });
  }

  /** What is done with the sheets of the store as it is now. */
  #withSheet<T>(act: (sheet: OpenSheet) => Promise<Result<T>>): Promise<Result<T>> {
    return this.#inTurn(async () => {
      await this.#openStore();
      return this.#sheet ? act(this.#sheet) : failed(noStore());
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
