import { closeSync, constants, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { fileAt, type Signature } from "./blobFile.js";
import { isInUse } from "./processName.js";
import { isBegun, isWhole } from "./sealed.js";

/** A pack is full when it is this large. Bytes. */
export const PACK_LIMIT = 64 << 20;

/** Read at a time. Bytes: with more of them, reading is several times slower, measured. */
const CHUNK = 256 << 10;

/** Never through a symbolic link, and never waiting for somebody to write to a pipe. Windows has neither flag. */
export const PLAIN = process.platform === "win32" ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Gets a line: `bytes` from `start` to `end`, which stand at `offset` in the file. */
export type Visit = (bytes: Buffer, start: number, end: number, offset: number) => void;

/** One file of results, as it is read: from its beginning once, and then where it has grown. */
export class Pack {
  readonly name: string;
  /** Up to here it was read. Bytes. */
  consumed = 0;
  /** Holds something of a later version. */
  holdsNewer = false;
  /** Its writer is gone, and all that it wrote was read. */
  isFinal = false;
  #seen: Signature | null = null;
  #file: number | null = null;

  constructor(readonly path: string) {
    this.name = basename(path);
  }

  /** What the file is like now; `null` where it isn't the one that was read: gone, replaced, or no file at all. */
  signature(): Signature | null {
    const now = fileAt(this.path);
    return now && now.ino === this.#seen?.ino ? now : null;
  }

  /** Whether somebody has written to it since it was last read on. */
  hasChanged(): boolean {
    const now = this.signature();
    return now?.size !== this.#seen?.size || now?.mtimeMs !== this.#seen?.mtimeMs;
  }

  /**
   * Reads on to the end of the last line that has one; where the writer is gone, to the end.
   *
   * @returns `"replaced"`: it isn't the file any more that was read before; `"strange"`: no file of this store's making.
   * @throws what the system says where it can't be opened or read.
   */
  readOn(visit: Visit): "read" | "gone" | "replaced" | "strange" {
    const isLast = !isInUse(this.path); // asked first: what it has written until then is there
    const file = fileAt(this.path);
    if (file === undefined) return "gone";
    if (file === null || file.size > 2 * PACK_LIMIT) return "strange";
    if (this.#seen !== null && (file.ino !== this.#seen.ino || file.size < this.consumed)) return "replaced";
    this.#seen = file;
    if (file.size > this.consumed) this.#readLines(file.size, isLast, visit);
    this.isFinal = isLast;
    return "read";
  }

  /**
   * Takes in what this process has just appended, without reading it.
   *
   * @param file - what the file was like before.
   * @returns whether that was all there was to read.
   */
  take(bytes: Buffer, file: Signature, visit: Visit): boolean {
    const offset = file.size;
    if (offset !== this.consumed) return false;
    this.#seen = file;
    eachLine(bytes, offset, visit);
    this.consumed += bytes.length;
    return true;
  }

  /**
   * The text of a line; shorter where the file is.
   *
   * @throws what the system says.
   */
  text(offset: number, length: number): string {
    this.#file ??= openSync(this.path, constants.O_RDONLY | PLAIN);
    const bytes = Buffer.allocUnsafe(length);
    return bytes.toString("utf8", 0, readSync(this.#file, bytes, 0, length, offset));
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #readLines(size: number, isLast: boolean, visit: Visit): void {
    this.#file ??= openSync(this.path, constants.O_RDONLY | PLAIN);
    let bytes = Buffer.allocUnsafe(Math.min(CHUNK, size - this.consumed));
    while (this.consumed < size) {
      const read = readSync(this.#file, bytes, 0, bytes.length, this.consumed);
      if (read === 0) return;
      const atEnd = this.consumed + read >= size;
      const end = atEnd && isLast ? read : bytes.lastIndexOf(0x0a, read - 1) + 1;
      if (end > 0) {
        eachLine(bytes.subarray(0, end), this.consumed, visit);
        this.consumed += end;
      }
      if (atEnd) return;
      if (end === 0) bytes = Buffer.allocUnsafe(Math.min(bytes.length * 4, size - this.consumed));
    }
  }
}

function eachLine(bytes: Buffer, base: number, visit: Visit): void {
  for (let start = 0; start < bytes.length;) {
    if (bytes[start] === 0x0a) {
      start++;
      continue;
    }
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    // What its writer was in the middle of when it was killed was never said to be kept.
    if (newline >= 0 || !isTorn(bytes.toString("utf8", start, end))) visit(bytes, start, end, base + start);
    start = end + 1;
  }
}

function isTorn(end: string): boolean {
  return isBegun(end) && !isWhole(end);
}
