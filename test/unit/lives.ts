import { readFileSync } from "node:fs";

/** Whether a process goes on; one that has ended and waits for somebody to notice doesn't. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    // Not Linux, or gone just now.
    return process.platform !== "linux";
  }
}
