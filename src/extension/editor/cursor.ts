import * as vscode from "vscode";
import type { NodeId } from "../../model/graph.js";
import type { CanvasPanels } from "../canvas/panels.js";
import { CONTEXT_KEYS } from "../commands/ids.js";
import { isWorkflowFile } from "../workflowFile.js";
import type { Workflows } from "../workflows.js";
import { nodeAt, nodesCalling } from "./ranges.js";
import { isRunnable } from "./status.js";

/** The node in whose declaration the cursor of an editor of this file is. */
export function nodeAtCursor(workflows: Workflows, file: string): NodeId | null {
  const position = cursorIn(file);
  const graph = workflows.state(file)?.graph;
  if (position === undefined || !graph) return null;
  return nodeAt(graph, file, position)?.id ?? null;
}

/** The one node whose function the cursor is in; `null`: none, or several are made of it. */
export function nodeCallingCursor(workflows: Workflows, file: string): NodeId | null {
  const position = cursorIn(file);
  const graph = workflows.state(file)?.graph;
  if (position === undefined || !graph) return null;
  const [node, ...others] = nodesCalling(graph, file, position);
  return node !== undefined && others.length === 0 ? node.id : null;
}

function cursorIn(file: string): vscode.Position | undefined {
  const editor =
    [vscode.window.activeTextEditor].find((active) => active?.document.uri.fsPath === file) ??
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === file);
  return editor?.selection.active;
}

/** Moving the cursor marks the node's card, and says to keybindings where there is nothing to run. */
export function registerCursor(workflows: Workflows, panels: CanvasPanels): vscode.Disposable {
  const marked = new Map<string, NodeId | null>();
  let nothing = false;

  const follow = (file: string, reveal: boolean): void => {
    const node = nodeAtCursor(workflows, file);
    if (marked.get(file) !== node) {
      marked.set(file, node);
      panels.get(file)?.mark(node, reveal);
    }
    const active = vscode.window.activeTextEditor?.document.uri.fsPath;
    if (active !== undefined && active !== file) return;
    const state = workflows.state(file);
    const now = state !== null && !state.graph?.nodes.some(isRunnable);
    if (nothing === now) return;
    nothing = now;
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.nothingToRun, nothing);
  };

  const start = vscode.window.activeTextEditor?.document.uri.fsPath;
  if (start !== undefined && isWorkflowFile(start)) follow(start, false);
  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      const { fsPath } = textEditor.document.uri;
      if (isWorkflowFile(fsPath)) follow(fsPath, true);
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined && isWorkflowFile(editor.document.uri.fsPath)) follow(editor.document.uri.fsPath, false);
    }),
    workflows.onDidChange(({ file, event }) => {
      if (event === null || event.type === "graph-changed") follow(file, false);
    }),
    workflows.onDidClose((file) => void marked.delete(file)),
    panels.onDidShow((file) => panels.get(file)?.mark(nodeAtCursor(workflows, file), false)),
  );
}
