/** The channel between the extension (host) and the canvas (webview). */
import type { CanvasView } from "../model/canvasView.js";
import type { NodeId } from "../model/graph.js";
import type { ItemsPage } from "../model/items.js";
import type { Answer } from "../model/question.js";
import type { Plan, RunRequest } from "../model/plan.js";
import type { SourceRange } from "../model/source.js";
import type { SheetChange } from "../model/sheets.js";
import type { FileRef, StoredValue, Value } from "../model/value.js";
import type { WorkflowEvent } from "../model/workflowState.js";
import type { Snapshot } from "./engine.js";

/** Canvas → host. Answers are plain; what went wrong is shown by the host and, where it belongs to a card, comes as an event. */
export interface CanvasHostApi {
  /** The canvas is up: answers a full snapshot; numbered events follow. Called again after a gap. */
  ready(): Promise<Snapshot>;
  /** Answers when the run has ended, or could not begin. */
  run(request: RunRequest): Promise<void>;
  /** What the run would do; `null`: that can't be told now. */
  plan(request: RunRequest): Promise<Plan | null>;
  stop(node?: NodeId): void;
  /** @param sheet - id of the sheet on which it was entered, which may not be the one in use any more. */
  setInput(control: string, value: Value | null, sheet: string): Promise<void>;
  /** Takes a dropped, pasted or recorded file into the store; `null` when that failed (the host has said why). */
  importFile(name: string, bytes: Uint8Array): Promise<FileRef | null>;
  /** An address under which the webview can load the file; `null` when its content is gone. */
  fileUri(ref: FileRef): Promise<string | null>;
  /** The whole of a large value; `null` when its content is gone. */
  readValue(value: StoredValue): Promise<Value | null>;
  /** Answers what a run asks a person; `item`: the index of the item that asks. `false`: refused (the host has said why). */
  answer(node: NodeId, item: number | null, answer: Answer): Promise<boolean>;
  /** Some items of a node that runs once an item: of the run under way, or else of its result; `null`: there are none. */
  items(node: NodeId, from: number, count: number): Promise<ItemsPage | null>;
  /** Asks where and saves a copy. */
  saveFile(ref: FileRef): void;
  saveText(name: string, text: string): void;
  copy(text: string): void;
  openSource(range: SourceRange): void;
  /** An https address; the host asks VS Code to open it. */
  openExternal(address: string): void;
  showLog(node?: NodeId): void;
  /** Opens VS Code's workspace trust editor. */
  manageTrust(): void;
  newWorkflow(): void;
  signIn(): void;
  clearCache(node?: NodeId): void;
  /** Lets what a node gave last stand in for running it, or takes back whatever does. */
  pin(node: NodeId, on: boolean): void;
  /**
   * What the canvas's controls hold that cannot be sent, and why in a sentence, by control. Told after every snapshot and
   * whenever it changes: a run that reads such a control would run with another value than the one that is shown.
   */
  unsent(problems: Readonly<Record<string, string>>): void;
  /** How the user has arranged the canvas of a sheet, so that it is so again. */
  keepView(view: CanvasView, sheet: string): void;
  /** Answers when it is done, or was refused (the host has said why). */
  changeSheets(change: SheetChange): Promise<void>;
  /** Asks for a name where there has to be one, offers to take back what has gone, and does it with this sheet (its id). */
  askSheets(question: SheetQuestion, sheet: string): void;
  /** Card that the canvas has selected, so that the editor can follow; `null`: none. */
  selected(node: NodeId | null): void;
}

/** What the host carries out with what only it can ask. */
export type SheetQuestion = "new" | "duplicate" | "rename" | "reset" | "delete" | "restore";

/** Host → canvas. */
export interface CanvasApi {
  event(sequence: number, event: WorkflowEvent): void;
  /** The editor's cursor is in this node's declaration (or in none): mark its card; `reveal` brings it into view. */
  mark(node: NodeId | null, reveal: boolean): void;
  /** Brings a control into view and gives it the focus, on whatever card it is. */
  showControl(card: NodeId, control: string): void;
  /** Engine down or back: `null` means all is well. */
  connection(problem: string | null): void;
}
