import * as vscode from "vscode";
import type { LiveText } from "./liveText.js";
import { isWorkflowFile } from "./workflowFile.js";
import type { Workflows } from "./workflows.js";

/** A workflow file that is open in an editor is open in the engine. */
export function registerOpenDocuments(workflows: Workflows, liveText: LiveText): vscode.Disposable {
  const held = new Map<string, { dispose(): void }>();
  const opened = (document: vscode.TextDocument): void => {
    const { scheme, fsPath } = document.uri;
    if (scheme !== "file" || !isWorkflowFile(fsPath) || held.has(fsPath)) return;
    // The text first, so that the first look is at what the editor shows.
    liveText.give(document);
    liveText.flush();
    held.set(fsPath, workflows.hold(fsPath));
  };
  const closed = ({ uri }: vscode.TextDocument): void => {
    held.get(uri.fsPath)?.dispose();
    held.delete(uri.fsPath);
  };
  // The first one starts the engine's process, which other extensions' activation should not wait for.
  const atOnce = setImmediate(() => vscode.workspace.textDocuments.forEach(opened));
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(opened),
    vscode.workspace.onDidCloseTextDocument(closed),
    {
      dispose: () => {
        clearImmediate(atOnce);
        for (const hold of held.values()) hold.dispose();
      },
    },
  );
}
