import { randomBytes } from "node:crypto";
import { lstatSync } from "node:fs";
import { basename } from "node:path";
import { HOST, isAlive } from "./temporaryFolder.js";

const NAME = /^([0-9a-f]{6})-(\d+)-[0-9a-f]+(?:\.[a-z]+)?$/;
/** Whether a process of another machine is still there can't be told; what is this old is taken to be left behind. */
const FOREIGN_MS = 24 * 3_600_000;

/** Files of this process that others must leave to it, by path. */
const own = new Set<string>();

/** A new file name that tells whose it is: host, process id, random digits. May be given an extension. */
export function newProcessName(): string {
  return `${HOST}-${process.pid}-${randomBytes(6).toString("hex")}`;
}

/** This process uses the file at this path from now on. Answers how to say that it no longer does. */
export function claim(path: string): () => void {
  own.add(path);
  return () => void own.delete(path);
}

/** Whether the process that made a file under a {@link newProcessName} may still be using it. */
export function isInUse(path: string): boolean {
  const [, host, id] = NAME.exec(basename(path)) ?? [];
  if (host !== HOST) {
    return Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity) < FOREIGN_MS;
  }
  const pid = Number(id);
  // What has this process's id and isn't its own was left by a killed one, as happens where a container is started again.
  return pid === process.pid ? own.has(path) : isAlive(pid);
}
