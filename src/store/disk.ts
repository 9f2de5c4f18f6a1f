import { randomBytes } from "node:crypto";
import { constants, mkdirSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "./storeFailure.js";

/*
 * Small files are read and written synchronously: a record takes some 30 µs this way, several times less than through
 * the thread pool, and the steps of one write cannot be interleaved with another's. Content of any size is `blobs.ts`'s.
 */

const process_ = `${process.pid}-${randomBytes(4).toString("hex")}`;
let counter = 0;

/** Never through a symbolic link, and never waiting for somebody to write to a pipe. Windows has neither flag. */
const READ = constants.O_RDONLY | (process.platform === "win32" ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK);

/** The file's text; `null` when there is no such file. Throws what the system says otherwise. */
export function readSmall(path: string): string | null {
  try {
    return readFileSync(path, { encoding: "utf8", flag: READ });
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return null;
    throw error;
  }
}

/**
 * Makes `path` hold `text`, whole or not at all, also when it replaces something. Folders are made as needed.
 *
 * @param tmp - a folder on the same file system.
 * @param synced - the disk has it when this returns, so that not even a power cut leaves an empty file: see `durable.ts`.
 * @throws what the system says; nothing is left behind then.
 */
export function writeSmall(path: string, text: string, tmp: string, synced = false): void {
  const temporary = temporaryPath(tmp);
  try {
    makingFolder(temporary, () => writeFileSync(temporary, text, { flag: "wx", flush: synced }));
    makingFolder(path, () => renameSync(temporary, path));
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

/** A path in `tmp` for what is being written. */
export function temporaryPath(tmp: string): string {
  return join(tmp, `${process_}-${(counter++).toString(36)}`);
}

/** Answers whether there was something to remove. */
export function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return false;
    throw error;
  }
}

/** What lies in a folder; nothing where that is not there yet, or can't be looked into. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Folders come into being when something is first put into them (again, if somebody deletes them meanwhile). */
export function makingFolder<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    mkdirSync(dirname(path), { recursive: true });
    return act();
  }
}

/** Takes back what could not be finished. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It may never have come into being; and if it can't go now, it is swept away when it is old.
  }
}
