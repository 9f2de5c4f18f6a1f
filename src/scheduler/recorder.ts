import { setImmediate } from "node:timers/promises";
import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";
import type { HistoryEntry, ResultRecord } from "../model/result.js";
import type { WorkflowStore } from "../store/workflowStore.js";

/** The part of a store that a run writes to. */
export type RunJournal = Pick<WorkflowStore, "putResult" | "appendHistory" | "beginItems" | "readOnly">;

/** So many nodes may be ahead of what is on disk. */
const BACKLOG = 64;

/**
 * Writes down what a run does, in order, while the run goes on: what follows a node needs its value, not its file. After the
 * first failure nothing more is written, so that history never tells of a result that was not kept.
 */
export class Recorder {
  readonly #journal: RunJournal;
  readonly #sheet: string;
  readonly #failed: (failure: Failure) => void;
  readonly #queue: (() => Promise<void> | void)[] = [];
  /** Nodes of which items were kept. */
  readonly #begun = new Set<NodeId>();
  #writing: Promise<void> | null = null;
  #broken = false;

  constructor(journal: RunJournal, sheet: string, failed: (failure: Failure) => void) {
    this.#journal = journal;
    this.#sheet = sheet;
    this.#failed = failed;
  }

  /** Answers when the run may go on: at once, unless the disk is far behind. */
  record(entry: HistoryEntry, result?: ResultRecord): Promise<void> {
    return this.#add(entry, result);
  }

  /** Keeps a result that has no place of its own in the history: that of an item. Answers as {@link record}. */
  keep(result: ResultRecord): Promise<void> {
    return this.#add(null, result);
  }

  /** Acts when all that was told so far is written. */
  afterwards(act: () => void): void {
    if (this.#writing) this.#queue.push(act);
    else act();
  }

  async #add(entry: HistoryEntry | null, result: ResultRecord | undefined): Promise<void> {
    this.#queue.push(() => this.#tryWrite(entry, result));
    this.#writing ??= this.#writeAll();
    if (this.#queue.length > BACKLOG) await this.#writing;
  }

  /** Everything is written, or has failed and said so. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // First whatever follows from the node's end: while its record is written, the next node is under way already.
    await setImmediate();
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) await next();
    this.#writing = null;
  }

  async #tryWrite(entry: HistoryEntry | null, result: ResultRecord | undefined): Promise<void> {
    try {
      await this.#write(entry, result);
    } catch (error) {
      // A mistake of ours, which must not leave the run without an end.
      this.#break({
        reason: "store",
        message: `The result of \`${entry?.node ?? result?.node ?? ""}\` could not be kept: ${String(error)}`,
      });
    }
  }

  /** Where nothing could be kept from the start, the person has been told, and runs all the same. */
  async #write(entry: HistoryEntry | null, result: ResultRecord | undefined): Promise<void> {
    if (this.#broken) return;
    if (!entry && result && !(await this.#begin(result))) return;
    const kept = result ? await this.#journal.putResult(result) : null;
    if (kept?.ok === false && !this.#journal.readOnly) return this.#break(kept.failure);
    if (!entry) return;
    const appended = await this.#journal.appendHistory(this.#sheet, entry);
    if (!appended.ok && !this.#journal.readOnly) this.#break(appended.failure);
  }

  /** The first result of an item tells whose it is. */
  async #begin({ node, runId }: ResultRecord): Promise<boolean> {
    if (this.#begun.has(node)) return true;
    this.#begun.add(node);
    const begun = await this.#journal.beginItems(this.#sheet, node, runId);
    if (begun.ok || this.#journal.readOnly) return true;
    this.#break(begun.failure);
    return false;
  }

  #break(failure: Failure): void {
    this.#broken = true;
    this.#failed(failure);
  }
}
