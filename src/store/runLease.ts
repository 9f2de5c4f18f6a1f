import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { namesIn, remove, writeSmall } from "./disk.js";
import type { Layout } from "./layout.js";
import { HOST, isAlive } from "./temporaryFolder.js";

const NAME = /^([0-9a-f]{6})-(\d+)-[0-9a-f]+$/;
/** Whether a process of another machine is still there can't be told; after this long it is taken to be gone. */
const FOREIGN_MS = 24 * 3_600_000;

/** Of this process. */
const own = new Set<string>();

/** Says that a run is under way, whose values nothing on disk may name yet. Answers how to take that back. */
export function leaseRun(layout: Layout): () => void {
  const path = join(layout.runs, `${HOST}-${process.pid}-${randomBytes(6).toString("hex")}`);
  own.add(path);
  try {
    writeSmall(path, "", layout.tmp);
  } catch {
    // The disk is full, or can't be written: then nothing is swept either.
  }
  return () => {
    own.delete(path);
    try {
      remove(path);
    } catch {
      // It counts for as long as this process lives.
    }
  };
}

/** Whether a run is under way in any process that works on this folder. Sweeps away what killed processes have left. */
export function isRunning(layout: Layout): boolean {
  let running = false;
  for (const name of namesIn(layout.runs)) {
    const [, host, pid] = NAME.exec(name) ?? [];
    const path = join(layout.runs, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (host === HOST ? isAlive(Number(pid)) && !isPredecessors(path, Number(pid)) : age < FOREIGN_MS) running = true;
    else remove(path);
  }
  return running;
}

/** Whether it was left by a killed process that had the id of this one, as happens where a container is started again. */
function isPredecessors(path: string, pid: number): boolean {
  return pid === process.pid && !own.has(path);
}
