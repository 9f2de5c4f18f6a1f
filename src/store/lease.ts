import { join } from "node:path";
import { namesIn, remove, writeSmall } from "./disk.js";
import type { Layout } from "./layout.js";
import { claim, isInUse, newProcessName } from "./processName.js";

/** Ends the name of a lease that is no run's. */
const COMPACTION = ".compaction";

/** The lease of a run that is under way in this process. */
export interface OwnLease {
  /** Its file name: see {@link newProcessName}. */
  readonly name: string;
  readonly release: () => void;
}

/** Says that a run is under way, whose values nothing on disk may name yet. `null`: that can't be written. */
export function leaseRun(layout: Layout): OwnLease | null {
  try {
    return lease(layout, "");
  } catch {
    return null; // the disk is full, or can't be written: then nothing is swept either
  }
}

/** Whether a run is under way in any process that works on this folder. Sweeps away what killed processes have left. */
export function isRunning(layout: Layout): boolean {
  return runsIn(layout).length > 0;
}

/** Names of the leases of all runs that are under way in any process. Sweeps as {@link isRunning}. */
export function runsIn(layout: Layout): string[] {
  return leases(layout).filter((name) => !name.endsWith(COMPACTION));
}

/**
 * Leave to rewrite packs, which one process has at a time, and nobody during a run. Answers how to give it back; `null`:
 * not now.
 */
export function leaseCompaction(layout: Layout): (() => void) | null {
  let mine: OwnLease;
  try {
    mine = lease(layout, COMPACTION);
  } catch {
    return null;
  }
  // Said before the others are looked at: of two at the same time, at least one sees the other.
  if (leases(layout).every((name) => name === mine.name)) return mine.release;
  mine.release();
  return null;
}

function lease(layout: Layout, extension: string): OwnLease {
  const name = `${newProcessName()}${extension}`;
  const path = join(layout.runs, name);
  const disown = claim(path);
  const release = (): void => {
    disown();
    try {
      remove(path);
    } catch {
      // It counts for as long as this process lives.
    }
  };
  try {
    writeSmall(path, "", layout.tmp);
  } catch (error) {
    disown();
    throw error;
  }
  return { name, release };
}

/** Names of the leases that hold. */
function leases(layout: Layout): string[] {
  return namesIn(layout.runs).filter((name) => {
    const path = join(layout.runs, name);
    if (isInUse(path)) return true;
    try {
      remove(path);
    } catch {
      // A folder, or held by somebody: it goes another time, and is nobody's lease.
    }
    return false;
  });
}
