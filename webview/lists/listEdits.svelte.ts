import { SvelteMap } from "svelte/reactivity";
import type { Json } from "../../src/model/json.js";
import type { Value } from "../../src/model/value.js";
import type { UnsentSlot } from "../controls/draft.svelte.js";
import type { UnsentInput } from "../state/unsentInputs.js";

export type Item = Readonly<Record<string, Json>>;

/** An item as it is drawn. */
export interface Row {
  /** The item's own for as long as the list is drawn, wherever it moves. */
  readonly key: number;
  readonly item: Item;
}

/** A removed item, and where it was. */
export interface Removal {
  readonly row: Row;
  readonly index: number;
}

/** Where the list is from, and where its edits go. */
export interface ListPlace {
  /** The list as the node gave it; `null`: not here, or not yet. */
  given(): readonly Item[] | null;
  /** The list as the sheet (or else the node) has it; `null`: not here, or not yet. */
  stored(): readonly Item[] | null;
  /** Keeps the edited list; `null`: the node's own again. */
  send(list: Value): Promise<void>;
  /** The first thing in the list that cannot be sent, with its place; `null`: all of it can. */
  tellProblem(problem: string | null): void;
}

/** After the host has a list, for how long (in ms) what the sheet says may still be of before. */
const GRACE = 1000;

/**
 * What somebody makes of one list. Edits show at once and are sent whole; as soon as the host has them and the list that the sheet
 * holds is here, that one counts.
 */
export class ListEdits {
  #own = $state.raw<readonly Row[] | null>(null);
  /** Everything is with the host, and told back. */
  #settled = $state(true);
  /** What was done last was to go back to the list as it was given. */
  #undone = $state(false);
  #removed = $state.raw<Removal | null>(null);
  readonly #problems = new SvelteMap<string, UnsentInput & { readonly key: number; readonly field: string }>();
  /** By position; outlives edits, so that what has the focus stays the same element. */
  #keys: number[] = [];
  #nextKey = 0;
  #sending: Promise<void> = Promise.resolve();
  #edits = 0;

  readonly #rows = $derived.by((): readonly Row[] | null => {
    const stored = this.#own && !this.#settled ? null : this.place.stored();
    return stored ? stored.map((item, index) => ({ key: this.#keyAt(index), item })) : this.#own;
  });

  constructor(private readonly place: ListPlace) {}

  /** `null`: the list is not here. */
  get rows(): readonly Row[] | null {
    return this.#rows;
  }

  /** Whether the list is an edited one; `null`: as the sheet says. */
  get edited(): boolean | null {
    return this.#own !== null && !this.#settled ? !this.#undone : null;
  }

  /** How many items the node gave; `null`: not known here. */
  get given(): number | null {
    return this.place.given()?.length ?? null;
  }

  /** What was removed last, while it can be brought back. */
  get removed(): Removal | null {
    return this.#removed;
  }

  setField(key: number, field: string, value: Value): Promise<void> {
    return this.#change((rows) =>
      rows.map((row) => (row.key === key ? { key, item: { ...row.item, [field]: value } } : row)),
    );
  }

  /** @returns the key of the new item, which stands at `index` */
  add(index: number, item: Item): number {
    const key = this.#nextKey++;
    void this.#change((rows) => rows.toSpliced(index, 0, { key, item }));
    return key;
  }

  remove(key: number): void {
    const index = this.#indexOf(key);
    const row = this.#rows?.[index];
    if (!row) return;
    for (const [name, problem] of this.#problems) if (problem.key === key) this.#problems.delete(name);
    this.#tellProblem();
    void this.#change((rows) => rows.toSpliced(index, 1));
    this.#removed = { row, index };
  }

  /** @returns what was brought back */
  undoRemoval(): Row | null {
    const removed = this.#removed;
    this.#removed = null;
    if (removed) void this.#change((rows) => rows.toSpliced(removed.index, 0, removed.row));
    return removed?.row ?? null;
  }

  /** Moves an item to a position within the list. */
  move(key: number, to: number): void {
    const from = this.#indexOf(key);
    const row = this.#rows?.[from];
    if (row) void this.#change((rows) => rows.toSpliced(from, 1).toSpliced(to, 0, row));
  }

  /** Back to the list as the node gave it. */
  undoAll(): void {
    this.#removed = null;
    this.#problems.clear();
    this.#tellProblem();
    this.#own = this.place.given()?.map((item, index) => ({ key: this.#keyAt(index), item })) ?? null;
    this.#undone = true;
    void this.#follow(this.place.send(null));
  }

  /** Resolves when the host has every edit. */
  sent(): Promise<void> {
    return this.#sending;
  }

  /** Where a field keeps what cannot be sent. */
  slot(key: number, field: string): UnsentSlot {
    const name = `${key} ${field}`;
    return {
      get: () => this.#problems.get(name),
      set: (input) => {
        if (!input && !this.#problems.has(name)) return;
        if (input) this.#problems.set(name, { ...input, key, field });
        else this.#problems.delete(name);
        this.#tellProblem();
      },
    };
  }

  #change(edit: (rows: readonly Row[]) => readonly Row[]): Promise<void> {
    if (!this.#rows) return Promise.resolve();
    const rows = edit(this.#rows);
    this.#own = rows;
    this.#keys = rows.map(({ key }) => key);
    this.#undone = false;
    if (this.#problems.size > 0) this.#tellProblem();
    // At once and in order, so that a run that is asked for next reads it.
    return this.#follow(this.place.send(rows.map(({ item }) => item)));
  }

  /** What the sheet says counts again some time after it has everything. */
  #follow(sent: Promise<void>): Promise<void> {
    this.#settled = false;
    const edits = ++this.#edits;
    this.#sending = Promise.allSettled([this.#sending, sent]).then(() => undefined);
    void this.#sending.then(() =>
      setTimeout(() => {
        if (this.#edits === edits) this.#settled = true;
      }, GRACE),
    );
    return this.#sending;
  }

  #tellProblem(): void {
    const [first] = this.#problems.values();
    this.place.tellProblem(first ? `Item ${this.#indexOf(first.key) + 1}, ${first.field}: ${first.problem}` : null);
  }

  #indexOf(key: number): number {
    return this.#rows?.findIndex((row) => row.key === key) ?? -1;
  }

  #keyAt(index: number): number {
    return (this.#keys[index] ??= this.#nextKey++);
  }
}
