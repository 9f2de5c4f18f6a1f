import * as vscode from "vscode";
import type { Graph, GraphNode } from "../../model/graph.js";
import type { Position, SourceRange } from "../../model/source.js";

/** From the model's counting (from 1) to VS Code's (from 0). */
export function toRange({ start, end }: SourceRange): vscode.Range {
  return new vscode.Range(toPosition(start), toPosition(end));
}

function toPosition({ line, column }: Position): vscode.Position {
  return new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
}

export function toLocation(range: SourceRange): vscode.Location {
  return new vscode.Location(vscode.Uri.file(range.file), toRange(range));
}

/** The node whose declaration holds the place; the innermost where variants are declared inside others. */
export function nodeAt(graph: Graph, file: string, position: vscode.Position): GraphNode | undefined {
  const within = (holds: (range: vscode.Range) => boolean): GraphNode | undefined =>
    graph.nodes
      .filter(({ range }) => range?.file === file && holds(toRange(range)))
      .sort((a, b) => size(a) - size(b))[0];
  // Before its name, as at the beginning of the line, and behind its end it is meant all the same.
  const onItsLines = ({ start, end }: vscode.Range): boolean =>
    start.line <= position.line && position.line <= end.line;
  return within((range) => range.contains(position)) ?? within(onItsLines);
}

/** The nodes that call the function that holds the place. */
export function nodesCalling(graph: Graph, file: string, position: vscode.Position): readonly GraphNode[] {
  return graph.nodes.filter(({ target }) => {
    const range = target.kind === "fn" ? target.functionRange : undefined;
    return range?.file === file && toRange(range).contains(position);
  });
}

function size({ range }: GraphNode): number {
  return range === undefined ? Infinity : range.end.line - range.start.line;
}
