import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { namesIn } from "./disk.js";
import { errorCode } from "./storeFailure.js";

/** Containers may share a folder for temporary files, but not their process ids. */
export const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
const NAME = /^daggr-([0-9a-f]{6})-(\d+)-[^-]+$/;

/**
 * A new folder for as long as it is needed, readable by nobody else. {@link discard} it in the end; what isn't is removed
 * when this process ends, or, where it was killed, by the next process that makes such a folder.
 */
export function temporaryFolder(): string {
  if (!prepared) {
    prepared = true;
    process.once("exit", () => folders.forEach(discard));
    sweep();
  }
  const folder = mkdtempSync(join(tmpdir(), `daggr-${HOST}-${process.pid}-`));
  folders.add(folder);
  return folder;
}

export function discard(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

const folders = new Set<string>();
let prepared = false;

/** Removes what processes left behind that were killed. */
function sweep(): void {
  for (const name of namesIn(tmpdir())) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host !== HOST || isAlive(Number(pid))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch {
      // Another user's, or being swept by another process.
    }
  }
}

/** Whether there is such a process on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== "ESRCH";
  }
}
