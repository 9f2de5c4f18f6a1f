/** Sheets: each has its own inputs, pins, variants, edited items, selected results, history and arrangement of the canvas. */

/** The sheet that is there without anybody having made it; its id is its first name. */
export const FIRST_SHEET = "main";

/** Longest name of a sheet. Characters as people count them. */
const LONGEST = 100;

export interface SheetEntry {
  /** Stays the same when the sheet is renamed: the name that it got first, or, where that was taken, one like it. */
  readonly id: string;
  /** What people call it; no two sheets that are there have the same one. */
  readonly name: string;
}

export interface DeletedSheet extends SheetEntry {
  /** ms since the epoch */
  readonly deletedAt: number;
}

/** A workflow's sheets, in the order that people gave them. */
export interface SheetList {
  readonly sheets: readonly SheetEntry[];
  /** What can be brought back, the latest first; those that nothing was done on are left out. */
  readonly deleted: readonly DeletedSheet[];
}

/** What can be done with sheets, which are named by their ids. */
export type SheetChange =
  | { readonly type: "select"; readonly sheet: string }
  /** Makes an empty sheet and goes on with it. */
  | { readonly type: "create"; readonly name: string }
  /** Makes another of everything that is on a sheet, and goes on with that. */
  | { readonly type: "duplicate"; readonly sheet: string; readonly name: string }
  | { readonly type: "rename"; readonly sheet: string; readonly name: string }
  /** Puts an empty sheet in the place of this one, which can be brought back. The canvas stays as it is arranged. */
  | { readonly type: "reset"; readonly sheet: string }
  | { readonly type: "delete"; readonly sheet: string }
  /**
   * Brings a deleted sheet back, under another name where its own is taken. `use`: and goes on with it, unless a run is under way.
   * `inPlaceOf`: a sheet that goes for it, as where a reset is undone.
   */
  | { readonly type: "restore"; readonly sheet: string; readonly use: boolean; readonly inPlaceOf?: string }
  /** `to`: its place among the sheets from then on, from 0. */
  | { readonly type: "move"; readonly sheet: string; readonly to: number };

/** What came of a change. */
export interface SheetChanged {
  /** The sheet that it was about; where there is a new one, that one. */
  readonly sheet: SheetEntry;
  /** What takes it back, where something has gone. */
  readonly undo?: SheetChange;
}

/** A name as it is kept: without blanks around it, and with one character where Unicode has several spellings. */
export function tidyName(text: string): string {
  return text.replace(/\s+/gu, " ").trim().normalize("NFC");
}

/**
 * Why a sheet can't be called that, in a sentence; `null`: it can.
 *
 * @param taken - names of the other sheets.
 */
export function nameProblem(text: string, taken: readonly string[]): string | null {
  const name = tidyName(text);
  if (name === "") return "A sheet needs a name.";
  const characters = charactersOf(name);
  if (characters.length > LONGEST) {
    const begin = characters.slice(0, 20).join("");
    return `“${begin}…” has ${characters.length} characters; the name of a sheet has at most ${LONGEST}.`;
  }
  // What can't be seen would make two names look the same, or turn text around.
  const unseen = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u.exec(name)?.[0];
  if (unseen !== undefined) {
    const code = (unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `“${name.replaceAll(unseen, "�")}” has a character that can't be seen (U+${code}).`;
  }
  return taken.includes(name) ? `There is a sheet “${name}” already.` : null;
}

/** `base`, or else the first of `base 2`, `base 3`, … that is not taken. */
export function freeName(base: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** What a new sheet is called unless somebody says otherwise. */
export function newSheetName(sheets: readonly SheetEntry[]): string {
  const taken = sheets.map(({ name }) => name);
  for (let number = sheets.length + 1; ; number++) {
    const name = `Sheet ${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** What a copy is called unless somebody says otherwise: `night copy`, `night copy 2`. Of a copy, the next one. */
export function copyName(name: string, sheets: readonly SheetEntry[]): string {
  const stem = charactersOf(name.replace(/ copy( \d+)?$/u, ""))
    .slice(0, LONGEST - 12)
    .join("");
  const taken = sheets.map((sheet) => sheet.name);
  return freeName(`${stem} copy`, taken);
}

function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
