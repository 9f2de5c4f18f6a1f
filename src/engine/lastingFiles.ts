import { copyFile, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { FileRef } from "../model/value.js";
import type { WorkflowStore } from "../store/workflowStore.js";

/** Files as paths that are still good when the store has been closed. */
export class LastingFiles {
  readonly #store: WorkflowStore;
  readonly #kept: boolean;
  #folder: Promise<string> | undefined;

  /** @param kept the store outlives this process; if not, files are copied to a folder that does, until the system clears it. */
  constructor(store: WorkflowStore, kept: boolean) {
    this.#store = store;
    this.#kept = kept;
  }

  /** An absolute path; `null`: the content is gone, or there is no room for it. */
  async pathOf(ref: FileRef): Promise<string | null> {
    const view = await this.#store.viewPath(ref);
    if (!view.ok) return null;
    if (this.#kept) return view.value;
    try {
      // Readable by nobody else, as the store's own temporary folder is.
      this.#folder ??= mkdtemp(join(tmpdir(), "daggr-outputs-"));
      const folder = join(await this.#folder, ref.$file.slice(0, 12));
      await mkdir(folder, { recursive: true });
      const copy = join(folder, basename(view.value));
      await copyFile(view.value, copy);
      return copy;
    } catch {
      return null;
    }
  }
}
