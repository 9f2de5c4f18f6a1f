import { closeSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { makingFolder, remove, removeQuietly, temporaryPath } from "./disk.js";
import { syncFiles } from "./durable.js";
import type { Layout } from "./layout.js";
import { leaseCompaction } from "./lease.js";
import type { Damage } from "./notices.js";
import { PACK_LIMIT, type Pack } from "./pack.js";
import type { Copy } from "./packIndex.js";
import { removalLine } from "./packLine.js";
import type { Packs } from "./packs.js";
import type { PackWriter } from "./packWriter.js";
import { isInUse, newProcessName } from "./processName.js";
import { isWhole } from "./sealed.js";

/** More small packs than this that nobody writes to are made one. */
export const CROWD = 16;
/** Bytes. */
const SMALL = 4 << 20;
/** So many bytes are written before others get a turn. */
const BATCH = 1 << 20;
/** A line of removals has at most so many. */
const REMOVALS = 1000;

/** Whether there are so many small packs of processes that are gone that they should be made one. */
export function isCrowded(packs: Packs): boolean {
  return packs.list().filter((pack) => pack.isFinal && isSmall(pack)).length > CROWD;
}

/**
 * Writes packs anew of which half or more was removed, and small ones where there are many: this process's own and those
 * of processes that are gone. Does nothing during anybody's run. What is new is there whole before what is old goes, so
 * whoever is killed at whatever moment, nothing is lost, and nothing that was removed comes back.
 *
 * @param own - leaves its pack and begins another with what is appended next.
 * @throws what the system says where the new pack can't be written; then all is as it was.
 */
export async function compact(layout: Layout, packs: Packs, own: PackWriter, damage: Damage): Promise<void> {
  const release = leaseCompaction(layout);
  if (!release) return;
  try {
    own.release();
    // Found out before all is read: what a process has removed was in a pack before that process was gone.
    const free = new Set(packs.list().filter(({ path }) => !isInUse(path)));
    packs.refresh();
    // A removal goes when nothing is known that it holds for.
    if (packs.isIncomplete) return;
    const readable = packs
      .list()
      .filter((pack) => free.has(pack) && pack.isFinal && !pack.holdsNewer && !packs.reread(pack));
    const chosen = choose(packs, readable);
    if (chosen.size > 0) await rewrite(layout, packs, chosen, damage);
  } finally {
    release();
  }
}

function choose(packs: Packs, free: readonly Pack[]): Set<Pack> {
  const live = new Map<Pack, number>();
  for (const copy of packs.index.all()) {
    if (packs.index.isLive(copy)) live.set(copy.pack, (live.get(copy.pack) ?? 0) + copy.length);
  }
  const wasteful = free.filter((pack) => 2 * (live.get(pack) ?? 0) <= pack.consumed);
  const small = free.filter(isSmall);
  return new Set([...wasteful, ...(small.length > CROWD ? small : [])]);
}

function isSmall({ consumed }: Pack): boolean {
  return consumed < SMALL;
}

async function rewrite(layout: Layout, packs: Packs, chosen: ReadonlySet<Pack>, damage: Damage): Promise<void> {
  const live: Copy[] = [];
  /** Removals of what stays in other packs, and of what goes now. */
  const [kept, passing] = [new Map<string, number>(), new Map<string, number>()];
  for (const copy of packs.index.all()) {
    const { id, again, pack } = copy;
    if (!packs.index.isLive(copy)) {
      const removals = chosen.has(pack) ? passing : kept;
      removals.set(id, Math.max(again, removals.get(id) ?? 0));
    } else if (chosen.has(pack)) live.push(copy);
  }
  const unreadable = [...packs.setAside()].filter(([name]) =>
    packs.list().some((pack) => pack.name === name && !chosen.has(pack)),
  );
  const written = new NewPacks(layout);
  let beside: NewPacks | null = null;
  try {
    for (const copy of live) {
      const text = packs.text(copy.pack, copy.offset, copy.length);
      if (text !== null && isWhole(text)) {
        if (written.add(text)) await setImmediate();
      } else if (text === null || copy.pack.hasChanged()) {
        return; // somebody else is at work on it
      } else {
        damage.setAsideText(`${copy.id}.json`, text, "a result");
      }
    }
    for (const line of removalsOf(kept)) written.add(line);
    if (unreadable.length > 0) written.add(removalLine({ unreadable: Object.fromEntries(unreadable) }));
    // As long as only some of the old packs are gone, what those removed must stay removed in the others.
    if (chosen.size > 1 && passing.size > 0) beside = removalsBeside(layout, passing);
    await written.place();
    for (const { path } of chosen) remove(path);
    beside?.remove();
  } finally {
    written.discard();
    packs.refresh();
  }
}

/** On a disk that is full it is done without: rather than stay full, it may show something again if it is killed right now. */
function removalsBeside(layout: Layout, removals: ReadonlyMap<string, number>): NewPacks | null {
  const beside = new NewPacks(layout);
  try {
    for (const line of removalsOf(removals)) beside.add(line);
    beside.rename();
    return beside;
  } catch {
    beside.discard();
    return null;
  }
}

function* removalsOf(removals: ReadonlyMap<string, number>): Generator<string> {
  const all = [...removals];
  for (let i = 0; i < all.length; i += REMOVALS) {
    yield removalLine({ removed: Object.fromEntries(all.slice(i, i + REMOVALS)) });
  }
}

/** Packs that are written whole beside, and then put in their place. */
class NewPacks {
  readonly #layout: Layout;
  readonly #temporary: string[] = [];
  readonly #placed: string[] = [];
  #lines: string[] = [];
  #pending = 0;
  #size = 0;
  #file: number | null = null;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** Answers whether it was written, as it is every now and then. */
  add(line: string): boolean {
    this.#lines.push(line);
    this.#pending += line.length;
    if (this.#pending < BATCH) return false;
    this.#flush();
    if (this.#size >= PACK_LIMIT) this.#finish();
    return true;
  }

  /** Puts all of it in its place; the disk has it when this answers. */
  async place(): Promise<void> {
    this.rename();
    await syncFiles(this.#placed);
  }

  rename(): void {
    this.#flush();
    this.#finish();
    for (let temporary; (temporary = this.#temporary[0]) !== undefined; this.#temporary.shift()) {
      const path = join(this.#layout.results, `${newProcessName()}.jsonl`);
      renameSync(temporary, path);
      this.#placed.push(path);
    }
  }

  /** Takes back what has not been put in its place. */
  discard(): void {
    this.#finish();
    this.#temporary.forEach(removeQuietly);
  }

  remove(): void {
    this.#placed.forEach(remove);
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    if (this.#file === null) {
      const path = temporaryPath(this.#layout.tmp);
      this.#file = makingFolder(path, () => openSync(path, "wx"));
      this.#temporary.push(path);
    }
    const bytes = Buffer.from(`\n${this.#lines.join("\n\n")}\n`, "utf8");
    this.#lines = [];
    this.#pending = 0;
    this.#size += bytes.length;
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
  }

  #finish(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    this.#size = 0;
  }
}
