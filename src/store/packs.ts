import { basename, join } from "node:path";
import type { Signature } from "./blobFile.js";
import { changeTime, SETTLED_MS } from "./changeTime.js";
import { namesIn } from "./disk.js";
import type { Damage } from "./notices.js";
import { Pack, type Visit } from "./pack.js";
import { PackIndex } from "./packIndex.js";
import { readLine } from "./packLine.js";

/** What other processes have added is looked for this often, while what is looked for is found. Milliseconds. */
const REFRESH_MS = 1000;
/** So many packs are kept open. */
const OPEN = 16;
/** Of what can't be read in a pack, so many lines are set aside, and so many characters of each. */
const KEPT_LINES = 100;
const KEPT = 64 << 10;
const NAME = /^[0-9a-f]{6}-\d+-[0-9a-f]{12}\.jsonl$/;

/** Lines that can't be read and don't tell whose result they were. */
export interface Unreadable {
  readonly pack: Pack;
  readonly lines: string[];
  /** Where the last of them ends. Bytes. */
  end: number;
}

/** All packs of a folder, and what is in them. Read when first needed, and from then on where they have grown. */
export class Packs {
  readonly index = new PackIndex();
  readonly #folder: string;
  readonly #damage: Damage;
  readonly #onUnreadable: (found: Unreadable) => void;
  readonly #packs = new Map<string, Pack>();
  /** By the name of a pack: up to this byte, what can't be read was set aside before. */
  readonly #setAside = new Map<string, number>();
  #unreadable = new Map<Pack, Unreadable>();
  #listing: { readonly names: readonly string[]; readonly listedAt: number; readonly changedAt: number } | null = null;
  #refreshedAt = -Infinity;
  #news = 0;
  /** Packs that are open, the longest unused first. */
  readonly #open = new Set<Pack>();
  #isIncomplete = false;

  /**
   * @param folder - its absolute path.
   * @param onUnreadable - told once about what can't be read; may append to a pack.
   */
  constructor(folder: string, damage: Damage, onUnreadable: (found: Unreadable) => void) {
    this.#folder = folder;
    this.#damage = damage;
    this.#onUnreadable = onUnreadable;
  }

  list(): Pack[] {
    return [...this.#packs.values()];
  }

  /** By the name of a pack: up to this byte, what can't be read was set aside. */
  setAside(): ReadonlyMap<string, number> {
    return this.#setAside;
  }

  /** Whether there may be results that this process can't know: those of a later version, and of a pack that can't be read. */
  mayHoldMore(): boolean {
    return this.#isIncomplete || this.list().some((pack) => pack.holdsNewer);
  }

  /** Whether there is a pack that can't be opened now, so that nobody knows what it holds. */
  get isIncomplete(): boolean {
    return this.#isIncomplete;
  }

  /** Whether it is time to {@link refresh}, whatever is looked for. */
  get isOld(): boolean {
    return performance.now() - this.#refreshedAt >= REFRESH_MS;
  }

  /** How often {@link refresh} has taken something in. */
  get news(): number {
    return this.#news;
  }

  /** Takes in what was added since the last time, and answers whether that is anything. */
  refresh(): boolean {
    this.#isIncomplete = false;
    let changed = false;
    // A pack that goes while it is listed was written anew into another, which the next list has.
    for (let round = 0; round < 4; round++) {
      const names = this.#names();
      let isGone = false;
      for (const name of names) {
        const pack = this.#packs.get(name) ?? new Pack(join(this.#folder, name));
        if (pack.isFinal) continue;
        const before = pack.consumed;
        if (!this.#readOn(pack)) isGone = true;
        if (pack.consumed !== before) changed = true;
      }
      const listed = new Set(names);
      const gone = this.list().filter(({ name }) => !listed.has(name));
      if (gone.length > 0) this.forget(...gone);
      if (!isGone) break;
      this.#listing = null;
    }
    this.#refreshedAt = performance.now();
    if (changed) this.#news++;
    this.#tellUnreadable();
    return changed;
  }

  /** This process has appended to a pack, which was like `before` until then. */
  appended(path: string, bytes: Buffer, before: Signature): void {
    const pack = this.#packs.get(basename(path)) ?? new Pack(path);
    this.#packs.set(pack.name, pack);
    if (!pack.take(bytes, before, this.#visitIn(pack))) this.#readOn(pack);
  }

  /** The text of a line; `null` where its pack can't be opened. */
  text(pack: Pack, offset: number, length: number): string | null {
    try {
      this.#use(pack);
      return pack.text(offset, length);
    } catch {
      return null;
    }
  }

  /** These packs are gone, or are no longer the files that they were. */
  forget(...packs: readonly Pack[]): void {
    for (const pack of packs) {
      pack.close();
      this.#open.delete(pack);
      this.#packs.delete(pack.name);
    }
    const read = packs.filter(({ consumed }) => consumed > 0);
    if (read.length > 0) this.index.drop(new Set(read));
    this.#listing = null;
  }

  /** Reads a pack from its beginning if somebody has changed it since it was read. Answers whether that was so. */
  reread(pack: Pack): boolean {
    if (!pack.hasChanged()) return false;
    this.forget(pack);
    this.#readOn(new Pack(pack.path));
    this.#tellUnreadable();
    return true;
  }

  close(): void {
    for (const pack of this.#open) pack.close();
    this.#open.clear();
  }

  /** Answers `false` where the pack isn't there (any more). */
  #readOn(pack: Pack): boolean {
    this.#packs.set(pack.name, pack);
    try {
      switch (pack.readOn(this.#visitIn(pack))) {
        case "read":
          if (pack.isOpen) this.#use(pack);
          return true;
        case "replaced":
          this.forget(pack);
          return this.#readOn(new Pack(pack.path));
        case "strange":
          this.#damage.setAside(pack.path, "what stood where results belong");
          break;
        case "gone":
      }
      this.forget(pack);
      return false;
    } catch {
      this.#isIncomplete = true; // not for us, or too many files are open: perhaps the next time
      return true;
    }
  }

  #visitIn(pack: Pack): Visit {
    return (bytes, start, end, offset) => {
      const line = readLine(bytes, start, end);
      switch (line.type) {
        case "result":
          this.index.add({ id: line.id, again: line.again, pack, offset, length: end - start });
          break;
        case "removal":
          this.index.remove(line.removed);
          for (const [name, upTo] of Object.entries(line.unreadable)) {
            this.#setAside.set(name, Math.max(upTo, this.#setAside.get(name) ?? 0));
          }
          break;
        case "newer":
          pack.holdsNewer = true;
          break;
        case "unreadable": {
          const found = this.#unreadable.get(pack) ?? { pack, lines: [], end: 0 };
          this.#unreadable.set(pack, found);
          if (found.lines.length < KEPT_LINES) found.lines.push(line.text.slice(0, KEPT));
          found.end = offset + end - start;
          break;
        }
        case "torn":
      }
    };
  }

  /** Only when all is read, for what was set aside before may stand in a later pack. */
  #tellUnreadable(): void {
    const all = this.#unreadable;
    this.#unreadable = new Map();
    for (const found of all.values()) {
      if (found.end > (this.#setAside.get(found.pack.name) ?? 0)) this.#onUnreadable(found);
    }
  }

  #use(pack: Pack): void {
    this.#open.delete(pack);
    this.#open.add(pack);
    for (const other of this.#open) {
      if (this.#open.size <= OPEN) return;
      other.close();
      this.#open.delete(other);
    }
  }

  /** Names of the packs. The folder is only listed again where it may have changed. */
  #names(): readonly string[] {
    const changedAt = changeTime(this.#folder);
    const known = this.#listing;
    if (known?.changedAt === changedAt && known.listedAt - known.changedAt > SETTLED_MS) return known.names;
    const listedAt = Date.now();
    const names = namesIn(this.#folder).filter((name) => NAME.test(name));
    this.#listing = changedAt === null ? null : { names, listedAt, changedAt };
    return names;
  }
}
