import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { failed, success, type Result } from "../model/outcome.js";
import type { StoredValue } from "../model/value.js";
import { BlobStore } from "./blobs.js";
import { readSmall } from "./disk.js";
import { contentOf } from "./filesNamed.js";
import { SheetHistory } from "./history.js";
import { FORMAT, type Layout } from "./layout.js";
import { Damage, Notices } from "./notices.js";
import { isObject } from "./packLine.js";
import { Packs } from "./packs.js";
import { recordIn, valuesIn } from "./resultText.js";
import { isBegun, isWhole, unseal } from "./sealed.js";
import { isStored } from "./storedValue.js";
import { storeFailure } from "./storeFailure.js";

/** What is wrong in a folder. */
export interface StoreProblem {
  /** Where, within the `.daggr` folder. */
  readonly path: string;
  /** One sentence. */
  readonly message: string;
}

/** What a folder holds, all of which was read and checked. */
export interface Verified {
  readonly results: number;
  /** Files and large values that are kept apart. */
  readonly contents: number;
  /** Of those. */
  readonly bytes: number;
  /** What was typed, and how sheets are called and arranged. */
  readonly entries: number;
  /** Empty: all is whole. */
  readonly problems: readonly StoreProblem[];
}

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Called for each content that was read. Bytes so far. */
  readonly progress: (bytes: number) => void;
}

/**
 * Reads everything in a `.daggr` folder and checks that it is as it was written, and that what names content can have it.
 * Changes nothing, so that it may be done beside anything else; what is made or cleared meanwhile may be missed, or told as
 * missing.
 *
 * @returns a failure with reason `store` where the folder is of a newer version, or can't be read at all; reason `cancelled` when the
 *   signal was aborted.
 */
export async function verifyFolder(layout: Layout, options: VerifyOptions): Promise<Result<Verified>> {
  try {
    const format = formatOf(layout);
    if (format > FORMAT) {
      const message = `The \`.daggr\` folder was written by a newer version of Daggr (format ${format}; this one knows ${FORMAT}).`;
      return failed({ reason: "store", message, hint: "Update Daggr." });
    }
    return await new Verification(layout, options).run();
  } catch (error) {
    return failed(storeFailure(error, "anything"));
  }
}

function formatOf({ format }: Layout): number {
  try {
    const content: unknown = JSON.parse(readSmall(format) ?? "");
    return isObject(content) && typeof content.format === "number" ? content.format : FORMAT;
  } catch {
    return FORMAT; // it is written anew when the folder is opened
  }
}

class Verification {
  readonly #layout: Layout;
  readonly #options: VerifyOptions;
  readonly #blobs: BlobStore;
  readonly #problems: StoreProblem[] = [];
  /** Content that is not what its name says, or can't be read. */
  readonly #spoilt = new Set<string>();
  #contents = 0;
  #bytes = 0;
  #entries = 0;

  constructor(layout: Layout, options: VerifyOptions) {
    this.#layout = layout;
    this.#options = options;
    this.#blobs = new BlobStore(layout.blobs);
  }

  async run(): Promise<Result<Verified>> {
    const { signal } = this.#options;
    for (const path of filesUnder(this.#layout.blobs)) {
      if (signal.aborted) break;
      await this.#content(path);
    }
    const results = await this.#results();
    for (const path of filesUnder(this.#layout.workflows)) {
      if (signal.aborted) break;
      if (path.endsWith(".jsonl")) this.#history(path, results);
      else if (path.endsWith(".json")) await this.#entry(path);
    }
    if (signal.aborted) return failed({ reason: "cancelled", message: "Stopped before everything was checked." });
    const { size } = results;
    const counted = { contents: this.#contents, bytes: this.#bytes, entries: this.#entries };
    return success({ results: size, ...counted, problems: this.#problems });
  }

  async #content(path: string): Promise<void> {
    const sha = /[/\\]([0-9a-f]{2})[/\\](\1[0-9a-f]{62})$/.exec(path)?.[2];
    if (sha === undefined) return; // being written, or nothing of ours
    const verified = await this.#blobs.verify(sha);
    // Somebody has cleared it meanwhile.
    const file = lstatSync(path, { throwIfNoEntry: false });
    if (!file) return;
    this.#contents++;
    this.#bytes += file.size;
    this.#options.progress(this.#bytes);
    if (verified.ok) return;
    this.#spoilt.add(sha);
    this.#tell(path, "This content is damaged: it is no longer what it was when it was kept.");
  }

  /** Ids of the results that are here. */
  async #results(): Promise<ReadonlySet<string>> {
    const packs = new Packs(this.#layout.results, new Damage(null, new Notices()), ({ pack, lines }) =>
      this.#tell(pack.path, `${lines.length === 1 ? "One line" : `${lines.length} lines`} of results can't be read.`),
    );
    packs.refresh();
    const ids = packs.index.liveIds();
    for (const id of ids) {
      if (this.#options.signal.aborted) break;
      const copies = packs.index.copies(id);
      const records = copies.flatMap(
        ({ pack, offset, length }) => recordIn(packs.text(pack, offset, length) ?? "", id) ?? [],
      );
      const [record] = records;
      const path = copies[0]?.pack.path ?? this.#layout.results;
      if (record)
        await this.#needs(path, valuesIn(record), `A result of \`${record.node}\` of ${timeOf(record.startedAt)}`);
      else this.#tell(path, `The result ${id} is damaged.`);
    }
    packs.close();
    return ids;
  }

  #history(path: string, results: ReadonlySet<string>): void {
    const lines = (readSmall(path) ?? "").split("\n").filter(Boolean);
    // What a killed process was in the middle of was never said to be kept.
    const damaged = lines.filter((line) => !isWhole(line) && !(isBegun(line) && !line.endsWith("}")));
    if (damaged.length > 0)
      this.#tell(
        path,
        `${damaged.length === 1 ? "One entry" : `${damaged.length} entries`} of this history can't be read.`,
      );
    const unwritten = { reason: "store", message: "Only read." } as const;
    const history = new SheetHistory(path, "", new Damage(null, new Notices()), unwritten, () => undefined);
    const gone = [...history.results()].filter((id) => !results.has(id));
    history.close();
    if (gone.length > 0)
      this.#tell(
        path,
        `This history names ${gone.length === 1 ? "one result" : `${gone.length} results`} that are not there.`,
      );
  }

  async #entry(path: string): Promise<void> {
    const text = readSmall(path);
    if (text === null) return;
    this.#entries++;
    const content = unseal(text);
    if (!isObject(content)) return this.#tell(path, "This entry is damaged.");
    const { control, value } = content;
    if (isStored(value)) await this.#needs(path, [value], `What was entered into \`${String(control)}\``);
  }

  async #needs(path: string, values: Iterable<StoredValue>, what: string): Promise<void> {
    const missing = new Set<string>();
    const spoilt = new Set<string>();
    for (const value of values) {
      const content = await contentOf(value, this.#blobs).catch(() => (value.kind === "blob" ? [value.blob] : []));
      for (const sha of content) {
        if (this.#spoilt.has(sha)) spoilt.add(sha);
        else if (!lstatSync(this.#blobs.path(sha), { throwIfNoEntry: false })) missing.add(sha);
      }
    }
    if (missing.size > 0)
      this.#tell(path, `${what} lacks content that is gone: ${[...missing].map(short).join(", ")}.`);
    if (spoilt.size > 0) this.#tell(path, `${what} has damaged content: ${[...spoilt].map(short).join(", ")}.`);
  }

  #tell(path: string, message: string): void {
    this.#problems.push({ path: relative(this.#layout.folder, path).replaceAll("\\", "/"), message });
  }
}

/** Plain files, in whatever folder; nothing behind links. */
function* filesUnder(folder: string): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // gone, or not there yet
  }
}

function short(sha: string): string {
  return sha.slice(0, 12);
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
