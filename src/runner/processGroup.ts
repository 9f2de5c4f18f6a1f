/**
 * Ends this process and whatever user code started from it, as far as it leads a group of its own, which is how the engine starts it.
 * For when the engine is gone; as long as it is there, it does so itself.
 */
export function endGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    // It leads none: somebody else started it, or the system has no groups.
  }
}
