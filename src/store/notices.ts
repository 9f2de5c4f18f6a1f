import { mkdirSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import type { Notice } from "../model/workflowState.js";
import { errorCode } from "./storeFailure.js";
import type { Layout } from "./layout.js";

/** What the user should know about the folder, one notice per id. */
export class Notices {
  readonly #notices = new Map<string, Notice>();
  readonly #listeners = new Set<(notices: readonly Notice[]) => void>();

  list(): readonly Notice[] {
    return [...this.#notices.values()];
  }

  listen(listener: (notices: readonly Notice[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  add(notice: Notice): void {
    if (this.#notices.get(notice.id)?.message === notice.message) return;
    this.#notices.set(notice.id, notice);
    const list = this.list();
    for (const listener of this.#listeners) listener(list);
  }
}

/** Takes what fails its check out of the way, so that it counts as absent, is reported once, and can still be looked at. */
export class Damage {
  /** What was found damaged → in words. */
  readonly #found = new Map<string, string>();

  /** @param layout - where things may be moved; `null` in a folder that must not be touched. */
  constructor(
    readonly layout: Layout | null,
    readonly notices: Notices,
  ) {}

  /** @param what - "a result", "the file of a result": fits the sentence "… is damaged". */
  setAside(path: string, what: string): void {
    if (this.layout) moveAway(path, this.layout.damaged);
    this.#found.set(path, what);
    const kinds = [...new Set(this.#found.values())].join(", ");
    const one = this.#found.size === 1;
    const count = one ? "One entry" : `${this.#found.size} entries`;
    const where = this.layout ? `${one ? "was" : "were"} set aside in \`.daggr/damaged\` and ` : "";
    this.notices.add({
      id: "damaged",
      severity: "warning",
      message: `${count} of the \`.daggr\` folder failed the check on reading (${kinds}), ${where}${one ? "counts" : "count"} as absent: what is missing is made again when needed.`,
    });
  }
}

function moveAway(path: string, folder: string): void {
  try {
    // What stands where this very folder should be goes where it is swept away in time.
    if (path === folder) return renameSync(path, `${path}-${Date.now().toString(36)}`);
    mkdirSync(folder, { recursive: true });
    renameSync(path, join(folder, `${Date.now().toString(36)}-${basename(path)}`));
  } catch (error) {
    // Another process was quicker, or the disk doesn't allow it: either way the entry is not used.
    if (
      !["ENOENT", "ENOTDIR", "EEXIST", "EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT", "EBUSY"].includes(
        errorCode(error),
      )
    )
      throw error;
  }
}
