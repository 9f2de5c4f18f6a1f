import { Worker } from "node:worker_threads";

/** How often the parent is looked for. Milliseconds. */
const INTERVAL_MS = 1000;

/**
 * Ends this process when its parent has ended without a word. The channel's end says the same, but not to a main thread that
 * user code keeps busy; this looks from a thread of its own.
 */
export function endWithParent(parent: number): void {
  const worker = new Worker(`(${watch.toString()})(${parent}, ${INTERVAL_MS})`, { eval: true });
  // Without it the process still ends in any case but a busy one.
  worker.on("error", () => undefined);
  worker.unref();
}

/** Runs by its text in the other thread, so it can use nothing of this module. */
function watch(parent: number, intervalMs: number): void {
  setInterval(() => {
    try {
      process.kill(parent, 0);
      // On Windows it stays what it was; elsewhere the id may have been taken by somebody else meanwhile.
      if (process.ppid === parent) return;
    } catch {
      // No such process.
    }
    try {
      // With whatever user code started, where this process leads a group.
      process.kill(-process.pid, "SIGKILL");
    } catch {
      process.kill(process.pid, "SIGKILL");
    }
  }, intervalMs);
}
