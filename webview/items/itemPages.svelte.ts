/* eslint-disable svelte/prefer-svelte-reactivity -- what is drawn is replaced as a whole; these hold what isn't drawn */
import type { NodeId } from "../../src/model/graph.js";
import type { ItemCounts, ItemsPage, ItemView } from "../../src/model/items.js";
import type { CanvasHostApi } from "../../src/protocol/canvas.js";

/** Between two requests, in ms. */
const REST = 300;
/** Items that are asked for in one request, at most; and to begin with. */
const PAGE = 100;
const FIRST = 24;
/** Items that are kept though nobody looks at them. */
const KEPT = 600;
/** How long an answer is waited for, in ms. */
const PATIENCE = 10_000;

type Ask = (from: number, count: number) => Promise<ItemsPage | null>;

/** Which items somebody looks at. */
export interface Sight {
  /** Their indexes, ascending. */
  show(indexes: readonly number[]): void;
  close(): void;
}

/**
 * The items of one node, as far as somebody looks at them. Asks for one page after the other, with a rest in between, so that no
 * answer is overtaken by an older one.
 */
export class ItemPages {
  #counts = $state.raw<ItemCounts | null>(null);
  #failed = $state.raw<readonly number[]>([]);
  #items = $state.raw<ReadonlyMap<number, ItemView>>(new Map());
  readonly #sights = new Map<Sight, readonly number[]>();
  /** Counts the changes that were told; what was asked for before the last one is asked for again. */
  #change = 0;
  /** The change that the counts and each item are of. */
  #countedAt = -1;
  #askedAt = new Map<number, number>();
  /** Items of an attempt that left no result are shown as they were seen last. */
  #keeps = false;
  #asking = false;

  constructor(private readonly ask: Ask) {}

  /** `null`: there are none, or it isn't known yet. */
  get counts(): ItemCounts | null {
    return this.#counts;
  }

  /** Indexes of those that failed, ascending. */
  get failed(): readonly number[] {
    return this.#failed;
  }

  /** Undefined: not here yet. */
  item(index: number): ItemView | undefined {
    return this.#items.get(index);
  }

  /** Something has become of the items. `keep`: if the host has none, those seen last still are what there is. */
  changed(keep: boolean): void {
    this.#change += 1;
    this.#keeps = keep;
    void this.#fetch();
  }

  look(): Sight {
    const sight: Sight = {
      show: (indexes) => {
        this.#sights.set(sight, indexes);
        void this.#fetch();
      },
      close: () => void this.#sights.delete(sight),
    };
    this.#sights.set(sight, []);
    return sight;
  }

  async #fetch(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (let due = this.#due(); due; due = this.#due()) {
      const change = this.#change;
      const page = await answered(this.ask(due.from, due.count));
      if (page) this.#take(page, due, change);
      else this.#miss(due, change);
      await rest(REST);
    }
    this.#asking = false;
  }

  /** What to ask for next: first what has never been here, then what was asked for longest ago. `null`: nothing. */
  #due(): { from: number; count: number } | null {
    if (this.#sights.size === 0) return null;
    const wanted = this.#wanted();
    let lead: number | null = null;
    let oldest = this.#change;
    for (const index of wanted) {
      const at = this.#askedAt.get(index) ?? -1;
      if (at < oldest) [lead, oldest] = [index, at];
    }
    if (lead === null) return this.#countedAt < this.#change && wanted.length === 0 ? { from: 0, count: FIRST } : null;
    const from = lead;
    const last = wanted.findLast((index) => index < from + PAGE) ?? from;
    return { from, count: last - from + 1 };
  }

  #wanted(): number[] {
    return [...new Set([...this.#sights.values()].flat())].sort((a, b) => a - b);
  }

  #take({ counts, failed, items }: ItemsPage, asked: { from: number; count: number }, change: number): void {
    this.#settle(asked, change);
    const known = new Map([...this.#items].filter(([index]) => index < counts.total));
    for (const item of items) {
      const before = known.get(item.index);
      known.delete(item.index);
      // What hasn't changed stays the same object, so that nothing is drawn again for it.
      known.set(item.index, before && isSame(before, item) ? before : item);
    }
    this.#items = this.#bounded(known);
    this.#counts = counts;
    if (!isSame(this.#failed, failed)) this.#failed = failed;
  }

  #miss(asked: { from: number; count: number }, change: number): void {
    this.#settle(asked, change);
    if (!this.#keeps) {
      [this.#items, this.#counts, this.#failed] = [new Map(), null, []];
      return;
    }
    const over = ([index, item]: [number, ItemView]): [number, ItemView] => {
      const { startedAt: _gone, ...rest } = item;
      return [index, item.status === "running" ? { ...rest, status: "waiting" } : item];
    };
    this.#items = new Map([...this.#items].map(over));
  }

  #settle({ from, count }: { from: number; count: number }, change: number): void {
    this.#countedAt = change;
    for (let index = from; index < from + count; index++) this.#askedAt.set(index, change);
  }

  #bounded(items: Map<number, ItemView>): Map<number, ItemView> {
    if (items.size <= KEPT) return items;
    const wanted = new Set(this.#wanted());
    for (const index of items.keys()) {
      if (items.size <= KEPT) break;
      if (!wanted.has(index)) items.delete(index);
    }
    this.#askedAt = new Map([...this.#askedAt].filter(([index]) => items.has(index) || wanted.has(index)));
    return items;
  }
}

/** The items of each node that runs once an item. */
export class ItemLists {
  readonly #pages = new Map<NodeId, ItemPages>();

  constructor(private readonly host: Pick<CanvasHostApi, "items">) {}

  of(node: NodeId): ItemPages {
    let pages = this.#pages.get(node);
    if (!pages) this.#pages.set(node, (pages = new ItemPages((from, count) => this.host.items(node, from, count))));
    return pages;
  }
}

/** `null` also where none comes. */
function answered(answer: Promise<ItemsPage | null>): Promise<ItemsPage | null> {
  return Promise.race([answer.catch(() => null), rest(PATIENCE).then(() => null)]);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
