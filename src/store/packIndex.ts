import type { Pack } from "./pack.js";
import type { Removal } from "./packLine.js";

/** Where a result's line lies. There may be several, for writing the same twice is harmless. */
export interface Copy {
  readonly id: string;
  /** How often the result was removed before this was put. */
  readonly again: number;
  readonly pack: Pack;
  /** Bytes, both. */
  readonly offset: number;
  readonly length: number;
}

/** Which results there are, and where. In memory only: the packs themselves say all of it. */
export class PackIndex {
  /** By the first 16 digits of the fingerprint, which the ids end in. Removed ones, too, for what removes them is still needed. */
  readonly #copies = new Map<string, Copy[]>();
  readonly #removed = new Map<string, number>();

  add(copy: Copy): void {
    const prefix = copy.id.slice(-16);
    const others = this.#copies.get(prefix);
    if (!others) this.#copies.set(prefix, [copy]);
    else if (!others.some(({ pack, offset }) => pack === copy.pack && offset === copy.offset)) others.push(copy);
  }

  remove(removed: Removal["removed"]): void {
    for (const [id, again] of Object.entries(removed)) {
      this.#removed.set(id, Math.max(again, this.#removed.get(id) ?? 0));
    }
  }

  /** The number under which a result is put (again). */
  nextAgain(id: string): number {
    return (this.#removed.get(id) ?? -1) + 1;
  }

  isLive({ id, again }: Copy): boolean {
    return again > (this.#removed.get(id) ?? -1);
  }

  /** Ids of results whose fingerprint begins with these 16 digits, in no order. */
  ids(prefix: string): Set<string> {
    const copies = this.#copies.get(prefix) ?? [];
    return new Set(copies.filter((copy) => this.isLive(copy)).map(({ id }) => id));
  }

  copies(id: string): Copy[] {
    return (this.#copies.get(id.slice(-16)) ?? []).filter((copy) => copy.id === id && this.isLive(copy));
  }

  liveIds(): Set<string> {
    const ids = new Set<string>();
    for (const copy of this.all()) if (this.isLive(copy)) ids.add(copy.id);
    return ids;
  }

  /** Every copy, removed or not. */
  *all(): Generator<Copy> {
    for (const copies of this.#copies.values()) yield* copies;
  }

  /** These packs hold nothing any more. */
  drop(packs: ReadonlySet<Pack>): void {
    for (const [prefix, copies] of this.#copies) {
      const left = copies.filter(({ pack }) => !packs.has(pack));
      if (left.length === 0) this.#copies.delete(prefix);
      else if (left.length < copies.length) this.#copies.set(prefix, left);
    }
  }
}
