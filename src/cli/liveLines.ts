import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import type { Output } from "./context.js";

/** Milliseconds between two drawings. */
const INTERVAL_MS = 80;
/** For terminals that don't say; some say 0. */
const DEFAULT_COLUMNS = 80;
/** So that what lives at the bottom never fills a small terminal. */
const MOST_LINES = 12;

/**
 * Lines that stay, with a few under them that change: on a terminal those are drawn again and again; elsewhere they are left
 * out, and `plain` lines are written in their place.
 */
export class LiveLines {
  readonly #output: Output;
  readonly #live: () => readonly string[];
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What was to be written while somebody else has the terminal; `null`: nobody has. */
  #held: string[] | null = null;

  /** @param live gives the changing lines of the moment */
  constructor(output: Output, live: () => readonly string[]) {
    this.#output = output;
    this.#live = live;
    if (output.isTTY) this.#timer = setInterval(() => this.#draw(""), INTERVAL_MS).unref();
  }

  /** Leaves the terminal to somebody else, until what is answered is called. */
  hold(): () => void {
    this.#output.write(this.#erased());
    this.#held = [];
    return () => {
      const waiting = this.#held ?? [];
      this.#held = null;
      for (const text of waiting) this.print(text);
    };
  }

  /** Writes what stays. */
  print(text: string): void {
    if (this.#held) this.#held.push(text);
    else if (this.#timer) this.#draw(`${text}\n`);
    else this.#output.write(`${text}\n`);
  }

  /** Writes what only those need to read who see no changing lines. */
  plain(text: string): void {
    if (!this.#timer) this.print(text);
  }

  /** Erases the changing lines, for good. */
  close(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#output.write(this.#erased());
    this.#timer = undefined;
  }

  #draw(above: string): void {
    if (this.#held) return;
    const all = this.#live();
    const { columns = 0 } = this.#output;
    const hidden = all.length - MOST_LINES;
    const lines = all.slice(0, MOST_LINES).map((line) => cut(line, columns > 0 ? columns : DEFAULT_COLUMNS));
    if (hidden > 0) lines.push(`  and ${hidden} more`);
    if (above === "" && lines.length === 0 && this.#drawn === 0) return;
    const erased = this.#erased();
    this.#drawn = lines.length;
    this.#output.write(erased + above + lines.map((line) => `${line}\n`).join(""));
  }

  /** Up to the first changing line, and away with everything from there on. */
  #erased(): string {
    const drawn = this.#drawn;
    this.#drawn = 0;
    return drawn === 0 ? "" : `\x1b[${drawn}A\x1b[0J`;
  }
}

/** A line that wraps would be counted as one and erased by halves. Colours go where it has to be cut. */
function cut(line: string, columns: number): string {
  const places = Array.from(graphemes.segment(stripVTControlCharacters(line)), ({ segment }) => segment);
  if (places.reduce((sum, place) => sum + mostColumns(place), 0) < columns) return line;
  let kept = "";
  let width = 0;
  for (const place of places) {
    width += mostColumns(place);
    // One column for the dots, and the last one stays empty: some terminals wrap as soon as it is filled.
    if (width > columns - 2) break;
    kept += place;
  }
  return `${kept}…`;
}

/** What is seen as one: a letter with its accents, a family of emoji. */
const graphemes = new Intl.Segmenter();

/** Many terminals show each member of such a family by itself. */
function mostColumns(place: string): number {
  return Math.max(
    stringWidth(place),
    Array.from(place, (part) => stringWidth(part)).reduce((sum, width) => sum + width, 0),
  );
}
