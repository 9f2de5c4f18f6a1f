import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileAt, type Signature } from "./blobFile.js";
import { makingFolder } from "./disk.js";
import { PACK_LIMIT, PLAIN } from "./pack.js";
import { claim, newProcessName } from "./processName.js";
import { StoreError } from "./storeFailure.js";

const NEW = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | PLAIN;

/** The pack that a process appends to, and nobody else. It comes into being with the first line. */
export class PackWriter {
  readonly #folder: string;
  #pack: { readonly path: string; readonly file: number; readonly ino: number; readonly disown: () => void } | null =
    null;

  /** @param folder - of all packs. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Absolute path of the pack; `null`: there is none at this moment. */
  get path(): string | null {
    return this.#pack?.path ?? null;
  }

  /**
   * Appends a line: one write, with a newline before and after it, so that one that was torn doesn't spoil another.
   *
   * @returns where, what, and what the file was like before.
   * @throws what the system says; nothing of the line is left then, if that can be helped.
   */
  append(line: string): { readonly path: string; readonly bytes: Buffer; readonly before: Signature } {
    const bytes = Buffer.from(`\n${line}\n`, "utf8");
    if (bytes.length > PACK_LIMIT) {
      throw new StoreError({
        reason: "store",
        message: `A result's record is too large to be kept (${bytes.length} bytes).`,
      });
    }
    const { path, file, before } = this.#openFor(bytes.length);
    try {
      let written = writeSync(file, bytes);
      while (written < bytes.length) written += writeSync(file, bytes, written);
      return { path, bytes, before };
    } catch (error) {
      this.#takeBack(file, before.size);
      throw error;
    }
  }

  /** Leaves the pack to whoever wants to rewrite it; what is appended next goes to a new one. */
  release(): void {
    if (!this.#pack) return;
    closeSync(this.#pack.file);
    this.#pack.disown();
    this.#pack = null;
  }

  #takeBack(file: number, size: number): void {
    try {
      ftruncateSync(file, size);
    } catch {
      // Then it stays as one that a crash has torn.
    }
  }

  /** The open pack, unless it is full, or somebody has deleted or replaced it: nothing is written into the void. */
  #openFor(length: number): { readonly path: string; readonly file: number; readonly before: Signature } {
    if (this.#pack) {
      const before = fileAt(this.#pack.path);
      if (before?.ino === this.#pack.ino && before.size + length <= PACK_LIMIT) return { ...this.#pack, before };
      this.release();
    }
    const path = join(this.#folder, `${newProcessName()}.jsonl`);
    const disown = claim(path);
    try {
      const file = makingFolder(path, () => openSync(path, NEW, 0o644));
      const { ino, size, mtimeMs } = fstatSync(file);
      this.#pack = { path, file, ino, disown };
      return { path, file, before: { ino, size, mtimeMs } };
    } catch (error) {
      disown();
      throw error;
    }
  }
}
