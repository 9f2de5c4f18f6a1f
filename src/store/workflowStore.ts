import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";
import type { KeptNames } from "../model/keptNames.js";
import type { Result } from "../model/outcome.js";
import type { HistoryEntry, ResultRecord } from "../model/result.js";
import type { FileRef, StoredValue } from "../model/value.js";
import type { Notice, SheetState } from "../model/workflowState.js";
import type { BlobStore } from "./blobs.js";
import type { RunLease } from "./claims.js";
import type { UnsavedNames } from "./namesFile.js";
import type { SheetFiles } from "./sheetFiles.js";

export type { RunLease } from "./claims.js";
export { namedStore } from "./namedStore.js";
export { newResultId } from "./resultId.js";
export { openStore } from "./openStore.js";

/**
 * What one workflow keeps: see `layout.ts` for how it lies on disk. Failures that come from here have reason `store`.
 *
 * The order of writing that keeps a crash harmless is the caller's to follow: blobs (by whoever makes values), then
 * {@link putResult}, then {@link appendHistory}.
 */
export interface WorkflowStore {
  readonly blobs: BlobStore;
  /** Nothing that is done now outlives this session: see {@link readOnlyReason}. */
  readonly readOnly: boolean;
  /** Why nothing can be kept (a read-only workspace, a full disk, a `.daggr` of a newer version); `null` where things are kept. */
  readonly readOnlyReason: Failure | null;

  /** Somebody has deleted the folder: what is open here is about nothing any more. */
  readonly isGone: boolean;

  /** What the user should know about the state of the folder. */
  notices(): readonly Notice[];
  /** Calls back whenever {@link notices} changes, with the new list. Answers how to stop that. */
  onNotice(listener: (notices: readonly Notice[]) => void): () => void;

  /**
   * The newest result with this fingerprint whose record and files are all here and whole, whichever node or workflow
   * made it; one that another process kept within the last second may be missed. `null`: there is none and the node must run.
   * Where a person has rejected what is asked for, what they approved before counts no more.
   *
   * @param preferred - id of the result that is answered, newest or not, if it is one of them.
   */
  findFresh(fingerprint: string, preferred?: string): Promise<ResultRecord | null>;
  /** A record, verified (its files aren't: whoever reads those verifies them). `null` when it is gone, damaged or never was. */
  getResult(id: string): Promise<ResultRecord | null>;
  /** As {@link getResult} for many at a time: those that are here, by id. */
  getResults(ids: Iterable<string>): Promise<ReadonlyMap<string, ResultRecord>>;
  /**
   * Keeps a result, whose id must come from {@link newResultId} and whose blobs must be there already. In a read-only
   * store, and when the disk is full, it fails; the result is then still found by this store object until it is closed.
   */
  putResult(record: ResultRecord): Promise<Result<void>>;

  /** Which sheets there are. Everything else names a sheet by its id, which outlasts renaming. */
  readonly sheetFiles: SheetFiles;
  /** What was typed on a sheet. A sheet that nobody has written to yet is empty. */
  sheet(id: string): Promise<SheetState>;
  /** Ids of the sheets that have been written to, deleted ones too, in alphabetical order. */
  sheetIds(): Promise<readonly string[]>;
  /** Makes another of all that is on a sheet, and answers its id. Nobody sees it before it is whole. */
  duplicateSheet(id: string, name: string): Promise<Result<string>>;
  /** Keeps what was typed into a control; `null` goes back to the default. On disk when it answers. */
  setInput(sheet: string, control: string, value: StoredValue | null): Promise<Result<void>>;

  /** What nodes and controls are kept under: see {@link namedStore}. One and the same object until that changes, here or elsewhere. */
  names(): KeptNames;
  keepNames(names: KeptNames): Result<void>;
  /** The same as of texts that were not saved when it was kept; `null`: of these texts nothing is known. */
  unsavedNames(texts: string): KeptNames | null;
  /** `null`: all is saved. */
  keepUnsavedNames(unsaved: UnsavedNames | null): void;

  /**
   * Selects a result that isn't the node's newest; `null`: none. Not needed after a run, for an entry of
   * {@link appendHistory} that names a result selects it.
   */
  select(sheet: string, node: NodeId, result: string | null): Promise<Result<void>>;
  /** Adds an execution to a sheet's history. Logs are cut to their last lines where they are very long. */
  appendHistory(sheet: string, entry: HistoryEntry): Promise<Result<void>>;
  /**
   * From here on, {@link putResult} keeps results of a node's items that this run makes, which no history names. Told first, so
   * that {@link clear} knows whose they are though the run be killed before the node comes to its end.
   */
  beginItems(sheet: string, node: NodeId, runId: string): Promise<Result<void>>;
  /** A sheet's executions, or those of one node, oldest first; those of other windows and processes too. */
  history(sheet: string, node?: NodeId): Promise<readonly HistoryEntry[]>;
  /** Every node that has something on this sheet. Quick: reads what was added to the history since the last time. */
  nodeStates(sheet: string): Promise<Readonly<Record<NodeId, NodeMemory>>>;

  /** Whether a run on this sheet was ended by the end of what ran it, and nodes still stand so. Answered once, in whatever window. */
  takeClosedRun(sheet: string): Promise<boolean>;

  /**
   * Forgets the results of a node, or all of this workflow's, on every sheet. What was typed and how often nodes ran stays.
   * A result that another node or workflow has made or reused, too, stays for that one. Content that nothing needs any more
   * is removed, unless a run is under way in any process, or it was put within the last minute: then it goes the next time.
   * Answers how many results were forgotten.
   */
  clear(node?: NodeId): Promise<Result<number>>;
  /** A run begins: until its lease ends, no process removes content that nothing on disk names yet. */
  leaseRun(): RunLease;
  /**
   * A path at which the file has its own name, for viewers and for saving; read-only, and verified at the time.
   */
  viewPath(ref: FileRef): Promise<Result<string>>;
  /** Releases what is open. With `persistKey: false`, and in a read-only store, what was made in this session is gone. */
  close(): Promise<void>;
}

/** What a sheet remembers of a node. */
export interface NodeMemory {
  /** The last execution or reuse; `null` when there is none since its results were cleared. */
  readonly last: HistoryEntry | null;
  /** How often it was executed on this sheet. */
  readonly count: number;
  /** Id of the selected result: that of the last entry that has one, unless another was selected since. */
  readonly selected: string | null;
}
