import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { CanvasPanels } from "../canvas/panels.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import { baseName, nameProblem, workflowTemplate } from "./workflowTemplate.js";

/** Scaffolds a workflow and opens it with its graph. */
export function newWorkflowCommand(panels: CanvasPanels) {
  return {
    [COMMANDS.newWorkflow]: async (argument) => {
      const folder = await chooseFolder(argument);
      if (folder === undefined) return;
      const taken = takenNames(folder.fsPath);
      const typed = await vscode.window.showInputBox({
        title: "New Daggr Workflow",
        prompt: `A file NAME.daggr.ts is made in ${vscode.workspace.asRelativePath(folder, true)}.`,
        placeHolder: "word-count",
        validateInput: (value) => nameProblem(value, (name) => taken.has(name.toLowerCase())),
      });
      if (typed === undefined) return;
      const name = baseName(typed);
      const uri = vscode.Uri.joinPath(folder, `${name}.daggr.ts`);
      try {
        await vscode.workspace.fs.writeFile(uri, Buffer.from(workflowTemplate(name)));
      } catch (error) {
        void vscode.window.showErrorMessage(`${uri.fsPath} could not be written: ${String(error)}`);
        return;
      }
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
      panels.show(uri.fsPath);
    },
  } satisfies Partial<Handlers>;
}

/** The folder that was right-clicked, the only workspace folder, or one that the user picks. */
async function chooseFolder(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) {
    const stat = await Promise.resolve(vscode.workspace.fs.stat(argument)).catch(() => undefined);
    return stat?.type === vscode.FileType.File ? vscode.Uri.joinPath(argument, "..") : argument;
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) return folders[0]?.uri;
  if (folders.length > 1) return (await vscode.window.showWorkspaceFolderPick())?.uri;
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: "Create Here",
    title: "Folder for the new workflow",
  });
  return picked?.[0];
}

/** In lower case, since not every file system tells `A` from `a`. */
function takenNames(folder: string): Set<string> {
  try {
    return new Set(readdirSync(join(folder)).map((name) => name.toLowerCase()));
  } catch {
    return new Set();
  }
}
