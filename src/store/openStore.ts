import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";
import type { KeptNames } from "../model/keptNames.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { HistoryEntry, ResultRecord } from "../model/result.js";
import type { FileRef, StoredValue } from "../model/value.js";
import type { Notice, SheetState } from "../model/workflowState.js";
import { BlobStore } from "./blobs.js";
import { writeSmall } from "./disk.js";
import { isWorthSyncing, syncFiles } from "./durable.js";
import { overlayBlobs, prepareFolder } from "./folder.js";
import { copyHistory, SheetHistory } from "./history.js";
import { FOLDER_NAME, Layout, type WorkflowLayout } from "./layout.js";
import { NamesFile, type UnsavedNames } from "./namesFile.js";
import { Damage, Notices } from "./notices.js";
import { OtherUses } from "./otherUses.js";
import { Results } from "./results.js";
import { newRunLease, type RunLease } from "./claims.js";
import { isRunning } from "./lease.js";
import { seal } from "./sealed.js";
import { SheetFiles } from "./sheetFiles.js";
import { Sheets } from "./sheets.js";
import { storeFailure } from "./storeFailure.js";
import { itemsOfCleared } from "./itemResults.js";
import { sweepBlobs } from "./sweep.js";
import { discard, temporaryFolder } from "./temporaryFolder.js";
import { viewOf } from "./views.js";
import type { NodeMemory, WorkflowStore } from "./workflowStore.js";

/**
 * Opens what a workflow keeps under `root/.daggr`, which comes into being where it isn't there yet. Where it can't be
 * written, the store is {@link WorkflowStore.readOnly} and holds what is done for this session.
 *
 * @param root - absolute path of the workspace (or the workflow's own) folder.
 * @param graphKey - the graph's `persistKey`, or else its name; `false`: nothing outlives {@link WorkflowStore.close}.
 * @returns a failure only where not even a temporary folder can be made.
 */
export function openStore(root: string, graphKey: string | false): Promise<Result<WorkflowStore>> {
  return Promise.resolve(open(root, graphKey));
}

function open(root: string, graphKey: string | false): Result<WorkflowStore> {
  const notices = new Notices();
  try {
    if (graphKey === false) {
      const folder = temporaryFolder();
      const layout = new Layout(folder);
      const damage = new Damage(layout, notices);
      const blobs = blobsIn(layout.blobs, damage);
      return success(new FolderStore(layout, layout.workflow("-"), blobs, damage, null, [folder]));
    }
    const layout = new Layout(join(root, FOLDER_NAME));
    const inPlace = new Damage(layout, notices);
    const workflow = layout.workflow(graphKey);
    const refusal = prepareFolder(layout, workflow, inPlace);
    if (!refusal) {
      describeWorkflow(layout, workflow, graphKey);
      const store = new FolderStore(layout, workflow, blobsIn(layout.blobs, inPlace), inPlace, null, []);
      store.sheetFiles.purge();
      return success(store);
    }
    notices.add({
      id: "read-only",
      severity: "warning",
      message: `${refusal.message} Results are shown, but not kept after this session.${refusal.hint === undefined ? "" : ` ${refusal.hint}`}`,
    });
    const damage = new Damage(null, notices);
    const overlay = overlayBlobs(layout);
    return success(new FolderStore(layout, workflow, blobsIn(overlay, damage), damage, refusal, [overlay]));
  } catch (error) {
    return failed(storeFailure(error, "anything"));
  }
}

function blobsIn(folder: string, damage: Damage): BlobStore {
  return new BlobStore(folder, (_sha, path) => damage.setAside(path, "the content of a value or file"));
}

/** The workflow's full key, for its folder has only a slug of it. A full disk is no reason not to open. */
function describeWorkflow(layout: Layout, workflow: WorkflowLayout, graphKey: string): void {
  try {
    if (existsSync(workflow.description)) return;
    writeSmall(workflow.description, `${seal({ format: 1, name: graphKey })}\n`, layout.tmp);
  } catch {
    // What is kept next says what is wrong.
  }
}

class FolderStore implements WorkflowStore {
  readonly blobs: BlobStore;
  readonly readOnlyReason: Failure | null;
  readonly sheetFiles: SheetFiles;
  readonly #layout: Layout;
  readonly #workflow: WorkflowLayout;
  readonly #results: Results;
  readonly #sheets: Sheets;
  readonly #names: NamesFile;
  readonly #damage: Damage;
  readonly #views: string;
  readonly #histories = new Map<string, SheetHistory>();
  /** Folders that go when the store is closed. */
  readonly #own: readonly string[];

  constructor(
    layout: Layout,
    workflow: WorkflowLayout,
    blobs: BlobStore,
    damage: Damage,
    refusal: Failure | null,
    own: readonly string[],
  ) {
    this.blobs = blobs;
    this.readOnlyReason = refusal;
    this.#layout = layout;
    this.#workflow = workflow;
    this.#results = new Results(layout, blobs, damage, refusal);
    this.sheetFiles = new SheetFiles(layout, workflow, damage, refusal);
    this.#sheets = new Sheets(layout, workflow, damage, refusal, (sheet) => this.sheetFiles.describe(sheet));
    this.#names = new NamesFile(layout, workflow, damage, refusal);
    this.#damage = damage;
    this.#views = refusal ? join(blobs.folder, "views") : layout.views;
    this.#own = own;
  }

  get readOnly(): boolean {
    return this.readOnlyReason !== null;
  }

  get isGone(): boolean {
    return !this.readOnly && this.#own.length === 0 && !existsSync(this.#layout.format);
  }

  notices(): readonly Notice[] {
    return this.#damage.notices.list();
  }

  onNotice(listener: (notices: readonly Notice[]) => void): () => void {
    return this.#damage.notices.listen(listener);
  }

  findFresh(fingerprint: string, preferred?: string): Promise<ResultRecord | null> {
    return this.#results.find(fingerprint, preferred);
  }

  getResult(id: string): Promise<ResultRecord | null> {
    return Promise.resolve(this.#results.get(id));
  }

  getResults(ids: Iterable<string>): Promise<ReadonlyMap<string, ResultRecord>> {
    return Promise.resolve(this.#results.getAll(ids));
  }

  putResult(record: ResultRecord): Promise<Result<void>> {
    return this.#results.put(record);
  }

  sheet(id: string): Promise<SheetState> {
    const name =
      this.sheetFiles.list().sheets.find((sheet) => sheet.id === id)?.name ?? this.sheetFiles.deleted(id)?.name ?? id;
    return Promise.resolve({ id, name, values: this.#sheets.values(id) });
  }

  sheetIds(): Promise<readonly string[]> {
    return Promise.resolve(this.#sheetIds());
  }

  async duplicateSheet(id: string, name: string): Promise<Result<string>> {
    const copy = `${name} ${randomBytes(4).toString("hex")}`;
    // Nothing that only the original names goes meanwhile.
    const lease = this.leaseRun();
    try {
      const begun = this.sheetFiles.begin(copy, name);
      if (!begun.ok) return begun;
      for (const [control, value] of Object.entries(this.#sheets.values(id))) {
        const kept = this.#sheets.set(copy, control, value);
        if (!kept.ok) return kept;
      }
      const copied = copyHistory(this.#workflow.history(id), this.#workflow.history(copy), this.#layout.tmp);
      if (!copied.ok) return copied;
      await syncFiles([this.#workflow.history(copy)]);
      const view = this.sheetFiles.view(id);
      if (view) this.sheetFiles.keepView(copy, view);
      const whole = this.sheetFiles.restore(copy);
      return whole.ok ? success(copy) : whole;
    } finally {
      lease.end();
    }
  }

  setInput(sheet: string, control: string, value: StoredValue | null): Promise<Result<void>> {
    return Promise.resolve(this.#sheets.set(sheet, control, value));
  }

  names(): KeptNames {
    return this.#names.read();
  }

  keepNames(names: KeptNames): Result<void> {
    return this.#names.write(names);
  }

  unsavedNames(texts: string): KeptNames | null {
    return this.#names.unsaved(texts);
  }

  keepUnsavedNames(unsaved: UnsavedNames | null): void {
    this.#names.keepUnsaved(unsaved);
  }

  select(sheet: string, node: NodeId, result: string | null): Promise<Result<void>> {
    return Promise.resolve(this.#history(sheet).select(node, result));
  }

  async appendHistory(sheet: string, entry: HistoryEntry): Promise<Result<void>> {
    const history = this.#history(sheet);
    const added = history.append(entry);
    if (added.ok && isWorthSyncing(entry.durationMs) && !this.readOnly) await syncFiles([history.path]);
    return added;
  }

  beginItems(sheet: string, node: NodeId, runId: string): Promise<Result<void>> {
    return Promise.resolve(this.#history(sheet).begin(node, runId));
  }

  history(sheet: string, node?: NodeId): Promise<readonly HistoryEntry[]> {
    return Promise.resolve(this.#history(sheet).entries(node));
  }

  nodeStates(sheet: string): Promise<Readonly<Record<NodeId, NodeMemory>>> {
    return Promise.resolve(this.#history(sheet).nodes());
  }

  takeClosedRun(sheet: string): Promise<boolean> {
    return Promise.resolve(this.#history(sheet).takeClosedRun());
  }

  clear(node?: NodeId): Promise<Result<number>> {
    return this.#clear(node);
  }

  leaseRun(): RunLease {
    return newRunLease(this.readOnly ? null : this.#layout);
  }

  viewPath(ref: FileRef): Promise<Result<string>> {
    return viewOf(ref, this.blobs, this.#views);
  }

  async close(): Promise<void> {
    for (const history of this.#histories.values()) history.close();
    this.#histories.clear();
    await this.#results.close();
    this.#own.forEach(discard);
  }

  async #clear(node: NodeId | undefined): Promise<Result<number>> {
    if (this.readOnlyReason) return failed(this.readOnlyReason);
    const forgotten = new Set<string>();
    const histories = [...new Set([...this.#histories.keys(), ...this.#sheetIds()])].map((id) => this.#history(id));
    for (const history of histories) for (const id of history.results(node)) forgotten.add(id);
    // Marked first: a crash in between leaves records that nobody selects, never a selection without its record.
    const unmarked = histories.filter((history) => !history.clear(node ?? null).ok);
    // What could not be written down holds in this process, or a disk that is full could never be cleared.
    const others = new OtherUses(this.#layout, this.#damage.notices, new Map(unmarked.map((own) => [own.path, own])));
    try {
      const used = others.results();
      const records = [...this.#results.getAll(forgotten).values()];
      const going = new Set([...forgotten].filter((id) => !used.has(id)));
      const items = await itemsOfCleared(
        this.#results.records(),
        used,
        going,
        // What hasn't ended was killed, unless it is under way this moment.
        new Set(histories.flatMap((history) => [...history.runs(node, !isRunning(this.#layout))])),
        node,
        this.blobs,
      );
      const unused = [...records.filter(({ id }) => going.has(id)), ...items];
      this.#results.remove(unused.map(({ id }) => id));
      // Another process may have come to use one meanwhile.
      const since = others.results();
      for (const record of unused) if (since.has(record.id)) await this.#results.put(record);
      await sweepBlobs(this.#layout, this.blobs, this.#values(others));
      await this.#results.tidy();
      // Where the disk was full, there is room now.
      const marked = [...unmarked.map((history) => history.clear(node ?? null)), this.#results.settle()];
      const failures = marked.flatMap((each) => (each.ok ? [] : [each]));
      return failures[0] ?? success(records.length);
    } catch (error) {
      return failed(storeFailure(error, "what was cleared"));
    }
  }

  /** What needs content, apart from what is typed on sheets. */
  *#values(others: OtherUses): Generator<StoredValue | "unknown"> {
    yield* this.#results.values();
    yield* others.values();
    yield* this.#sheets.unwritten();
  }

  #sheetIds(): string[] {
    return [...new Set([...this.sheetFiles.ids(), ...this.#sheets.unwrittenOn()])].sort();
  }

  #history(sheet: string): SheetHistory {
    let history = this.#histories.get(sheet);
    if (!history) {
      const path = this.#workflow.history(sheet);
      const describe = () => this.sheetFiles.describe(sheet);
      history = new SheetHistory(path, sheet, this.#damage, this.readOnlyReason, describe);
      this.#histories.set(sheet, history);
    }
    return history;
  }
}
