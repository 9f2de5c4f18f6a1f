import { mkdirSync, renameSync, writeFileSync } from "node:fs";
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
    this.#tell(path, what);
  }

  /**
   * Keeps a copy of what is damaged in a file of which the rest is well. Whoever calls this sees to it that it isn't found
   * again.
   *
   * @param name - tells this damage from any other: a file name.
   */
  setAsideText(name: string, text: string, what: string): void {
    if (this.layout) writeAway(text, name, this.layout.damaged);
    this.#tell(name, what);
  }

  #tell(found: string, what: string): void {
    this.#found.set(found, what);
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
    passOver(error);
  }
}

function writeAway(text: string, name: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${Date.now().toString(36)}-${name}`), text, { flag: "wx" });
  } catch (error) {
    passOver(error);
  }
}

/** Another process was quicker, or the disk doesn't allow it: either way the entry is not used. */
function passOver(error: unknown): void {
  const codes = ["ENOENT", "ENOTDIR", "EEXIST", "EROFS", "EACCES", "EPERM", "ENOSPC", "EDQUOT", "EBUSY"];
  if (!codes.includes(errorCode(error))) throw error;
}
