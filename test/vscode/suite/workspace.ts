import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { DaggrExtension } from "../../../src/extension/main.js";
import type { WorkflowState } from "../../../src/model/workflowState.js";

/** The extension under test, active. */
export async function daggr(): Promise<DaggrExtension> {
  const extension = vscode.extensions.getExtension<DaggrExtension>("daggr.daggr-vscode");
  assert.ok(extension, "VS Code does not know daggr.daggr-vscode");
  return extension.activate();
}

/** Absolute path of a file in the workspace, a copy of the samples. */
export function inWorkspace(name: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "The suite runs in a folder.");
  return join(folder.uri.fsPath, name);
}

/** Writes a file into the workspace and shows it. */
export async function openFile(name: string, text?: string): Promise<vscode.TextEditor> {
  const file = inWorkspace(name);
  if (text !== undefined) writeFileSync(file, text);
  return vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: vscode.ViewColumn.One });
}

/** Asks again and again until there is an answer that isn't `undefined`, `null` or `false`. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  { within = 20_000 } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + within;
  for (;;) {
    const answer = await ask();
    // The loop goes on for the values that the type leaves out.
    if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    if (Date.now() > end) assert.fail(`Not within ${within / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The state of an open workflow once it satisfies a condition. */
export async function stateWhere(
  file: string,
  what: string,
  holds: (state: WorkflowState) => boolean,
): Promise<WorkflowState> {
  const { state } = await daggr();
  return eventually(what, () => {
    const now = state(file);
    return now !== null && holds(now) && now;
  });
}

/** The titles of the lenses over a line (from 0) of a document, left to right; all of the document's without a line. */
export async function lensTitles(uri: vscode.Uri, line?: number): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
  return lenses
    .filter((lens) => line === undefined || lens.range.start.line === line)
    .flatMap(({ command }) => command?.title ?? []);
}

/** The line (from 0) on which a text stands. */
export function lineOf(document: vscode.TextDocument, text: string): number {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `The document does not hold ${text}`);
  return document.positionAt(offset).line;
}
