import { closeSync, lstatSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { changeTime, SETTLED_MS } from "./changeTime.js";
import { readSmall } from "./disk.js";
import type { Layout } from "./layout.js";
import { leaseRun, type OwnLease, runsIn } from "./lease.js";

/** How often who waits looks whether the other is through. Milliseconds. */
const POLL_MS = 100;
/**
 * A run that has not touched its file for so long is looked at for a while: its process may be another one by now that has its id, or on a
 * machine whose processes can't be seen. Milliseconds.
 */
const SILENT_MS = 60_000;
/** If it doesn't touch it for so long then, either, it is taken to be gone: after a machine's sleep all files are old. Milliseconds. */
const WATCHED_MS = 30_000;
/** How often a run touches its file while it makes something. Milliseconds. */
const TOUCH_MS = 15_000;

/** Of a fingerprint, so many digits tell what is made. */
const DIGITS = 16;
const LINE = DIGITS + 1;
const FREE = `${".".repeat(DIGITS)}\n`;

/** Leave to make something, which no other run has meanwhile. */
export interface Claim {
  /** Whether it may have been made since the run's lease began, by that run itself or by another. */
  readonly mayBeMade: boolean;
  readonly giveBack: () => void;
}

/** What one run tells all others of: that it is under way, and what it is making this moment. */
export interface RunLease {
  /**
   * Says that this run is making what has this fingerprint, as soon as neither it nor another does so, in whatever process.
   *
   * @param waits - called once, if that is another run.
   * @returns `null`: the signal was aborted first.
   */
  claim(fingerprint: string, signal: AbortSignal, waits: () => void): Promise<Claim | null>;
  /** As {@link claim} without waiting; `null`: it is being made. */
  tryClaim(fingerprint: string): Claim | null;
  /** The run has ended. */
  readonly end: () => void;
}

/** @param layout of the folder; `null`: nothing is written, and nobody else told. */
export function newRunLease(layout: Layout | null): RunLease {
  return new Claims(layout, layout && leaseRun(layout));
}

/**
 * Claims stand in the file of the run's lease, a line each of `DIGITS` digits; a line of dots is free. Each is written, and
 * taken back, by one write. A claim holds where nobody else's is seen *after* it was written, so that of two at the same time
 * at least one sees the other. Where both do, the one whose lease has the lesser name leaves its claim standing and waits for
 * the other to be taken back, by whoever holds it or gives way.
 */
class Claims implements RunLease {
  readonly #layout: Layout | null;
  readonly #lease: OwnLease | null;
  /** By what is claimed: its line. */
  readonly #own = new Map<string, number>();
  /** All that was ever claimed. */
  readonly #made = new Set<string>();
  #others: OtherRuns | null = null;
  /** When other leases were touched last, and since when that is known by this process's own clock. */
  readonly #seen = new Map<string, { readonly touchedAt: number; readonly at: number }>();
  readonly #free: number[] = [];
  #lines = 0;
  #file: number | null = null;
  #touching: NodeJS.Timeout | null = null;

  constructor(layout: Layout | null, lease: OwnLease | null) {
    this.#layout = layout;
    this.#lease = lease;
    if (layout && lease) this.#others = new OtherRuns(layout, lease.name);
  }

  async claim(fingerprint: string, signal: AbortSignal, waits: () => void): Promise<Claim | null> {
    const key = fingerprint.slice(0, DIGITS);
    let isTold = false;
    /** The claim stands, and waits for another's to be taken back. */
    let stands = false;
    while (!signal.aborted) {
      if (stands || !this.#own.has(key)) {
        const other: string | null = this.#lookAfterClaiming(key);
        if (other === null) return this.#granted(key);
        stands = this.#name < other;
        if (!stands) this.#giveBack(key);
        if (!isTold) waits();
        isTold = true;
      }
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    if (stands) this.#giveBack(key);
    return null;
  }

  tryClaim(fingerprint: string): Claim | null {
    const key = fingerprint.slice(0, DIGITS);
    if (this.#own.has(key)) return null;
    if (this.#lookAfterClaiming(key) === null) return this.#granted(key);
    this.#giveBack(key);
    return null;
  }

  readonly end = (): void => {
    if (this.#touching) clearInterval(this.#touching);
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#own.clear();
    this.#lease?.release();
  };

  get #name(): string {
    return this.#lease?.name ?? "";
  }

  #granted(key: string): Claim {
    const mayBeMade = this.#made.has(key) || this.#others?.haveBeen === true;
    this.#made.add(key);
    return { mayBeMade, giveBack: () => this.#giveBack(key) };
  }

  /** Name of another lease that has the same claim; `null`: none, and so this run's holds. */
  #lookAfterClaiming(key: string): string | null {
    if (!this.#own.has(key)) {
      const line = this.#free.pop() ?? this.#lines++;
      this.#own.set(key, line);
      this.#write(line, `${key}\n`);
    }
    return this.#others?.list().find((name) => this.#isMaking(name, key)) ?? null;
  }

  #isMaking(name: string, key: string): boolean {
    if (!this.#layout) return false;
    const path = join(this.#layout.runs, name);
    try {
      if (!(readSmall(path) ?? "").split("\n").includes(key)) return false;
      const touchedAt = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
      return touchedAt !== undefined && this.#isStirring(name, touchedAt);
    } catch {
      return false; // not for us: better made twice than never
    }
  }

  #isStirring(name: string, touchedAt: number): boolean {
    const seen = this.#seen.get(name);
    if (seen?.touchedAt !== touchedAt) this.#seen.set(name, { touchedAt, at: performance.now() });
    if (Date.now() - touchedAt < SILENT_MS) return true;
    return seen?.touchedAt !== touchedAt || performance.now() - seen.at < WATCHED_MS;
  }

  #giveBack(key: string): void {
    const line = this.#own.get(key);
    if (line === undefined) return;
    this.#own.delete(key);
    this.#free.push(line);
    this.#write(line, FREE);
  }

  /** What can't be written is known to this run alone. */
  #write(line: number, text: string): void {
    if (!this.#layout || !this.#lease) return;
    try {
      this.#file ??= openSync(join(this.#layout.runs, this.#lease.name), "r+");
      writeSync(this.#file, text, line * LINE);
      this.#touching ??= setInterval(() => this.#touch(), TOUCH_MS).unref();
    } catch {
      // The disk is full, or somebody has deleted the folder.
    }
  }

  /** For machines that can't see whether this process lives. */
  #touch(): void {
    const [first] = this.#own;
    if (first) this.#write(first[1], `${first[0]}\n`);
  }
}

interface Listing {
  readonly names: readonly string[];
  /** Milliseconds since the epoch, by the clock of this process. */
  readonly listedAt: number;
  /** As the file system says: see {@link changeTime}. */
  readonly changedAt: number | null;
}

/** Leases of other runs. The folder is only listed where it may have changed. */
class OtherRuns {
  readonly #layout: Layout;
  readonly #own: string;
  #listing: Listing;
  #haveBeen: boolean;

  constructor(layout: Layout, own: string) {
    this.#layout = layout;
    this.#own = own;
    this.#listing = this.#list();
    this.#haveBeen = this.#listing.names.length > 0;
  }

  /** Whether there were any since this came into being. */
  get haveBeen(): boolean {
    return this.#haveBeen;
  }

  list(): readonly string[] {
    const { names, listedAt, changedAt } = this.#listing;
    // Whether those that are there still live can only be seen by looking.
    const isSettled = changedAt !== null && listedAt - changedAt > SETTLED_MS;
    if (names.length === 0 && isSettled && changeTime(this.#layout.runs) === changedAt) return names;
    this.#listing = this.#list();
    // Perhaps one came and went. Before the folder has settled, that may have been this run's own lease.
    if (this.#listing.names.length > 0 || this.#listing.changedAt !== changedAt) this.#haveBeen = true;
    return this.#listing.names;
  }

  #list(): Listing {
    const changedAt = changeTime(this.#layout.runs);
    const listedAt = Date.now();
    const names = runsIn(this.#layout).filter((name) => name !== this.#own);
    return { names, listedAt, changedAt };
  }
}
