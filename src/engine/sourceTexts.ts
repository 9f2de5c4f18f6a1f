import { createHash } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { digestOfFile } from "../scheduler/loadedProgram.js";

/** What is longer is data that code reads, and no source text. Bytes. */
const LONGEST_SOURCE = 32 * 1024 * 1024;

interface DiskText {
  /** `undefined`: there is no such file, or it is no text. */
  readonly text: string | undefined;
  /** SHA-256 of its bytes, which may be no text; `undefined`: there is no such file. */
  readonly digest: string | undefined;
  /** Changes whenever the file does. */
  readonly stamp: string;
}

/** The texts of all local files, as the editor has them or else as they lie on disk. Shared by all open workflows. */
export class SourceTexts {
  readonly #buffers = new Map<string, string>();
  readonly #disk = new Map<string, DiskText>();

  /** `null`: the editor has let go of the file. Answers whether the text that counts has changed. */
  setBuffer(path: string, text: string | null): boolean {
    const before = this.#buffers.get(path) ?? this.#disk.get(path)?.text;
    if (text === null) this.#buffers.delete(path);
    else this.#buffers.set(path, text);
    return before !== this.read(path);
  }

  /** The text that counts; `undefined`: no such file. */
  read(path: string): string | undefined {
    const buffer = this.#buffers.get(path);
    if (buffer !== undefined) return buffer;
    const known = this.#disk.get(path) ?? this.#load(path);
    return known.text;
  }

  /** Identifies the content that counts, whatever it is; `undefined`: no such file. */
  digest(path: string): string | undefined {
    const buffer = this.#buffers.get(path);
    if (buffer !== undefined) return createHash("sha256").update(buffer).digest("hex");
    return (this.#disk.get(path) ?? this.#load(path)).digest;
  }

  /** Where a file really lies, symbolic links followed; `undefined`: no such file. */
  realPath(path: string): string | undefined {
    try {
      return realpathSync(path);
    } catch {
      return undefined;
    }
  }

  /** Looks at the disk again. Answers whether the text that counts has changed. */
  refresh(path: string): boolean {
    const before = this.#disk.get(path);
    if (before?.stamp === stampOf(path)) return false;
    const after = this.#load(path);
    return !this.#buffers.has(path) && before?.digest !== after.digest;
  }

  exists(path: string): boolean {
    return this.#buffers.has(path) || stampOf(path) !== "";
  }

  /** Whether the editor holds a text that differs from the one on disk. */
  isUnsaved(path: string): boolean {
    const buffer = this.#buffers.get(path);
    if (buffer === undefined) return false;
    this.refresh(path);
    const onDisk = (this.#disk.get(path) ?? this.#load(path)).text;
    return onDisk === undefined || normalised(onDisk) !== normalised(buffer);
  }

  #load(path: string): DiskText {
    // Stamped before it is read: a change in between is noticed next time.
    const stamp = stampOf(path);
    let bytes: Buffer | undefined;
    try {
      bytes = stamp === "" ? undefined : readFileSync(path);
    } catch {
      bytes = undefined;
    }
    const digest = bytes && createHash("sha256").update(bytes).digest("hex");
    const text = bytes && bytes.length <= LONGEST_SOURCE ? bytes.toString("utf8") : undefined;
    const loaded = { text, digest, stamp };
    this.#disk.set(path, loaded);
    return loaded;
  }
}

/** SHA-256 of each file's bytes on disk; files that cannot be read are left out. */
export async function digestsOnDisk(paths: readonly string[]): Promise<Map<string, string>> {
  const digests = await Promise.all(paths.map(async (path) => [path, await digestOfFile(path)] as const));
  return new Map(digests.flatMap(([path, digest]) => (digest === null ? [] : [[path, digest]])));
}

/** Identifies a set of texts, as the editor has them. */
export function digestOfTexts(texts: Iterable<string | undefined>): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text === undefined ? "-" : `${String(text.length)}:${text}`);
  return hash.digest("hex");
}

/** Size and time of last change; empty: no such file, or none that can be reached. */
function stampOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true });
    return stat.isFile() ? `${String(stat.ino)} ${String(stat.size)} ${String(stat.mtimeNs)}` : "";
  } catch {
    return "";
  }
}

/** Editors hide the byte order mark, and may show line ends other than the file's until it is saved. */
function normalised(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}
