import { ts } from "ts-morph";
import type { Position, SourceRange } from "../model/source.js";
import type { SourceModule } from "./sourceModule.js";

/** A stretch of source named by its syntax node, which an edit elsewhere moves along; lines are counted when asked for. */
export interface Place {
  readonly module: SourceModule;
  readonly node: ts.Node;
  /** From the start of `node` to the end of this one. */
  readonly to?: ts.Node;
  /** An empty stretch at one end of the node, for insertions; `inside-end`: before its closing bracket. */
  readonly at?: "start" | "end" | "inside-end";
}

export function rangeOf({ module, node, to, at }: Place): SourceRange {
  const start = node.getStart(module.source);
  const end = (to ?? node).end;
  if (at === "start") return rangeBetween(module, start, start);
  if (at === "end") return rangeBetween(module, end, end);
  if (at === "inside-end") return rangeBetween(module, end - 1, end - 1);
  return rangeBetween(module, start, end);
}

/** Offsets in UTF-16 code units. */
export function rangeBetween(module: SourceModule, start: number, end: number): SourceRange {
  return { file: module.path, start: position(module, start), end: position(module, end) };
}

function position(module: SourceModule, offset: number): Position {
  const { line, character } = module.source.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character + 1 };
}

/** What stands at a place, on one line and not too long, to quote in a message. */
export function excerpt({ module, node }: Place): string {
  const text = node.getText(module.source).replace(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** The module-level statement that something stands in. */
export function statementOf(node: ts.Node): ts.Node {
  let statement = node;
  while (!ts.isSourceFile(statement.parent)) statement = statement.parent;
  return statement;
}
