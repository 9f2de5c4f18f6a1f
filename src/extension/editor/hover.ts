import * as vscode from "vscode";
import type { Workflows } from "../workflows.js";
import { hoverText } from "./hoverText.js";
import { toRange } from "./ranges.js";
import { workflowDocuments } from "./selector.js";

/** How a node stands, over its name where it is declared. */
export function registerHover(workflows: Workflows): vscode.Disposable {
  return vscode.languages.registerHoverProvider(workflowDocuments, {
    provideHover(document, position) {
      const path = document.uri.fsPath;
      const state = workflows.state(path);
      if (state === null || state.graphStatus === "last-good") return undefined;
      const node = state.graph?.nodes.find(
        ({ nameRange }) => nameRange?.file === path && toRange(nameRange).contains(position),
      );
      if (node?.nameRange === undefined) return undefined;
      const text = new vscode.MarkdownString(hoverText(state, node, Date.now()));
      return new vscode.Hover(text, toRange(node.nameRange));
    },
  });
}
