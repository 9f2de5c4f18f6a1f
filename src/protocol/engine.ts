/**
 * The channel between a front end (the VS Code extension, the command line) and the engine, which holds the open
 * workflows: their analysis, store and runs. Under VS Code the engine is a child process of the extension host; for the
 * command line it lives in the same process behind the same two interfaces. Workflows are named by absolute file path.
 */
import type { FileRef, StoredValue, Value } from "../model/value.js";
import type { NodeId } from "../model/graph.js";
import type { ItemsPage } from "../model/items.js";
import type { Result } from "../model/outcome.js";
import type { Answer } from "../model/question.js";
import type { Plan, RunRequest } from "../model/plan.js";
import type { CanvasView } from "../model/canvasView.js";
import type { SheetChange, SheetChanged, SheetList } from "../model/sheets.js";
import type { WorkflowEvent, WorkflowState } from "../model/workflowState.js";

/** Front end → engine. */
export interface EngineApi {
  configure(options: EngineOptions): Promise<void>;
  /**
   * Opens a workflow (again: answers the state it has). From now on its events come through {@link EngineEvents}.
   *
   * @param sheet - id of the sheet to begin with, if that is still there.
   */
  open(file: string, sheet?: string | null): Promise<Snapshot>;
  close(file: string): Promise<void>;
  /** The editor's text of any file, saved or not; `null`: the buffer is gone, the disk counts again. */
  setText(file: string, text: string | null): void;
  /**
   * What a run would do, of the files as they are saved; loads them where their text doesn't tell. Fails as `cancelled` when everything
   * is stopped before it could be told.
   */
  plan(file: string, request: RunRequest): Promise<Result<Plan>>;
  /** What a run would do once what the editors show is saved, as far as text tells: nothing is loaded for it. */
  preview(file: string, request: RunRequest): Promise<Result<Plan>>;
  /**
   * Starts a run and answers when it has ended (its course comes as events). A node that is already being run is joined.
   * A failed node is a finished run, not a failure; a failure here means that nothing was run and why.
   */
  run(file: string, request: RunRequest): Promise<Result<RunEnd>>;
  /** Stops the run and whatever is being planned, or one node's execution. Answers once everything has stopped. */
  stop(file: string, node?: NodeId): Promise<void>;
  /**
   * Answers once what functions left running in timers and the like has ended, or after a moment (about a second). What it had to say
   * has come by then, as lines of its node's log.
   */
  settle(file: string): Promise<void>;
  /**
   * What the user typed; `null` goes back to the default. Saved before it answers.
   *
   * @param sheet - id of the sheet on which it was typed, which may not be the one in use any more; absent: the one in use.
   */
  setInput(file: string, control: string, value: Value | null, sheet?: string | null): Promise<Result<void>>;
  /**
   * Pins what a node gave last to its outputs, so that it is not executed until it is unpinned with `on: false`. Values of people's own
   * are pinned by {@link EngineApi.setInput}, under the names of `pinControl`.
   */
  pin(file: string, node: NodeId, on: boolean): Promise<Result<void>>;
  /** Takes a file into the store, from a path on this machine or from bytes. */
  importFile(
    file: string,
    source: { readonly path: string } | { readonly name: string; readonly bytes: Uint8Array },
  ): Promise<Result<FileRef>>;
  /** A path to a file's content under its own name, for viewing and saving; read only. */
  filePath(file: string, ref: FileRef): Promise<Result<string>>;
  /** The whole of a large value. */
  readValue(file: string, value: StoredValue): Promise<Result<Value>>;
  /**
   * Some items of a node that runs once an item: of the run under way, or else of the selected result.
   *
   * @param from - index of the first, from 0; at most `count` are answered.
   * @returns as a failure, reason `not-found`: it has none.
   */
  items(file: string, node: NodeId, from: number, count: number): Promise<Result<ItemsPage>>;
  /**
   * Answers what a run asks a person.
   *
   * @param item - index of the item that asks; `null`: the node runs once.
   * @returns as failures: nobody asked (`not-found`), and what answers another question (`invalid-input`).
   */
  answer(file: string, node: NodeId, item: number | null, answer: Answer): Promise<Result<void>>;
  /** Forgets the results of a node, or of the whole workflow. Answers how many. */
  clearCache(file: string, node?: NodeId): Promise<Result<number>>;
  /** The sheets as they are this moment, whoever has changed them. */
  sheets(file: string): Promise<Result<SheetList>>;
  /** Switches to the sheet of that name; one that is new comes into being with what is done on it. Refused during a run. */
  selectSheet(file: string, name: string): Promise<Result<void>>;
  /** Refused as `unsupported` during a run where the sheet in use would become another, and as `invalid-input` for what can't be a name. */
  changeSheets(file: string, change: SheetChange): Promise<Result<SheetChanged>>;
  /** How somebody has arranged the canvas of a sheet. */
  keepView(file: string, sheet: string, view: CanvasView): void;
  /** The name of the Hugging Face account that a token belongs to; fails as `unauthorised` where the Hub refuses it. */
  whoami(token: string): Promise<Result<string>>;
  dispose(): Promise<void>;
}

/** Engine → front end. */
export interface EngineEvents {
  /** `sequence` counts up by one per workflow from the snapshot's; a gap means: ask for a snapshot with `open`. */
  event(file: string, sequence: number, event: WorkflowEvent): void;
  /** A runner waits for a debugger at this address (`ws://127.0.0.1:…`); the run goes on once it has attached. */
  debuggerReady(file: string, address: string): void;
}

export interface EngineOptions {
  readonly trusted: boolean;
  /** From secret storage; `null`: use the environment and the token file. */
  readonly token: string | null;
  /**
   * Folder that holds `.daggr` for a workflow; the nearest of these that contains it, or else the workflow's own folder.
   * Absolute paths of the workspace folders.
   */
  readonly roots: readonly string[];
}

export interface Snapshot {
  readonly sequence: number;
  readonly state: WorkflowState;
}

export interface RunEnd {
  readonly status: "succeeded" | "failed" | "cancelled";
  readonly executed: number;
  readonly reused: number;
}
