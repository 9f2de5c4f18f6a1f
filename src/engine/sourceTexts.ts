import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { digestOfFile } from "../scheduler/loadedProgram.js";

interface DiskText {
  /** `undefined`: there is no such file. */
  readonly text: string | undefined;
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

  /** Looks at the disk again. Answers whether the text that counts has changed. */
  refresh(path: string): boolean {
    const before = this.#disk.get(path);
    if (before?.stamp === stampOf(path)) return false;
    const after = this.#load(path);
    return !this.#buffers.has(path) && before?.text !== after.text;
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
    let text: string | undefined;
    try {
      text = stamp === "" ? undefined : readFileSync(path, "utf8");
    } catch {
      text = undefined;
    }
    const loaded = { text, stamp };
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
