import { spawn } from "node:child_process";

/** Where processes have groups, one led by a child holds all that the child starts; Windows knows who started whom as long as it lives. */
export const HAS_GROUPS = process.platform !== "win32";

/**
 * Ends, at once, what a child started, and the child itself. Only what went into a session of its own (`detached: true`) on purpose
 * is out of reach.
 *
 * @param pid of a child that was started with `detached: HAS_GROUPS`; on Windows it must still live
 */
export function killTree(pid: number): void {
  if (!HAS_GROUPS) {
    const taskkill = spawn("taskkill", ["/PID", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true });
    taskkill.on("error", () => undefined);
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in the group.
  }
}
