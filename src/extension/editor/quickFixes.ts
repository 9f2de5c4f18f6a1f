import * as vscode from "vscode";
import type { Workflows } from "../workflows.js";
import { toRange } from "./ranges.js";

/** The fixes that travel with analysis's findings, as quick fixes. */
export function registerQuickFixes(workflows: Workflows): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range, context) {
      const path = document.uri.fsPath;
      const findings = workflows
        .states()
        .flatMap(({ diagnostics }) => diagnostics)
        .filter((finding) => finding.range.file === path && toRange(finding.range).intersection(range) !== undefined);
      return findings.flatMap(({ code, message, fixes = [] }) =>
        fixes.map(({ title, edits }, index) => {
          const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
          action.edit = new vscode.WorkspaceEdit();
          for (const edit of edits)
            action.edit.replace(vscode.Uri.file(edit.range.file), toRange(edit.range), edit.newText);
          action.diagnostics = context.diagnostics.filter((shown) => shown.code === code && shown.message === message);
          action.isPreferred = index === 0;
          return action;
        }),
      );
    },
  };
  // Findings may lie in any module that a workflow is made of.
  const modules = { scheme: "file", language: "typescript" };
  return vscode.languages.registerCodeActionsProvider(modules, provider, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });
}
