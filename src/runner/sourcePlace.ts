import { readFileSync } from "node:fs";
import type { SourceRange } from "../model/source.js";

/** From a place to the end of its line. */
export function rangeFrom(file: string, line: number, column: number): SourceRange {
  const end = Math.max(column + 1, (linesOf(file)[line - 1]?.length ?? 0) + 1);
  return { file, start: { line, column }, end: { line, column: end } };
}

/** The first place of a text in a file, or the file's beginning. */
export function rangeOfText(file: string, text: string): SourceRange {
  const lines = linesOf(file);
  const line = lines.findIndex((each) => each.includes(text));
  return line < 0 ? rangeFrom(file, 1, 1) : rangeFrom(file, line + 1, (lines[line]?.indexOf(text) ?? 0) + 1);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch {
    return [];
  }
}
