import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, inWorkspace, lensTitles, lineOf, openFile, stateWhere } from "./workspace.js";

const misspelt = `import { FnNode, Graph, gr } from "daggr";

const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  inputs: { text: gr.Textbox({ value: "hello" }) },
  outputs: { louder: gr.Textbox() },
});

const twice = new FnNode(({ text }: { text: string }) => text + text, {
  inputs: { text: shout.lauder },
  outputs: { text: gr.Textbox() },
});

export default new Graph({ name: "Misspelt", nodes: [twice] });
`;

async function findings(uri: vscode.Uri, source = "daggr"): Promise<vscode.Diagnostic[]> {
  return Promise.resolve(vscode.languages.getDiagnostics(uri).filter((found) => found.source === source));
}

describe("the editor", () => {
  it("shows lenses over every node and over the graph of a sample", async () => {
    const { document } = await openFile("01-landscape.daggr.ts");
    const { graph } = await stateWhere(document.uri.fsPath, "the graph of the sample", (state) => state.graph !== null);
    const runnable = graph!.nodes.filter(({ kind, range }) => kind !== "input" && range?.file === document.uri.fsPath);
    assert.ok(runnable.length >= 2);
    for (const { range } of runnable)
      assert.deepEqual((await lensTitles(document.uri, range!.start.line - 1)).slice(0, 2), [
        "▷ Run node",
        "Run to here",
      ]);
    const titles = await lensTitles(document.uri, lineOf(document, "new Graph("));
    assert.deepEqual(titles.slice(0, 2), ["Open graph", "▷ Run all"]);
  });

  it("tells what is wrong in a file, and mends it by a quick fix", async () => {
    const { document } = await openFile("misspelt.daggr.ts", misspelt);
    const found = await eventually("a finding about lauder", async () =>
      (await findings(document.uri)).find(({ message }) => message.includes("lauder")),
    );
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(found.range.start.line, lineOf(document, "lauder"));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      found.range,
    );
    const fix = actions.find(({ title, edit }) => edit && title.includes("louder"));
    assert.ok(fix?.edit, `no fix among ${actions.map(({ title }) => title).join(", ")}`);
    await vscode.workspace.applyEdit(fix.edit);
    assert.ok(document.getText().includes("text: shout.louder"));
    await eventually("no finding any more", async () => (await findings(document.uri)).length === 0);
    assert.equal(document.isDirty, true, "analysis follows the buffer, not the disk");
    await document.save();
  });

  it("follows unsaved text, and keeps the last good graph while it does not parse", async () => {
    const { document } = await openFile("misspelt.daggr.ts");
    const file = inWorkspace("misspelt.daggr.ts");
    await stateWhere(file, "two nodes", ({ graph }) => graph?.nodes.length === 2);
    const rename = new vscode.WorkspaceEdit();
    rename.insert(document.uri, new vscode.Position(0, 0), "const = ((( ;\n\n");
    await vscode.workspace.applyEdit(rename);
    const broken = await stateWhere(file, "the graph from before", (state) => state.graphStatus === "last-good");
    assert.equal(broken.graph?.nodes.length, 2);
    const titles = await lensTitles(document.uri, lineOf(document, "const twice"));
    assert.equal(titles[0], "▷ Run node", "lenses stay with their declarations");
    await vscode.commands.executeCommand("undo");
    await stateWhere(file, "the current graph", (state) => state.graphStatus === "current");
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("hovers over a node's name", async () => {
    const { document } = await openFile("misspelt.daggr.ts");
    await stateWhere(document.uri.fsPath, "the graph", ({ graphStatus }) => graphStatus === "current");
    const position = document.positionAt(document.getText().indexOf("twice"));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      position,
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.flatMap((part) => (part instanceof vscode.MarkdownString ? part.value : [])),
    );
    assert.ok(
      texts.some((text) => text.startsWith("**Daggr**")),
      texts.join("\n"),
    );
  });
});
