import { join } from "node:path";
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
    const { workflows } = this.#layout;
    const ids = new Set<string>();
    for (const workflow of namesIn(workflows)) {
      const folder = join(workflows, workflow, "history");
      for (const name of namesIn(folder)) {
        if (!name.endsWith(".jsonl")) continue;
        for (const id of this.#history(join(folder, name), name).results()) ids.add(id);
      }
    }
    return ids;
  }

  #history(path: string, name: string): SheetHistory {
    const known = this.#histories.get(path);
    if (known) return known;
    const history = new SheetHistory(path, name.replace(/\.jsonl$/, ""), this.#damage, null, () => undefined);
    this.#histories.set(path, history);
    return history;
  }
}
