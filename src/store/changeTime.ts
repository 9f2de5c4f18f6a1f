import { statSync } from "node:fs";

/** How old a folder's time stamp must be before it tells that nothing changed since: coarser than any file system's clock. */
export const SETTLED_MS = 3000;

/** When a folder's entries last changed, in milliseconds since the epoch; `null`: not there yet, or nothing that can be looked into. */
export function changeTime(folder: string): number | null {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? null;
  } catch {
    return null;
  }
}
