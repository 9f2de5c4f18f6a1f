import { join } from "node:path";
import type { StoredValue } from "../model/value.js";
import { namesIn } from "./disk.js";
import { SheetHistory } from "./history.js";
import type { Layout } from "./layout.js";
import { Damage, type Notices } from "./notices.js";

/**
 * Which results the histories in a folder name, whichever workflow's they are. A result belongs to whoever made or reused
 * it, for results are found by what they were made from.
 */
export class OtherUses {
  readonly #layout: Layout;
  readonly #damage: Damage;
  readonly #histories: Map<string, SheetHistory>;

  /** @param known histories that this process knows better than the disk, by path. */
  constructor(layout: Layout, notices: Notices, known: ReadonlyMap<string, SheetHistory>) {
    this.#layout = layout;
    this.#histories = new Map(known);
    // What is another's is only looked at, and never set aside.
    this.#damage = new Damage(null, notices);
  }

  /** Ids of all results that were not cleared, as the histories are this moment. */
  results(): Set<string> {
    const ids = new Set<string>();
    for (const history of this.#all()) for (const id of history.results()) ids.add(id);
    return ids;
  }

  /** What the histories themselves say of the items of executions that made no result. */
  *values(): Generator<StoredValue> {
    for (const history of this.#all())
      for (const { last } of Object.values(history.nodes())) if (last?.items) yield last.items.outcomes;
  }

  *#all(): Generator<SheetHistory> {
    const { workflows } = this.#layout;
    for (const workflow of namesIn(workflows)) {
      const folder = join(workflows, workflow, "history");
      for (const name of namesIn(folder)) if (name.endsWith(".jsonl")) yield this.#history(join(folder, name), name);
    }
  }

  #history(path: string, name: string): SheetHistory {
    const known = this.#histories.get(path);
    if (known) return known;
    const history = new SheetHistory(path, name.replace(/\.jsonl$/, ""), this.#damage, null, () => undefined);
    this.#histories.set(path, history);
    return history;
  }
}
