import { open } from "node:fs/promises";

/*
 * A file that was written and renamed may still be lost, or empty, after a power cut, for the system puts off writing to
 * the disk itself for up to half a minute. Waiting for the disk costs some 0.5 ms a file on a fast one and 10 ms on a slow
 * one, measured, while all the rest of keeping a node's result costs 0.1 to 0.25 ms: too much for a thousand quick nodes,
 * and nothing beside a paid call. So what took its time to make is waited for, and so is what somebody typed; what was made
 * in an instant is made again in an instant, for what a power cut has spoilt is found out by its checksum.
 */

/** A result that took this long is waited for until the disk has it. Milliseconds. */
const WORTH_MS = 100;

export function isWorthSyncing(durationMs: number): boolean {
  return durationMs >= WORTH_MS;
}

/** Waits until the disk has these files. As good as the system can: one that can't be synced is no failure. */
export async function syncFiles(paths: Iterable<string>): Promise<void> {
  await Promise.all([...new Set(paths)].map(syncFile));
}

async function syncFile(path: string): Promise<void> {
  try {
    // Windows syncs only what is open for writing. After the rename, so that the new name is on the disk, too.
    const file = await open(path, process.platform === "win32" ? "r+" : "r");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch {
    // Gone meanwhile, read-only content on Windows, or a file system that knows no such thing.
  }
}
