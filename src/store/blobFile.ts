import { constants, lstatSync, type Stats } from "node:fs";
import { lstat, open, stat, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { errorCode, StoreError } from "./storeFailure.js";

/** Bytes that are read, hashed and written at a time: what a file of any size costs in memory. */
export const CHUNK = 1 << 20;

/** What tells that a file has not been touched since it was last verified. */
export interface Signature {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * Blobs are files, never links to somewhere else, nor pipes on which to wait. Windows has no such flags, nor links that just
 * anybody can make.
 */
export const READ_BLOB =
  constants.O_RDONLY | (process.platform === "win32" ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK);

/**
 * Opens a file of the user's for reading.
 *
 * @throws StoreError, reason `not-found`, where there is none.
 */
export async function openSource(path: string): Promise<FileHandle> {
  const name = basename(path);
  try {
    // Opening a pipe for reading would wait for a writer.
    const file = await stat(path);
    if (file.isFile()) return await open(path, "r");
  } catch (error) {
    const why = errorCode(error) === "ENOENT" ? "does not exist" : `can't be read (${errorCode(error)})`;
    throw new StoreError({ reason: "not-found", message: `The file ${name} ${why}: ${path}` }, { cause: error });
  }
  throw new StoreError({ reason: "not-found", message: `${name} is no file: ${path}` });
}

/** The content in pieces; each is only good until the next is asked for. */
export async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const { size } = await file.stat();
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK, size)));
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Writes all of it, however many writes the system makes of that. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.byteLength;) {
    written += (await file.write(bytes, written, bytes.byteLength - written)).bytesWritten;
  }
}

/** `null` for anything but a plain file, or a link to one. */
export async function signatureOf(path: string): Promise<Signature | null> {
  return signature(await stat(path));
}

/** `null` for anything but a plain file. */
export async function signatureOfBlob(path: string): Promise<Signature | null> {
  return signature(await lstat(path));
}

/** `undefined` where there is nothing, `null` for anything but a plain file. */
export function fileAt(path: string): Signature | null | undefined {
  try {
    const file = lstatSync(path, { throwIfNoEntry: false });
    return file && signature(file);
  } catch {
    return undefined; // in what is no folder, or in one that is not for us
  }
}

function signature(file: Stats): Signature | null {
  return file.isFile() ? { ino: file.ino, size: file.size, mtimeMs: file.mtimeMs } : null;
}

export function same(a: Signature | undefined, b: Signature | null): boolean {
  return a !== undefined && b !== null && a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;
}
