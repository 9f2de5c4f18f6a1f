import type { CanvasView } from "../../model/canvasView.js";

/** The part of VS Code's memory of a workspace that is used here. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = "canvas views";
/** Of so many files, those that were arranged last. */
const FILES = 50;
/** Of all together, as JSON: VS Code reads and writes its memory as a whole. Characters. */
const LENGTH = 500_000;

/** How canvases were left, by workflow file, for when they are opened anew. */
export class KeptViews {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get(file: string): CanvasView | null {
    return this.#all().find(([kept]) => kept === file)?.[1] ?? null;
  }

  keep(file: string, view: CanvasView): void {
    this.#write([[file, view], ...this.#all().filter(([kept]) => kept !== file)]);
  }

  rename(from: string, to: string): void {
    this.#write(this.#all().map(([file, view]) => [file === from ? to : file, view]));
  }

  /** The latest first. */
  #all(): readonly (readonly [string, CanvasView])[] {
    const kept = this.#memory.get(KEY);
    return Array.isArray(kept) ? (kept as [string, CanvasView][]) : []; // written below; the page checks each view
  }

  #write(views: readonly (readonly [string, CanvasView])[]): void {
    let room = LENGTH;
    const kept = views.slice(0, FILES).filter((entry) => {
      const { length } = JSON.stringify(entry);
      if (length > room) return false;
      room -= length;
      return true;
    });
    void this.#memory.update(KEY, kept);
  }
}
