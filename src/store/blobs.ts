import { createHash, hash, randomBytes } from "node:crypto";
import { existsSync, writeSync } from "node:fs";
import { mkdir, open, readFile, rename, unlink, utimes, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Failure } from "../model/failure.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { FileRef } from "../model/value.js";
import { CHUNK, chunksOf, openSource, READ_BLOB, same, signatureOfBlob, writeAll, type Signature } from "./blobFile.js";
import { damaged, notABlob, readFailure } from "./blobFailures.js";
import { describeMedia } from "./mediaType.js";
import { safeFileName } from "./safeName.js";
import { errorCode, StoreError, storeFailure } from "./storeFailure.js";

export { StoreError } from "./storeFailure.js";

const SHA256 = /^[0-9a-f]{64}$/;

/** Content that is older than this is made young when it is put again. Well below what counts as young. */
const RENEW_MS = 15_000;

/** Who wants to know that a blob's content is no longer what its name says. May move the file away. */
export type OnDamagedBlob = (sha: string, path: string) => void;

/**
 * Content by its SHA-256: `ab/<sha256>` under one folder, appearing by rename out of `tmp/` in the same folder and never
 * changed afterwards. Any process may write at any time, for the same content is the same blob. Where the folder holds a
 * link `base` to another folder of blobs, what isn't found here is read there (a read-only store's overlay).
 *
 * Writes throw {@link StoreError}; reads answer failures with reason `store`.
 */
export class BlobStore {
  readonly folder: string;
  readonly #base: string | null;
  readonly #onDamaged: OnDamagedBlob;
  readonly #verified = new Map<string, Signature>();

  constructor(folder: string, onDamaged: OnDamagedBlob = () => undefined) {
    this.folder = folder;
    const base = join(folder, "base");
    this.#base = existsSync(base) ? base : null;
    this.#onDamaged = onDamaged;
  }

  /**
   * Takes a copy of a file of any size.
   *
   * @param name - its name outside; its own base name unless given.
   * @throws StoreError, reason `not-found` where there is no such file to read.
   */
  async putFile(path: string, name: string = basename(path)): Promise<FileRef> {
    const source = await openSource(path);
    try {
      const head = Buffer.alloc(32);
      const { bytesRead } = await source.read(head, 0, head.length, 0);
      const { sha, size } = await this.#take(chunksOf(source), `the file ${basename(path)}`);
      const described = describeMedia(safeFileName(name), head.subarray(0, bytesRead));
      return { $file: sha, name: described.name, mediaType: described.mediaType, size };
    } finally {
      await source.close();
    }
  }

  /** @throws StoreError */
  async putBytes(bytes: Uint8Array, name: string): Promise<FileRef> {
    const sha = await this.#putWhole(bytes, `the file ${name}`);
    const described = describeMedia(safeFileName(name), bytes);
    return { $file: sha, name: described.name, mediaType: described.mediaType, size: bytes.byteLength };
  }

  /**
   * Answers the blob's SHA-256. Lone surrogates become U+FFFD.
   *
   * @throws StoreError
   */
  putText(text: string): Promise<string> {
    return this.#putWhole(Buffer.from(text, "utf8"), "a value");
  }

  /**
   * As {@link putText}, for a text that may be larger than memory: `produce` gives it in pieces, which must not cut
   * surrogate pairs in two. Blocks while it writes, as making the text does.
   *
   * @throws StoreError
   */
  async putPieces(
    produce: (write: (piece: string) => void) => void,
  ): Promise<{ readonly sha: string; readonly size: number }> {
    const { temporary, file } = await this.#openTemporary("a value");
    const digest = createHash("sha256");
    let size = 0;
    let pending = "";
    const flush = (): void => {
      const bytes = Buffer.from(pending, "utf8");
      pending = "";
      digest.update(bytes);
      size += bytes.byteLength;
      for (let written = 0; written < bytes.byteLength;) written += writeSync(file.fd, bytes, written);
    };
    return this.#finish(temporary, file, "a value", () => {
      produce((piece) => {
        pending += piece;
        if (pending.length >= CHUNK) flush();
      });
      flush();
      return Promise.resolve({ sha: digest.digest("hex"), size });
    });
  }

  /** The text of a blob, verified. */
  async readText(sha: string): Promise<Result<string>> {
    if (!SHA256.test(sha)) return failed(notABlob(sha));
    const path = this.path(sha);
    try {
      const signature = await signatureOfBlob(path);
      if (signature === null) return failed(this.#damage(sha, path));
      const bytes = await readFile(path, { flag: READ_BLOB });
      if (hash("sha256", bytes) !== sha) return failed(this.#damage(sha, path));
      this.#verified.set(sha, signature);
      return success(bytes.toString("utf8"));
    } catch (error) {
      return failed(readFailure(error, sha));
    }
  }

  /**
   * Where the content is, if it is here at all. Only for reading, and only after {@link verify}.
   *
   * @throws Error when `sha` is no SHA-256, so that no record can lead out of the folder.
   */
  path(sha: string): string {
    if (!SHA256.test(sha)) throw new StoreError(notABlob(sha));
    const own = join(this.folder, sha.slice(0, 2), sha);
    if (this.#base === null || existsSync(own)) return own;
    const base = join(this.#base, sha.slice(0, 2), sha);
    return existsSync(base) ? base : own;
  }

  /** Whether the content is here and is what its name says. Hashed once per process as long as the file isn't touched. */
  async verify(sha: string): Promise<Result<void>> {
    if (!SHA256.test(sha)) return failed(notABlob(sha));
    const path = this.path(sha);
    try {
      const signature = await signatureOfBlob(path);
      if (signature === null) return failed(this.#damage(sha, path));
      if (same(this.#verified.get(sha), signature)) return success(undefined);
      const file = await open(path, READ_BLOB);
      try {
        const digest = createHash("sha256");
        for await (const chunk of chunksOf(file)) digest.update(chunk);
        if (digest.digest("hex") !== sha) return failed(this.#damage(sha, path));
      } finally {
        await file.close();
      }
      this.#verified.set(sha, signature);
      return success(undefined);
    } catch (error) {
      return failed(readFailure(error, sha));
    }
  }

  async #putWhole(bytes: Uint8Array, subject: string): Promise<string> {
    const sha = hash("sha256", bytes);
    // What is there already is only good if it is whole: writing it again is what mends a damaged one.
    if (existsSync(this.path(sha)) && (await this.verify(sha)).ok && (await this.#renew(sha))) return sha;
    await this.#take([bytes], subject);
    return sha;
  }

  /** Makes content young again, so that it isn't swept away before what needs it names it. Answers whether it is still there. */
  async #renew(sha: string): Promise<boolean> {
    const path = this.path(sha);
    const before = this.#verified.get(sha);
    if (!before || Date.now() - before.mtimeMs < RENEW_MS) return existsSync(path);
    try {
      const now = new Date();
      await utimes(path, now, now);
      const after = await signatureOfBlob(path);
      // That is all that has changed since it was verified.
      if (after?.ino === before.ino && after.size === before.size) this.#verified.set(sha, after);
      return true;
    } catch (error) {
      // Content of another user, or of a store that can't be written, is not swept from here either.
      return errorCode(error) !== "ENOENT";
    }
  }

  /** Writes content that is hashed on the way to a file of its own, and then gives it its name. */
  async #take(
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    subject: string,
  ): Promise<{ readonly sha: string; readonly size: number }> {
    const { temporary, file } = await this.#openTemporary(subject);
    return this.#finish(temporary, file, subject, async () => {
      const digest = createHash("sha256");
      let size = 0;
      for await (const chunk of chunks) {
        digest.update(chunk);
        size += chunk.byteLength;
        await writeAll(file, chunk);
      }
      return { sha: digest.digest("hex"), size };
    });
  }

  async #openTemporary(subject: string): Promise<{ readonly temporary: string; readonly file: FileHandle }> {
    const temporary = join(this.folder, "tmp", `${process.pid}-${randomBytes(8).toString("hex")}`);
    try {
      await this.#ensureFolder("tmp");
      return { temporary, file: await open(temporary, "wx", 0o444) };
    } catch (error) {
      throw new StoreError(storeFailure(error, subject), { cause: error });
    }
  }

  async #finish<T extends { readonly sha: string }>(
    temporary: string,
    file: FileHandle,
    subject: string,
    write: () => Promise<T>,
  ): Promise<T> {
    try {
      let written: T;
      try {
        written = await write();
      } finally {
        await file.close();
      }
      await this.#ensureFolder(written.sha.slice(0, 2));
      await this.#adopt(temporary, written.sha);
      return written;
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw new StoreError(storeFailure(error, subject), { cause: error });
    }
  }

  async #adopt(temporary: string, sha: string): Promise<void> {
    const path = join(this.folder, sha.slice(0, 2), sha);
    try {
      await rename(temporary, path);
    } catch (error) {
      // Windows refuses to replace a file that is open or read-only; if that one is whole, nothing is lost.
      if ((await this.verify(sha)).ok) return unlink(temporary);
      // Something else may stand there, such as a folder. It goes where it is swept away, unless it has been set aside.
      await rename(path, join(this.folder, "tmp", `${process.pid}-${randomBytes(8).toString("hex")}`)).catch(
        () => undefined,
      );
      await rename(temporary, path).catch(() => {
        throw error;
      });
    }
    const signature = await signatureOfBlob(path);
    if (signature) this.#verified.set(sha, signature);
  }

  async #ensureFolder(name: string): Promise<void> {
    const folder = join(this.folder, name);
    if (!existsSync(folder)) await mkdir(folder, { recursive: true });
  }

  #damage(sha: string, path: string): Failure {
    this.#verified.delete(sha);
    this.#onDamaged(sha, path);
    return damaged(sha);
  }
}
