import * as vscode from "vscode";
import { coalesce } from "../coalesce.js";
import { isWorkflowFile } from "../workflowFile.js";
import type { Workflows } from "../workflows.js";
import { codeLenses, type Lens } from "./codeLensModel.js";
import { declarationLine } from "./declarationLine.js";
import { toRange } from "./ranges.js";
import { workflowDocuments } from "./selector.js";

/** How often the elapsed time of what runs is drawn anew, in ms. */
const TICK = 1000;

/** Run, stop and status over every node, and over the graph. */
export function registerCodeLens(workflows: Workflows): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  // A quick run tells of hundreds of nodes a second.
  const refresh = coalesce(() => changed.fire(), 50);
  const ticking = setInterval(() => {
    const shown = vscode.window.visibleTextEditors.some(
      ({ document }) => workflows.state(document.uri.fsPath)?.run != null,
    );
    if (shown) changed.fire();
  }, TICK);
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      const state = workflows.state(document.uri.fsPath);
      if (state === null) return [];
      const text = state.graphStatus === "last-good" ? document.getText() : null;
      return codeLenses(state, Date.now()).map((lens) => toCodeLens(lens, text));
    },
  };
  // Partial values, log lines and moved cards come by the hundred and don't show here.
  const quiet = new Set([
    "node-log",
    "node-partial",
    "notices-changed",
    "node-progress",
    "view-changed",
    "sheets-changed",
  ]);
  return vscode.Disposable.from(
    changed,
    refresh,
    { dispose: () => clearInterval(ticking) },
    vscode.languages.registerCodeLensProvider(workflowDocuments, provider),
    workflows.onDidChange(({ file, event }) => {
      if (isWorkflowFile(file) && (event === null || !quiet.has(event.type))) refresh();
    }),
  );
}

/** @param text the document's, when the graph is of an earlier text and its ranges may be off */
function toCodeLens(lens: Lens, text: string | null): vscode.CodeLens {
  const line = text !== null && lens.target.node !== undefined ? declarationLine(text, lens.target.node) : undefined;
  const range = line === undefined ? toRange(lens.anchor) : new vscode.Range(line, 0, line, 0);
  return new vscode.CodeLens(range, {
    title: lens.title,
    command: lens.command ?? "",
    arguments: [lens.target],
    ...(lens.tooltip && { tooltip: lens.tooltip }),
  });
}
