import { createHash } from "node:crypto";
import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FolderEntry } from "../analysis/index.js";
import type { AppSchema } from "../model/appSchema.js";
import type { ModelInfo } from "../model/modelInfo.js";
import type { RemoteKnowledge } from "./remoteKnowledge.js";

/** What is longer is data that code reads, and no source text. Bytes. */
const LONGEST_SOURCE = 32 * 1024 * 1024;

interface Content {
  /** `undefined`: there is no such file, or it is no text. */
  readonly text: string | undefined;
  /** SHA-256 of its bytes, which may be no text; `undefined`: there is no such file. */
  readonly digest: string | undefined;
}

/** A file as it was when its stamp was taken, or later: a change in between is noticed next time. */
class DiskFile {
  readonly stamp: string;
  readonly #path: string;
  #content: Content | null = null;

  /** @param stamp - changes whenever the file does. */
  constructor(path: string, stamp: string) {
    this.#path = path;
    this.stamp = stamp;
  }

  /** `null`: nobody has asked for it, so it has not been read. A video that is a control's default need not be. */
  get known(): Content | null {
    return this.#content;
  }

  get content(): Content {
    return (this.#content ??= contentOf(this.#path, this.stamp));
  }
}

/** What is known of the things that texts name. */
export interface RemoteThings {
  readonly apps: RemoteKnowledge<AppSchema>;
  readonly models: RemoteKnowledge<ModelInfo>;
}

/** The texts of all local files, as the editor has them or else as they lie on disk. Shared by all open workflows. */
export class SourceTexts {
  readonly remote: RemoteThings | undefined;
  readonly #buffers = new Map<string, string>();
  readonly #disk = new Map<string, DiskFile>();

  /** @param remote left out: nothing is known of them */
  constructor(remote?: RemoteThings) {
    this.remote = remote;
  }

  /** `null`: the editor has let go of the file. Answers whether the text that counts has changed. */
  setBuffer(path: string, text: string | null): boolean {
    const before = this.#buffers.get(path) ?? this.#disk.get(path)?.known?.text;
    if (text === null) this.#buffers.delete(path);
    else this.#buffers.set(path, text);
    return before !== this.read(path);
  }

  /** The text that counts; `undefined`: no such file. */
  read(path: string): string | undefined {
    const buffer = this.#buffers.get(path);
    if (buffer !== undefined) return buffer;
    return this.#onDisk(path).text;
  }

  /** Identifies the content that counts, whatever it is; `undefined`: no such file. */
  digest(path: string): string | undefined {
    const buffer = this.#buffers.get(path);
    if (buffer !== undefined) return createHash("sha256").update(buffer).digest("hex");
    return this.#onDisk(path).digest;
  }

  /** What is right in a folder on disk, in order of names; `undefined`: no such folder. */
  list(path: string): readonly FolderEntry[] | undefined {
    try {
      const entries = readdirSync(path, { withFileTypes: true });
      return entries
        .map(({ name }) => ({ name, size: sizeOf(join(path, name)) }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    } catch {
      return undefined;
    }
  }

  /** Where a file really lies, symbolic links followed; `undefined`: no such file. */
  realPath(path: string): string | undefined {
    try {
      return realpathSync(path);
    } catch {
      return undefined;
    }
  }

  /** Looks at the disk again. Answers whether the text that counts has changed, or may have: what nobody has read isn't read. */
  refresh(path: string): boolean {
    const before = this.#disk.get(path);
    const stamp = stampOf(path);
    if (before?.stamp === stamp) return false;
    const after = new DiskFile(path, stamp);
    this.#disk.set(path, after);
    if (this.#buffers.has(path)) return false;
    if (!before) return stamp !== "";
    if (stamp.startsWith(FOLDER) || before.stamp.startsWith(FOLDER)) return true;
    return before.known === null || before.known.digest !== after.content.digest;
  }

  exists(path: string): boolean {
    return this.#buffers.has(path) || this.isOnDisk(path);
  }

  /** Whether the file itself is there, whatever an editor still shows of it. */
  isOnDisk(path: string): boolean {
    const stamp = stampOf(path);
    return stamp !== "" && !stamp.startsWith(FOLDER);
  }

  /** Whether the editor holds a text that differs from the one on disk. */
  isUnsaved(path: string): boolean {
    const buffer = this.#buffers.get(path);
    if (buffer === undefined) return false;
    this.refresh(path);
    const onDisk = this.#onDisk(path).text;
    return onDisk === undefined || normalised(onDisk) !== normalised(buffer);
  }

  #onDisk(path: string): Content {
    let file = this.#disk.get(path);
    if (!file) this.#disk.set(path, (file = new DiskFile(path, stampOf(path))));
    return file.content;
  }
}

function contentOf(path: string, stamp: string): Content {
  try {
    const bytes = stamp === "" || stamp.startsWith(FOLDER) ? undefined : readFileSync(path);
    const digest = bytes && createHash("sha256").update(bytes).digest("hex");
    const text = bytes && bytes.length <= LONGEST_SOURCE ? bytes.toString("utf8") : undefined;
    return { text, digest };
  } catch {
    return { text: undefined, digest: undefined };
  }
}

/** Identifies a set of texts, as the editor has them. */
export function digestOfTexts(texts: Iterable<string | undefined>): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text === undefined ? "-" : `${String(text.length)}:${text}`);
  return hash.digest("hex");
}

/** What the stamp of a folder begins with. */
const FOLDER = "folder ";

/** Size and time of last change; empty: no such file or folder, or none that can be reached. */
function stampOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true });
    if (stat.isDirectory()) return `${FOLDER}${String(stat.ino)} ${String(stat.mtimeNs)}`;
    return stat.isFile() ? `${String(stat.ino)} ${String(stat.size)} ${String(stat.mtimeNs)}` : "";
  } catch {
    return "";
  }
}

/** `null`: it is no file. */
function sizeOf(path: string): number | null {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.size : null;
  } catch {
    return null;
  }
}

/** Editors hide the byte order mark, and may show line ends other than the file's until it is saved. */
function normalised(text: string): string {
  return text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
}
