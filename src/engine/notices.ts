import type { Notice } from "../model/workflowState.js";

/** What the user should know at the moment, from several sources, each notice once. */
export class Notices {
  readonly #changed: (notices: readonly Notice[]) => void;
  readonly #own = new Map<string, Notice>();
  #store: readonly Notice[] = [];

  constructor(changed: (notices: readonly Notice[]) => void) {
    this.#changed = changed;
  }

  add(notice: Notice): void {
    const known = this.#own.get(notice.id);
    if (known?.message === notice.message && known.severity === notice.severity) return;
    this.#own.set(notice.id, notice);
    this.#tell();
  }

  remove(id: string): void {
    if (this.#own.delete(id)) this.#tell();
  }

  /** What the store has to say; replaces what it said before. */
  setStore(notices: readonly Notice[]): void {
    if (notices.length === 0 && this.#store.length === 0) return;
    this.#store = notices;
    this.#tell();
  }

  #tell(): void {
    this.#changed([...this.#store, ...this.#own.values()]);
  }
}
