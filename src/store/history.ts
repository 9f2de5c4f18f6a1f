import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import { countLog } from "../model/logLines.js";
import type { HistoryEntry } from "../model/result.js";
import { makingFolder, removeQuietly, temporaryPath } from "./disk.js";
import type { Damage } from "./notices.js";
import { seal, unseal } from "./sealed.js";
import { errorCode, storeFailure } from "./storeFailure.js";
import type { NodeMemory } from "./workflowStore.js";

/** One line of a sheet's history file. */
type Line =
  | { readonly type: "execution"; readonly entry: HistoryEntry }
  | { readonly type: "selected"; readonly node: NodeId; readonly result: string | null; readonly at: number }
  /** Items of the node have results of this run from here on; whether the node comes to its end is not known yet. */
  | { readonly type: "begun"; readonly node: NodeId; readonly runId: string; readonly at: number }
  /** Somebody was told that the run was ended by the end of what ran it. */
  | { readonly type: "told"; readonly runId: string; readonly at: number }
  /** `node: null`: all of them. */
  | { readonly type: "cleared"; readonly node: NodeId | null; readonly at: number };

/** Characters of log that an entry keeps: the last lines that fit. */
const LOG_LENGTH = 32_768;

/** Lines up to this length that were written here needn't be checked and parsed when they are read back. Characters. */
const KNOWN_LENGTH = 4096;

/** Never through a symbolic link, and never waiting for the other end of a pipe. Windows has neither flag. */
const PLAIN = process.platform === "win32" ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | PLAIN;

/**
 * What happened on a sheet: an append-only file, read once and from then on only where it has grown, through this object
 * or any other process.
 */
export class SheetHistory {
  readonly #entries: HistoryEntry[] = [];
  readonly #nodes = new Map<NodeId, NodeMemory>();
  /** By node: the runs in which items of it began to have results. */
  readonly #begun = new Map<NodeId, Set<string>>();
  /** Runs that were ended by the end of what ran them, where somebody was told. */
  readonly #told = new Set<string>();
  /** By node: the results that it has made, reused or selected since it was last cleared. */
  readonly #results = new Map<NodeId, Set<string>>();
  #file: number | null = null;
  /** What was written here since the file was last read, by its text. */
  readonly #written = new Map<string, Line>();
  /** Bytes that have been read, up to the end of a line. */
  #consumed = 0;
  #unreadable = 0;

  /**
   * @param refusal - why nothing is to be written; `null` where it may be.
   * @param onOpen - called before the file is opened, and perhaps made, for writing.
   */
  constructor(
    readonly path: string,
    readonly sheet: string,
    readonly damage: Damage,
    readonly refusal: Failure | null,
    readonly onOpen: () => void,
  ) {}

  append(entry: HistoryEntry): Result<void> {
    return this.#write({ type: "execution", entry: withShortLog(entry) }, `the history of \`${entry.node}\``);
  }

  select(node: NodeId, result: string | null): Result<void> {
    return this.#write({ type: "selected", node, result, at: Date.now() }, `the selected result of \`${node}\``);
  }

  begin(node: NodeId, runId: string): Result<void> {
    return this.#write({ type: "begun", node, runId, at: Date.now() }, `the history of \`${node}\``);
  }

  clear(node: NodeId | null): Result<void> {
    return this.#write({ type: "cleared", node, at: Date.now() }, "what was cleared");
  }

  entries(node?: NodeId): readonly HistoryEntry[] {
    this.#readOn();
    return node === undefined ? [...this.#entries] : this.#entries.filter((entry) => entry.node === node);
  }

  nodes(): Readonly<Record<NodeId, NodeMemory>> {
    this.#readOn();
    return Object.fromEntries(this.#nodes);
  }

  /**
   * Ids of the runs in which a node, or any node, was executed or reused.
   *
   * @param unended - also those in which items of it were, though nothing tells that the node came to its end.
   */
  runs(node: NodeId | undefined, unended: boolean): Set<string> {
    const ended = this.entries(node).map(({ runId }) => runId);
    if (!unended) return new Set(ended);
    const begun = node === undefined ? [...this.#begun.values()] : [this.#begun.get(node) ?? []];
    return new Set([...ended, ...begun.flatMap((runs) => [...runs])]);
  }

  /** Ids of the results of a node, or of all nodes, that were not cleared. */
  results(node?: NodeId): Set<string> {
    this.#readOn();
    if (node !== undefined) return new Set(this.#results.get(node));
    return new Set([...this.#results.values()].flatMap((ids) => [...ids]));
  }

  /** Whether a node stands as it was left by a run that nobody stopped; once a run. */
  takeClosedRun(): boolean {
    this.#readOn();
    const left = new Set([...this.#nodes.values()].flatMap(({ last }) => (last?.closed ? [last.runId] : [])));
    const untold = [...left].filter((runId) => !this.#told.has(runId));
    for (const runId of untold) this.#write({ type: "told", runId, at: Date.now() }, "what was told");
    return untold.length > 0;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  /** One write in append mode, which the system doesn't mix with another's. What can't be written holds for this session. */
  #write(line: Line, subject: string): Result<void> {
    if (this.refusal) {
      this.#readOn();
      this.#apply(line);
      return success(undefined);
    }
    try {
      const text = seal(line);
      const bytes = Buffer.from(`\n${text}\n`, "utf8");
      const file = this.#openToAppend();
      let written = writeSync(file, bytes);
      while (written < bytes.length) written += writeSync(file, bytes, written);
      if (text.length <= KNOWN_LENGTH) this.#written.set(text, line);
      return success(undefined);
    } catch (error) {
      this.#readOn();
      this.#apply(line);
      return failed(storeFailure(error, subject));
    }
  }

  /** The open file, unless somebody has deleted it meanwhile: then a new one, so that nothing is written into the void. */
  #openToAppend(): number {
    if (this.#file !== null && fstatSync(this.#file).nlink > 0) return this.#file;
    this.close();
    this.onOpen();
    this.#clearWay();
    this.#file = makingFolder(this.path, () => openSync(this.path, APPEND, 0o644));
    return this.#file;
  }

  /** Sets aside what can be no history: a folder, a link to somewhere, a pipe. */
  #clearWay(): void {
    const entry = lstatSync(this.path, { throwIfNoEntry: false });
    if (entry && !entry.isFile()) this.damage.setAside(this.path, "what stood where a history belongs");
  }

  /** Takes in what was appended since the last time. */
  #readOn(): void {
    let file: number;
    try {
      this.#clearWay();
      file = openSync(this.path, constants.O_RDONLY | PLAIN);
    } catch (error) {
      if (errorCode(error) !== "ENOENT" && errorCode(error) !== "ENOTDIR") this.#reportUnreadable(error);
      return;
    }
    try {
      const { size } = fstatSync(file);
      if (size < this.#consumed) this.#startOver(); // replaced by a shorter file, from a backup say
      if (size <= this.#consumed) return;
      const bytes = Buffer.allocUnsafe(size - this.#consumed);
      const read = readSync(file, bytes, 0, bytes.length, this.#consumed);
      // An entry that is just being written by another process has no newline yet.
      const end = bytes.subarray(0, read).lastIndexOf(0x0a) + 1;
      this.#consumed += end;
      for (const text of bytes.toString("utf8", 0, end).split("\n")) if (text !== "") this.#readLine(text);
      this.#written.clear();
    } catch (error) {
      this.#reportUnreadable(error);
    } finally {
      closeSync(file);
    }
  }

  #readLine(text: string): void {
    const line = this.#written.get(text) ?? unseal(text);
    if (isLine(line)) return this.#apply(line);
    if (line !== undefined) return; // of a kind that a later version added
    this.#unreadable++;
    const lines = this.#unreadable === 1 ? "One entry" : `${this.#unreadable} entries`;
    this.damage.notices.add({
      id: `history:${this.sheet}`,
      severity: "warning",
      message: `${lines} in the history of sheet “${this.sheet}” can't be read and are left out: a crash while writing, or damage.`,
    });
  }

  #apply(line: Line): void {
    switch (line.type) {
      case "execution": {
        const { entry } = line;
        const before = this.#nodes.get(entry.node);
        this.#entries.push(entry);
        this.#note(entry.node, entry.result ?? null);
        this.#nodes.set(entry.node, {
          last: entry,
          // Each window counts from what it has seen, so two at a time may have given the same number.
          count: Math.max(entry.count, (before?.count ?? 0) + (entry.status === "reused" ? 0 : 1)),
          selected: entry.result ?? before?.selected ?? null,
        });
        break;
      }
      case "selected": {
        const before = this.#nodes.get(line.node) ?? { last: null, count: 0 };
        this.#nodes.set(line.node, { ...before, selected: line.result });
        this.#note(line.node, line.result);
        break;
      }
      case "begun":
        this.#begun.set(line.node, (this.#begun.get(line.node) ?? new Set()).add(line.runId));
        break;
      case "told":
        this.#told.add(line.runId);
        break;
      case "cleared":
        if (line.node === null) this.#results.clear();
        else this.#results.delete(line.node);
        for (const [node, memory] of this.#nodes) {
          if (line.node === null || line.node === node) {
            this.#nodes.set(node, { last: null, count: memory.count, selected: null });
          }
        }
        break;
    }
  }

  #note(node: NodeId, result: string | null): void {
    if (result === null) return;
    const ids = this.#results.get(node) ?? new Set<string>();
    this.#results.set(node, ids.add(result));
  }

  #startOver(): void {
    this.#consumed = 0;
    this.#unreadable = 0;
    this.#entries.length = 0;
    this.#nodes.clear();
    this.#begun.clear();
    this.#told.clear();
    this.#results.clear();
  }

  #reportUnreadable(error: unknown): void {
    this.damage.notices.add({
      id: `history:${this.sheet}`,
      severity: "warning",
      message: `The history of sheet “${this.sheet}” can't be read: ${error instanceof Error ? error.message : String(error)}.`,
    });
  }
}

/** Gives another sheet the same history, whole or not at all; none where there is none. */
export function copyHistory(from: string, to: string, tmp: string): Result<void> {
  const temporary = temporaryPath(tmp);
  try {
    // Through a link it would be somebody else's file.
    if (lstatSync(from, { throwIfNoEntry: false })?.isFile() !== true) return success(undefined);
    makingFolder(temporary, () => copyFileSync(from, temporary, constants.COPYFILE_FICLONE));
    makingFolder(to, () => renameSync(temporary, to));
  } catch (error) {
    removeQuietly(temporary);
    if (errorCode(error) !== "ENOENT") return failed(storeFailure(error, "the copy of a history"));
  }
  return success(undefined);
}

function withShortLog(entry: HistoryEntry): HistoryEntry {
  if (!entry.log || entry.log.length === 0) return entry;
  let room = LOG_LENGTH;
  let first = entry.log.length;
  while (first > 0) {
    room -= (entry.log[first - 1]?.text.length ?? 0) + 40;
    if (room < 0) break;
    first--;
  }
  if (first === 0) return entry;
  const { logCut } = entry;
  const { lines, warnings, errors } = countLog({ log: entry.log.slice(0, first), ...(logCut && { logCut }) });
  return { ...entry, log: entry.log.slice(first), logCut: { lines, warnings, errors } };
}

/** The checksum says that the line is as it was written; this, that it is of a kind known here. */
function isLine(content: unknown): content is Line {
  if (typeof content !== "object" || content === null || !("type" in content)) return false;
  if (content.type === "execution") {
    const entry = "entry" in content ? content.entry : null;
    return typeof entry === "object" && entry !== null && "node" in entry && typeof entry.node === "string";
  }
  if (content.type === "begun") return "runId" in content && typeof content.runId === "string" && "node" in content;
  if (content.type === "told") return "runId" in content && typeof content.runId === "string";
  return (content.type === "selected" || content.type === "cleared") && "node" in content;
}
