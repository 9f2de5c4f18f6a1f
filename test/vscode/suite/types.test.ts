import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { describe, it } from "mocha";
import * as vscode from "vscode";

/** Asks again until there is an answer: the language service loads in its own time and announces nothing. */
async function eventually<T>(ask: () => PromiseLike<T | undefined>, seconds = 25): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await delay(200)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`No answer within ${seconds} s.`);
}

async function openWorkflow(name: string, text: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "the suite runs in a folder");
  const uri = vscode.Uri.joinPath(folder.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

describe('import … from "daggr" with nothing installed in the workspace', () => {
  it("has types: hovering tells what a Graph is", async () => {
    const text = 'import { Graph, gr } from "daggr";\nconst a = gr.Textbox({ label: "A" });\nexport { Graph, a };\n';
    const document = await openWorkflow("types-hover.daggr.ts", text);
    const hover = await eventually(async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        new vscode.Position(0, 10),
      );
      const shown = hovers
        .flatMap(({ contents }) => contents)
        .map((part) => (part instanceof vscode.MarkdownString ? part.value : ""));
      return shown.find((part) => part.includes("Graph"));
    });
    assert.match(hover, /class Graph/);
  });

  it("marks an option that a component does not have", async () => {
    const text = 'import { gr } from "daggr";\nexport const a = gr.Textbox({ lable: "A" });\n';
    const document = await openWorkflow("types-error.daggr.ts", text);
    const problem = await eventually(() =>
      Promise.resolve(vscode.languages.getDiagnostics(document.uri).find(({ source }) => source === "ts")),
    );
    assert.match(problem.message, /lable/);
  });
});
