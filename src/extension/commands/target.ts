import * as vscode from "vscode";
import type { NodeId } from "../../model/graph.js";
import type { CanvasPanels } from "../canvas/panels.js";
import { nodeAtCursor, nodeCallingCursor } from "../editor/cursor.js";
import { isWorkflowFile } from "../workflowFile.js";
import type { Workflows } from "../workflows.js";
import type { CommandTarget } from "./ids.js";
import { nodePicks } from "./nodePicks.js";

/** Finds out what a command is meant for, whoever called it. */
export class Targets {
  readonly #workflows: Workflows;
  readonly #panels: CanvasPanels;

  constructor(workflows: Workflows, panels: CanvasPanels) {
    this.#workflows = workflows;
    this.#panels = panels;
  }

  /** The workflow that a command's first argument names, or else the one in front; `undefined`: none, and the user was told. */
  file(argument: unknown): string | undefined {
    const file = this.quietFile(argument);
    if (file === undefined) void vscode.window.showInformationMessage("Open a *.daggr.ts file first.");
    return file;
  }

  /** As {@link file}, without telling. */
  quietFile(argument: unknown): string | undefined {
    const named = argument instanceof vscode.Uri ? argument.fsPath : targetOf(argument)?.file;
    if (named !== undefined) return isWorkflowFile(named) ? named : undefined;
    const inFront = this.#panels.active() ?? vscode.window.activeTextEditor?.document.uri.fsPath;
    if (inFront !== undefined && isWorkflowFile(inFront)) return inFront;
    const shown = vscode.window.visibleTextEditors.map(({ document }) => document.uri.fsPath).filter(isWorkflowFile);
    const [only, ...others] = new Set([...shown, ...this.#panels.files()]);
    return others.length === 0 ? only : undefined;
  }

  /** The node that a command is about; asks where that isn't clear. `undefined`: nobody said. */
  async node(argument: unknown, title: string): Promise<{ file: string; node: NodeId } | undefined> {
    const file = this.file(argument);
    if (file === undefined) return undefined;
    const named = targetOf(argument)?.node;
    if (named !== undefined) return { file, node: named };
    const hold = this.#workflows.hold(file);
    try {
      await this.#workflows.opened(file);
      const state = this.#workflows.state(file);
      const atCursor = nodeAtCursor(this.#workflows, file);
      const here = isAtCursor(argument) ? (atCursor ?? nodeCallingCursor(this.#workflows, file)) : null;
      if (here !== null) return { file, node: here };
      const picks = state === null ? [] : nodePicks(state, atCursor, Date.now());
      if (picks.length === 0) {
        void vscode.window.showInformationMessage(`${vscode.workspace.asRelativePath(file)} has no node to run.`);
        return undefined;
      }
      // Of a key that was pressed elsewhere in the file.
      const placeHolder = isAtCursor(argument) ? "The cursor is in no node. Which one?" : "Node";
      const options = { title, placeHolder, matchOnDescription: true };
      const pick = await vscode.window.showQuickPick(picks, options);
      return pick && { file, node: pick.node };
    } finally {
      hold.dispose();
    }
  }
}

export function targetOf(argument: unknown): CommandTarget | undefined {
  if (typeof argument !== "object" || argument === null || !("file" in argument)) return undefined;
  const { file } = argument;
  if (typeof file !== "string") return undefined;
  const node = "node" in argument && typeof argument.node === "string" ? argument.node : undefined;
  return { file, ...(node !== undefined && { node }) };
}

/** The sheet that a command's first argument names. */
export function sheetOf(argument: unknown): string | null {
  if (typeof argument !== "object" || argument === null || !("sheet" in argument)) return null;
  return typeof argument.sheet === "string" ? argument.sheet : null;
}

/** From a keybinding or the editor's menu: the node at the cursor is meant, without asking. */
function isAtCursor(argument: unknown): boolean {
  if (argument instanceof vscode.Uri) return true;
  return typeof argument === "object" && argument !== null && "cursor" in argument;
}
