import { watch, type FSWatcher } from "node:fs";
import { dirname } from "node:path";

/**
 * Calls back when something in a folder with watched files has changed. Best effort, as watching is on every system: what
 * must be certain looks at the disk again.
 */
export class FolderWatch {
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Watches for changes of these files (absolute paths) and no others. */
  setFiles(paths: Iterable<string>): void {
    const folders = new Set([...paths].map((path) => dirname(path)));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  dispose(): void {
    this.setFiles([]);
  }

  #watch(folder: string): void {
    try {
      // The folder, not the file: editors save by renaming a new file over the old one, which a watched file doesn't survive.
      const watcher = watch(folder, { persistent: false }, () => this.#changed());
      watcher.on("error", () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch {
      // No such folder, or the system has no watches left: changes are found when something runs.
    }
  }
}
