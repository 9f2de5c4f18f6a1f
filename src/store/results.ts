import { basename } from "node:path";
import type { Failure } from "../model/failure.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { ResultRecord } from "../model/result.js";
import type { StoredValue } from "../model/value.js";
import { same, type Signature } from "./blobFile.js";
import type { BlobStore } from "./blobs.js";
import { compact, isCrowded } from "./compaction.js";
import { isWorthSyncing, syncFiles } from "./durable.js";
import { contentOf } from "./filesNamed.js";
import type { Layout } from "./layout.js";
import type { Damage } from "./notices.js";
import type { Copy } from "./packIndex.js";
import { removalLine, resultLine } from "./packLine.js";
import { Packs, type Unreadable } from "./packs.js";
import { PackWriter } from "./packWriter.js";
import { fingerprintPrefix } from "./resultId.js";
import { recordIn, valuesIn } from "./resultText.js";
import { errorCode, storeFailure } from "./storeFailure.js";

/** So many records are kept in memory. */
const REMEMBERED = 4096;

/** Packs that have become many are made one this long after they were first read, out of the way of what is waited for. Milliseconds. */
const TIDY_MS = 5000;

/** Result records, found by id and by fingerprint: the face of the packs. */
export class Results {
  readonly #packs: Packs;
  readonly #writer: PackWriter;
  /** Records as they were read and checked, which holds for as long as their packs aren't touched. */
  readonly #read = new Map<string, { readonly record: ResultRecord; readonly copy: Copy; readonly file: Signature }>();
  /** Results that could not be written: theirs is only this session. */
  readonly #unwritten = new Map<string, ResultRecord>();
  /** Removals that could not be written, as in a removal line. */
  readonly #owed = new Map<string, number>();
  #tidying: NodeJS.Timeout | null = null;

  /** @param refusal - why nothing is to be written; `null` where it may be. */
  constructor(
    readonly layout: Layout,
    readonly blobs: BlobStore,
    readonly damage: Damage,
    readonly refusal: Failure | null,
  ) {
    this.#packs = new Packs(layout.results, damage, (found) => this.#setAside(found));
    this.#writer = new PackWriter(layout.results);
  }

  async put(record: ResultRecord): Promise<Result<void>> {
    const prefix = fingerprintPrefix(record.id);
    if (prefix === null || prefix !== record.fingerprint.slice(0, 16)) {
      return failed({
        reason: "internal",
        message: `\`${record.id}\` is not the id of a result with its fingerprint.`,
      });
    }
    if (this.refusal) {
      this.#unwritten.set(record.id, record);
      return failed(this.refusal);
    }
    try {
      const path = this.#append(resultLine(record, this.#packs.index.nextAgain(record.id)));
      if (isWorthSyncing(record.durationMs)) await syncFiles([...(await this.#contentOf(record)), path]);
      return success(undefined);
    } catch (error) {
      this.#unwritten.set(record.id, record);
      return failed(storeFailure(error, `the result of \`${record.node}\``));
    }
  }

  get(id: string): ResultRecord | null {
    return this.getAll([id]).get(id) ?? null;
  }

  /** Those that are here, by id. */
  getAll(ids: Iterable<string>): Map<string, ResultRecord> {
    const found = new Map<string, ResultRecord>();
    const missing: string[] = [];
    for (const id of ids) {
      const record = this.#unwritten.get(id) ?? this.#lookUp(id);
      if (record) found.set(id, record);
      else if (fingerprintPrefix(id) !== null) missing.push(id);
    }
    // Made by another process since, or moved into another pack.
    if (missing.length > 0 && this.#refresh()) {
      for (const id of missing) {
        const record = this.#lookUp(id);
        if (record) found.set(id, record);
      }
    }
    return found;
  }

  /** The newest whole result with this fingerprint, or the preferred one, if that is whole; none where the newest is a refusal. */
  async find(fingerprint: string, preferred?: string): Promise<ResultRecord | null> {
    const likely = preferred !== undefined && fingerprintPrefix(preferred) === fingerprint.slice(0, 16);
    const wanted = likely ? this.get(preferred) : null;
    // People change their minds: what they said last counts.
    const settled = wanted?.answer?.kind !== "approve" && wanted?.answer?.kind !== "reject";
    if (settled && wanted?.fingerprint === fingerprint && (await this.#isWhole(wanted))) return wanted;
    if (!/^[0-9a-f]{64}$/.test(fingerprint)) return null;
    if (this.#packs.isOld) this.#refresh();
    const { news } = this.#packs;
    const newest = await this.#newest(fingerprint);
    if (newest) return newest;
    this.#refresh();
    // Somebody else may have taken in meanwhile what this would have.
    return this.#packs.news === news ? null : this.#newest(fingerprint);
  }

  /** What can't be written down holds for this session, and is written by {@link settle}. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#unwritten.delete(id);
      this.#read.delete(id);
      const copies = this.#packs.index.copies(id);
      if (copies.length > 0) this.#owed.set(id, Math.max(...copies.map(({ again }) => again)));
    }
    this.#packs.index.remove(Object.fromEntries(this.#owed));
    this.settle();
  }

  /** Writes down the removals that could not be written before. */
  settle(): Result<void> {
    if (this.#owed.size === 0 || this.refusal) return success(undefined);
    try {
      this.#append(removalLine({ removed: Object.fromEntries(this.#owed) }));
      this.#owed.clear();
      return success(undefined);
    } catch (error) {
      return failed(storeFailure(error, "what was cleared"));
    }
  }

  /** Every value of every result, written or not; `"unknown"`: something that may name anything. */
  *values(): Generator<StoredValue | "unknown"> {
    for (const record of this.#all()) {
      if (record === "unknown") yield record;
      else yield* valuesIn(record);
    }
  }

  /** Every result that can be read, written or not. */
  *records(): Generator<ResultRecord> {
    for (const record of this.#all()) if (record !== "unknown") yield record;
  }

  *#all(): Generator<ResultRecord | "unknown"> {
    yield* this.#unwritten.values();
    this.#refresh();
    if (this.#packs.mayHoldMore()) yield "unknown";
    for (const id of this.#packs.index.liveIds()) {
      const record = this.#recordOf(id) ?? (this.#refresh() ? this.#recordOf(id) : null);
      if (record) yield record;
    }
  }

  /** Gives back what is taken up by results that were removed, and by too many packs: see {@link compact}. */
  async tidy(): Promise<void> {
    if (this.refusal) return;
    try {
      await compact(this.layout, this.#packs, this.#writer, this.damage);
    } catch (error) {
      // The disk is full, or the like: nothing has changed, and whoever writes next is told.
      if (errorCode(error) === "") throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#tidying) clearTimeout(this.#tidying);
    if (isCrowded(this.#packs)) await this.tidy();
    this.#packs.close();
    this.#writer.release();
  }

  /** Answers the path of the pack. */
  #append(line: string): string {
    const { path, bytes, before } = this.#writer.append(line);
    this.#packs.appended(path, bytes, before);
    return path;
  }

  #refresh(): boolean {
    const changed = this.#packs.refresh();
    if (!this.#tidying && !this.refusal && isCrowded(this.#packs)) {
      this.#tidying = setTimeout(() => void this.tidy(), TIDY_MS).unref();
    }
    return changed;
  }

  /** The record, verified. What is damaged is set aside. */
  #lookUp(id: string, isFirst = true): ResultRecord | null {
    const damaged: (readonly [Copy, string])[] = [];
    let isSure = true;
    for (const copy of this.#packs.index.copies(id)) {
      const file = copy.pack.signature();
      if (!file) {
        this.#packs.forget(copy.pack);
        isSure = false;
        continue;
      }
      const known = this.#read.get(id);
      if (known?.copy === copy && same(known.file, file)) return known.record;
      const text = this.#packs.text(copy.pack, copy.offset, copy.length);
      const record = text === null ? null : recordIn(text, id);
      if (record) {
        this.#remember({ record, copy, file });
        return record;
      }
      if (text === null) isSure = false;
      else damaged.push([copy, text]);
    }
    const [first] = damaged;
    // What is gone from one pack may be in another by now, and what can't be read now may be read later.
    if (!first || !isSure) return null;
    // Perhaps the file is another by now, with everything in other places.
    const isOther = damaged.filter(([{ pack }]) => this.#packs.reread(pack)).length > 0;
    if (isFirst && isOther) return this.#lookUp(id, false);
    this.damage.setAsideText(`${id}.json`, first[1], "a result");
    this.remove([id]);
    return null;
  }

  /** As {@link #lookUp}, without any effect; `"unknown"`: it can't be read now. */
  #recordOf(id: string): ResultRecord | "unknown" | null {
    for (const { pack, offset, length } of this.#packs.index.copies(id)) {
      if (!pack.signature()) {
        this.#packs.forget(pack);
        continue;
      }
      const text = this.#packs.text(pack, offset, length);
      const record = text === null ? "unknown" : recordIn(text, id);
      if (record) return record;
    }
    return null;
  }

  async #newest(fingerprint: string): Promise<ResultRecord | null> {
    const end = fingerprint.slice(0, 16);
    const unwritten = [...this.#unwritten.keys()].filter((id) => id.endsWith(end));
    for (const id of [...unwritten, ...this.#packs.index.ids(end)].sort().reverse()) {
      const record = this.#unwritten.get(id) ?? this.#lookUp(id);
      if (record?.fingerprint !== fingerprint) continue;
      if (record.answer?.kind === "reject") return null;
      if (await this.#isWhole(record)) return record;
    }
    return null;
  }

  /** Keeps a copy of what can't be read, and notes that, so that it isn't told again. */
  #setAside({ pack, lines, end }: Unreadable): void {
    const name = basename(pack.path);
    this.damage.setAsideText(`${end}-${name}`, lines.join("\n"), "what stood among the results");
    if (this.refusal) return;
    try {
      this.#append(removalLine({ unreadable: { [name]: end } }));
    } catch {
      // It is told again the next time.
    }
  }

  #remember(known: { readonly record: ResultRecord; readonly copy: Copy; readonly file: Signature }): void {
    const [oldest] = this.#read.keys();
    if (this.#read.size >= REMEMBERED && oldest !== undefined) this.#read.delete(oldest);
    this.#read.set(known.record.id, known);
  }

  async #isWhole(record: ResultRecord): Promise<boolean> {
    const made = Object.values(record.outputs);
    for (const value of record.items ? [...made, record.items.outcomes] : made) {
      if (value.kind === "blob" && !(await this.blobs.verify(value.blob)).ok) return false;
      const content = await contentOf(value, this.blobs).catch(() => null); // gone this very moment
      if (!content) return false;
      for (const sha of content) if (!(await this.blobs.verify(sha)).ok) return false;
    }
    return true;
  }

  /** Paths of the content that a result is made of, and was made from. */
  async #contentOf(record: ResultRecord): Promise<string[]> {
    const content = await Promise.all(
      [...valuesIn(record)].map((value) => contentOf(value, this.blobs).catch(() => [])),
    );
    return content.flat().map((sha) => this.blobs.path(sha));
  }
}
