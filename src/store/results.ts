import { join } from "node:path";
import type { Failure } from "../model/failure.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { ResultRecord } from "../model/result.js";
import type { StoredValue } from "../model/value.js";
import { same, signatureOfRecord, type Signature } from "./blobFile.js";
import type { BlobStore } from "./blobs.js";
import { readSmall, remove, writeSmall } from "./disk.js";
import { isWorthSyncing, syncFiles } from "./durable.js";
import { contentOf } from "./filesNamed.js";
import type { Layout } from "./layout.js";
import type { Damage } from "./notices.js";
import { fingerprintPrefix } from "./resultId.js";
import { ResultNames } from "./resultNames.js";
import { seal, unseal } from "./sealed.js";
import { storeFailure } from "./storeFailure.js";

/** So many records are kept in memory. */
const REMEMBERED = 4096;

/** Result records, one sealed file each, found by id and by fingerprint without an index on disk. */
export class Results {
  /** Fingerprint → id of a result that was seen with it. Only a short cut: the record itself is looked at each time. */
  readonly #seen = new Map<string, string>();
  readonly #names: ResultNames;
  /** Records as they were read and checked, which holds for as long as their files aren't touched. */
  readonly #read = new Map<string, { readonly record: ResultRecord; readonly file: Signature }>();
  /** Results that could not be written: theirs is only this session. */
  readonly #unwritten = new Map<string, ResultRecord>();

  /** @param refusal - why nothing is to be written; `null` where it may be. */
  constructor(
    readonly layout: Layout,
    readonly blobs: BlobStore,
    readonly damage: Damage,
    readonly refusal: Failure | null,
  ) {
    this.#names = new ResultNames(layout.results);
  }

  async put(record: ResultRecord): Promise<Result<void>> {
    const path = this.#path(record.id);
    if (path === null || fingerprintPrefix(record.id) !== record.fingerprint.slice(0, 16)) {
      return failed({
        reason: "internal",
        message: `\`${record.id}\` is not the id of a result with its fingerprint.`,
      });
    }
    this.#seen.set(record.fingerprint, record.id);
    if (this.refusal) {
      this.#unwritten.set(record.id, record);
      return failed(this.refusal);
    }
    try {
      writeSmall(path, seal(record), this.layout.tmp);
      this.#names.add(record.id);
      if (isWorthSyncing(record.durationMs)) await syncFiles([...(await this.#contentOf(record)), path]);
      return success(undefined);
    } catch (error) {
      this.#unwritten.set(record.id, record);
      return failed(storeFailure(error, `the result of \`${record.node}\``));
    }
  }

  get(id: string): ResultRecord | null {
    const unwritten = this.#unwritten.get(id);
    if (unwritten) return unwritten;
    const path = this.#path(id);
    if (path === null) return null;
    let file: Signature | null = null;
    let content: unknown;
    try {
      file = signatureOfRecord(path);
      const known = this.#read.get(id);
      if (known && same(known.file, file)) return known.record;
      const text = readSmall(path);
      if (text === null) return null;
      content = unseal(text);
    } catch {
      content = undefined; // a link, a folder, a bad sector: no record in any case
    }
    if (isNewer(content)) return null;
    if (isResultRecord(content) && content.id === id) {
      if (file) this.#remember(content, file);
      return content;
    }
    this.damage.setAside(path, "a result");
    return null;
  }

  /** The newest whole result with this fingerprint, or the preferred one, if that is whole. */
  async find(fingerprint: string, preferred?: string): Promise<ResultRecord | null> {
    const likely = preferred !== undefined && fingerprintPrefix(preferred) === fingerprint.slice(0, 16);
    const wanted = likely ? this.get(preferred) : null;
    if (wanted?.fingerprint === fingerprint && (await this.#isWhole(wanted))) return wanted;
    const seen = this.#seen.get(fingerprint);
    if (seen !== undefined) {
      const record = this.get(seen);
      if (record && (await this.#isWhole(record))) return record;
      this.#seen.delete(fingerprint);
    }
    for (const id of this.#list(fingerprint)) {
      const record = this.get(id);
      if (record?.fingerprint !== fingerprint || !(await this.#isWhole(record))) continue;
      this.#seen.set(fingerprint, id);
      return record;
    }
    return null;
  }

  /** Answers whether the record was there. */
  remove(id: string): boolean {
    const path = this.#path(id);
    const wasUnwritten = this.#unwritten.delete(id);
    this.#read.delete(id);
    return (path !== null && this.refusal === null && remove(path)) || wasUnwritten;
  }

  /** Values of results that could not be written. */
  *unwritten(): Generator<StoredValue> {
    for (const { outputs, inputs } of this.#unwritten.values()) {
      yield* Object.values(outputs);
      yield* Object.values(inputs);
    }
  }

  /** Newest first. */
  #list(fingerprint: string): string[] {
    if (!/^[0-9a-f]{64}$/.test(fingerprint)) return [];
    const end = `-${fingerprint.slice(0, 16)}`;
    const unwritten = [...this.#unwritten.keys()].filter((id) => id.endsWith(end));
    return [...unwritten, ...this.#names.of(fingerprint)].sort().reverse();
  }

  #remember(record: ResultRecord, file: Signature): void {
    const [oldest] = this.#read.keys();
    if (this.#read.size >= REMEMBERED && oldest !== undefined) this.#read.delete(oldest);
    this.#read.set(record.id, { record, file });
  }

  async #isWhole(record: ResultRecord): Promise<boolean> {
    for (const value of Object.values(record.outputs)) {
      if (value.kind === "blob" && !(await this.blobs.verify(value.blob)).ok) return false;
      const content = await contentOf(value, this.blobs).catch(() => null); // gone this very moment
      if (!content) return false;
      for (const sha of content) if (!(await this.blobs.verify(sha)).ok) return false;
    }
    return true;
  }

  /** Paths of the content that a result is made of, and was made from. */
  async #contentOf({ outputs, inputs }: ResultRecord): Promise<string[]> {
    const values = [...Object.values(outputs), ...Object.values(inputs)];
    const content = await Promise.all(values.map((value) => contentOf(value, this.blobs).catch(() => [])));
    return content.flat().map((sha) => this.blobs.path(sha));
  }

  #path(id: string): string | null {
    const prefix = fingerprintPrefix(id);
    return prefix === null ? null : join(this.layout.results, prefix.slice(0, 2), `${id}.json`);
  }
}

/** Written by a later version of the product: not ours to judge. */
function isNewer(content: unknown): boolean {
  return isObject(content) && typeof content.format === "number" && content.format > 1;
}

/** The checksum says that the text is as it was written; this, that it was a result record that was written. */
function isResultRecord(content: unknown): content is ResultRecord {
  return (
    isObject(content) &&
    content.format === 1 &&
    typeof content.id === "string" &&
    typeof content.node === "string" &&
    typeof content.fingerprint === "string" &&
    isObject(content.record) &&
    isObject(content.record.inputs) &&
    isObject(content.outputs) &&
    Object.values(content.outputs).every(isObject) &&
    isObject(content.inputs) &&
    isObject(content.upstream)
  );
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}
