import type { Notice } from "../model/workflowState.js";

/** What the user should know at the moment, from several sources, each notice once. */
export class Notices {
  readonly #changed: (notices: readonly Notice[]) => void;
  readonly #own = new Map<string, Notice>();
  readonly #sources = new Map<"store" | "renames", readonly Notice[]>();

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

  /** What a source has to say; replaces what it said before. */
  set(source: "store" | "renames", notices: readonly Notice[]): void {
    if (notices.length === 0 && !this.#sources.has(source)) return;
    this.#sources.set(source, notices);
    this.#tell();
  }

  #tell(): void {
    this.#changed([
      ...(this.#sources.get("store") ?? []),
      ...this.#own.values(),
      ...(this.#sources.get("renames") ?? []),
    ]);
  }
}
