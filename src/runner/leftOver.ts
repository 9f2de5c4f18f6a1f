import { setTimeout } from "node:timers";

/** How long what was left running is waited for. Milliseconds. */
const PATIENCE = 1000;
/** Milliseconds between two looks. */
const INTERVAL = 20;

/**
 * Looks at what keeps this process alive now. The function that it gives settles once no more than that is left, as Node itself would
 * wait for it (timers, requests, servers), or when patience has ended.
 */
export function leftOver(): () => Promise<void> {
  const before = resources();
  return () =>
    new Promise((resolve) => {
      const end = Date.now() + PATIENCE;
      const look = () => {
        const more = [...resources()].some(([type, count]) => count > (before.get(type) ?? 0));
        if (!more || Date.now() >= end) resolve();
        else setTimeout(look, INTERVAL).unref();
      };
      // What the last execution itself used is on its way out.
      setTimeout(look, 0).unref();
    });
}

/** How many there are of each type. Timers and handles that keep nobody alive are not among them. */
function resources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
