import * as vscode from "vscode";
import { COMMANDS } from "./ids.js";
import { addDevDependency } from "./packageManifest.js";
import type { Handlers } from "./register.js";
import type { Targets } from "./target.js";

/** Adds the `daggr` package, for `tsc` and CI; the editor itself needs nothing installed. */
export function addPackageCommand(targets: Targets, version: string) {
  return {
    [COMMANDS.addPackage]: async (argument) => {
      const folder = await folderFor(targets.quietFile(argument));
      if (folder === undefined) return;
      const uri = vscode.Uri.joinPath(folder, "package.json");
      const document = await Promise.resolve(vscode.workspace.openTextDocument(uri)).catch(() => undefined);
      const change = addDevDependency(document?.getText() ?? "", "daggr", `^${version}`);
      if (!change.ok) {
        void vscode.window.showErrorMessage(`${uri.fsPath} was not changed. ${change.failure}`);
        return;
      }
      if (!change.value.changed) {
        void vscode.window.showInformationMessage("package.json names daggr already.");
        return;
      }
      const edit = new vscode.WorkspaceEdit();
      if (document === undefined) edit.createFile(uri, { contents: Buffer.from(change.value.text) });
      else edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), change.value.text);
      await vscode.workspace.applyEdit(edit);
      await vscode.window.showTextDocument(uri);
      const saved = await (await vscode.workspace.openTextDocument(uri)).save();
      if (saved) void vscode.window.showInformationMessage('Added "daggr". Install it with your package manager.');
    },
  } satisfies Partial<Handlers>;
}

/** The nearest folder with a package.json above the workflow, its workspace folder, or one the user picks. */
async function folderFor(file: string | undefined): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (file === undefined)
    return folders.length > 1 ? (await vscode.window.showWorkspaceFolderPick())?.uri : folders[0]?.uri;
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri;
  const start = vscode.Uri.joinPath(vscode.Uri.file(file), "..");
  for (let folder = start; ; folder = vscode.Uri.joinPath(folder, "..")) {
    const stat = await Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, "package.json"))).catch(
      () => undefined,
    );
    if (stat !== undefined) return folder;
    // Never above what is open here.
    if (root === undefined || folder.path === root.path || folder.path === "/") return root ?? start;
  }
}
