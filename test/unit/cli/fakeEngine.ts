import type { Graph } from "../../../src/model/graph.js";
import { failed, success, type Result } from "../../../src/model/outcome.js";
import type { Plan, RunRequest } from "../../../src/model/plan.js";
import { initialWorkflowState } from "../../../src/model/reduceWorkflow.js";
import type { Answer } from "../../../src/model/question.js";
import type { RunEvent } from "../../../src/model/runEvent.js";
import type { SheetChange, SheetChanged, SheetEntry } from "../../../src/model/sheets.js";
import type { FileRef, StoredValue, Value } from "../../../src/model/value.js";
import type { WorkflowState } from "../../../src/model/workflowState.js";
import type { EngineApi, EngineEvents, EngineOptions, RunEnd } from "../../../src/protocol/engine.js";

/** An engine that notes what it is asked, and runs nothing: the test says what happens. */
export class FakeEngine implements EngineApi {
  options: EngineOptions | null = null;
  readonly planned: RunRequest[] = [];
  plans: Result<Plan> = success({ steps: [] });
  readonly requests: RunRequest[] = [];
  readonly imported: string[] = [];
  readonly selectedSheets: string[] = [];
  knownSheets: readonly string[] = ["main"];
  deletedSheets: readonly string[] = [];
  readonly sheetChanges: SheetChange[] = [];
  onSheetChange: (change: SheetChange) => Result<SheetChanged> = () => success({ sheet: sheetNamed("changed") });
  state: WorkflowState;
  stops = 0;
  disposed = false;
  /** What a run comes to; by default it succeeds at once, with nothing to do. */
  onRun: (request: RunRequest) => Promise<Result<RunEnd>> = async () =>
    success({ status: "succeeded", executed: 0, reused: 0 });
  onPlan: () => unknown = () => undefined;
  onSheets: () => unknown = () => undefined;
  /** What functions left running does. */
  onSettle: () => unknown = () => undefined;
  onStop: () => void = () => undefined;
  #events: EngineEvents | null = null;

  constructor(graph: Graph | null, state: Partial<WorkflowState> = {}) {
    this.state = { ...initialWorkflowState(graph?.file ?? "/none", true), graph, ...state };
  }

  connect(events: EngineEvents): this {
    this.#events = events;
    const { file, graph, graphStatus, diagnostics } = this.state;
    events.event(file, 0, { type: "graph-changed", graph, graphStatus, diagnostics });
    return this;
  }

  emit(event: RunEvent): void {
    this.#events!.event(this.state.file, 0, event);
  }

  async configure(options: EngineOptions): Promise<void> {
    this.options = options;
  }
  async open() {
    return { sequence: 0, state: this.state };
  }
  async close(): Promise<void> {}
  setText(): void {}
  async pin() {
    return success(undefined);
  }
  async preview(file: string, request: RunRequest) {
    return this.plan(file, request);
  }
  async plan(_file: string, request: RunRequest) {
    await this.onPlan();
    this.planned.push(request);
    return this.plans;
  }
  run(_file: string, request: RunRequest): Promise<Result<RunEnd>> {
    this.requests.push(request);
    return this.onRun(request);
  }
  async stop(): Promise<void> {
    this.stops++;
    this.onStop();
  }
  async settle(): Promise<void> {
    await this.onSettle();
  }
  async setInput(): Promise<Result<void>> {
    throw new Error("The command line leaves the sheet alone.");
  }
  async importFile(_file: string, source: Parameters<EngineApi["importFile"]>[1]): Promise<Result<FileRef>> {
    if (!("path" in source)) throw new Error("The command line has paths only.");
    this.imported.push(source.path);
    const mediaType = source.path.endsWith(".txt") ? "text/plain" : "image/png";
    return success({ $file: "a".repeat(64), name: source.path, mediaType, size: 1 });
  }
  async filePath(): Promise<Result<string>> {
    return failed({ reason: "not-found", message: "No such file." });
  }
  readonly answers: [node: string, item: number | null, answer: Answer][] = [];
  onAnswer: () => void = () => undefined;
  async answer(_file: string, node: string, item: number | null, answer: Answer): Promise<Result<void>> {
    this.answers.push([node, item, answer]);
    this.onAnswer();
    return success(undefined);
  }

  async items(): Promise<Result<never>> {
    return failed({ reason: "not-found", message: "It has no items." });
  }

  async readValue(_file: string, value: StoredValue): Promise<Result<Value>> {
    return value.kind === "inline" ? success(value.value) : failed({ reason: "not-found", message: "It is gone." });
  }
  async whoami() {
    return success("somebody");
  }
  async clearCache() {
    return success(0);
  }
  async sheets() {
    await this.onSheets();
    const deleted = this.deletedSheets.map((name) => ({ ...sheetNamed(name), deletedAt: 0 }));
    return success({ sheets: this.knownSheets.map(sheetNamed), deleted });
  }
  async selectSheet(_file: string, name: string): Promise<Result<void>> {
    this.selectedSheets.push(name);
    return success(undefined);
  }
  async changeSheets(_file: string, change: SheetChange): Promise<Result<SheetChanged>> {
    this.sheetChanges.push(change);
    return this.onSheetChange(change);
  }
  keepView(): void {
    throw new Error("The command line has no canvas.");
  }
  async dispose(): Promise<void> {
    this.disposed = true;
  }
}

/** A sheet, whose id is never its name. */
function sheetNamed(name: string): SheetEntry {
  return { id: `id of ${name}`, name };
}
