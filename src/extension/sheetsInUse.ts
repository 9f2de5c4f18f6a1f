import { join, relative } from "node:path";
import type { Memory } from "./canvas/keptViews.js";
import { isInside } from "./workflowFile.js";

const KEY = "sheets in use";
/** Of so many files, those on which another sheet was chosen last. */
const FILES = 200;

/** On which sheet each workflow file was left, by the sheet's id. */
export class SheetsInUse {
  readonly #memory: Memory;

  /** @param memory of the workspace */
  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get(file: string): string | null {
    return this.#all().find(([kept]) => kept === file)?.[1] ?? null;
  }

  keep(file: string, sheet: string): void {
    if (this.get(file) === sheet) return;
    this.#write([[file, sheet], ...this.#all().filter(([kept]) => kept !== file)]);
  }

  /** @param from of a file, or of a folder with files in it */
  rename(from: string, to: string): void {
    const all = this.#all();
    if (!all.some(([file]) => isInside(file, from))) return;
    this.#write(all.map(([file, sheet]) => [isInside(file, from) ? join(to, relative(from, file)) : file, sheet]));
  }

  /** The latest first. */
  #all(): readonly (readonly [string, string])[] {
    const kept = this.#memory.get(KEY);
    return Array.isArray(kept) ? (kept as [string, string][]) : []; // written below
  }

  #write(sheets: readonly (readonly [string, string])[]): void {
    void this.#memory.update(KEY, sheets.slice(0, FILES));
  }
}
