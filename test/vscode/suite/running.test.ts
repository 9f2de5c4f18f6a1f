import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { workflowTemplate } from "../../../src/extension/commands/workflowTemplate.js";
import { eventually, inWorkspace, lensTitles, lineOf, openFile, stateWhere } from "./workspace.js";

const isOfRun = ({ source }: vscode.Diagnostic): boolean => source === "daggr run";

const failing = `import { FnNode, Graph, gr } from "daggr";

function fail({ text }: { text: string }) {
  console.warn("about to fail with " + text);
  throw new Error("no paint left");
}

const broken = new FnNode(fail, {
  inputs: { text: gr.Textbox({ value: "hello" }) },
  outputs: { text: gr.Textbox() },
});

export default new Graph({ name: "Failing", nodes: [broken] });
`;

describe("running by command", () => {
  const file = inWorkspace("words.daggr.ts");

  it("runs a new workflow's node, and only what it needs", async () => {
    // Results are found by what they were made of: not by the name of the workflow, which other tests use too.
    await openFile("words.daggr.ts", workflowTemplate("words").replace("quick brown", "slow grey"));
    await stateWhere(file, "its graph", ({ graph }) => graph?.nodes.length === 2);
    await vscode.commands.executeCommand("daggr.runNode", { file, node: "counts" });
    const { nodes } = await stateWhere(file, "a result", (state) => state.nodes.counts?.result != null);
    const stored = nodes.counts!.result!.outputs.counts;
    assert.equal(stored?.kind, "inline");
    assert.equal((stored.value as Record<string, number>).the, 3);
    assert.equal(nodes.counts!.freshness.kind, "fresh");
    assert.equal(nodes.summary?.result ?? null, null);
  });

  it("shows the result over the node", async () => {
    const { document } = await openFile("words.daggr.ts");
    const titles = await lensTitles(document.uri, lineOf(document, "const counts = new"));
    assert.match(titles.at(-1) ?? "", /^✓ /);
  });

  it("runs the rest with Run All, and nothing at all a second time", async () => {
    await vscode.commands.executeCommand("daggr.runAll", { file });
    const first = await stateWhere(file, "the end", ({ lastRun, run }) => run === null && lastRun !== null);
    assert.deepEqual([first.lastRun?.executed, first.lastRun?.reused], [1, 1]);
    await vscode.commands.executeCommand("daggr.runAll", { file });
    const second = await stateWhere(file, "the end", ({ run }) => run === null);
    assert.equal(second.lastRun?.executed, 0);
  });

  it("executes again with Rerun Node", async () => {
    const before = (await stateWhere(file, "it is open", () => true)).nodes.counts!.count;
    await vscode.commands.executeCommand("daggr.rerunNode", { file, node: "counts" });
    await stateWhere(file, "one more execution", ({ nodes }) => nodes.counts?.count === before + 1);
  });

  it("saves the file before it runs, and says what a change has made stale", async () => {
    const { document } = await openFile("words.daggr.ts");
    const edit = new vscode.WorkspaceEdit();
    const offset = document.getText().indexOf(".slice(0, top)");
    edit.insert(document.uri, document.positionAt(offset), ".reverse()");
    await vscode.workspace.applyEdit(edit);
    await stateWhere(file, "stale", ({ nodes }) => nodes.summary?.freshness.kind === "stale");
    const titles = await eventually("a lens that says so", async () => {
      const now = await lensTitles(document.uri, lineOf(document, "const summary = new"));
      return now.at(-1)?.startsWith("◌ stale: ") && now;
    });
    assert.match(titles.at(-1)!, /code/);
    await vscode.commands.executeCommand("daggr.runNode", { file, node: "summary" });
    assert.equal(document.isDirty, false);
    await stateWhere(file, "fresh", ({ nodes }) => nodes.summary?.freshness.kind === "fresh");
  });

  it("shows a failure where it happened, and takes it away with the next run", async () => {
    const path = inWorkspace("failing.daggr.ts");
    const { document } = await openFile("failing.daggr.ts", failing);
    await stateWhere(path, "its graph", ({ graph }) => graph?.nodes.length === 1);
    await vscode.commands.executeCommand("daggr.runNode", { file: path, node: "broken" });
    const problem = await eventually("a problem", () => vscode.languages.getDiagnostics(document.uri).find(isOfRun));
    assert.match(problem.message, /no paint left/);
    assert.equal(problem.range.start.line, lineOf(document, "throw new Error"));
    const titles = await lensTitles(document.uri, lineOf(document, "const broken = new"));
    assert.equal(titles.at(-1), "✕ failed");
    const { nodes } = await stateWhere(path, "its log", (state) => (state.nodes.broken?.log.length ?? 0) > 0);
    assert.equal(nodes.broken!.log[0]!.text.trim(), "about to fail with hello");

    const mend = new vscode.WorkspaceEdit();
    const line = document.lineAt(lineOf(document, "throw new Error"));
    mend.replace(document.uri, line.range, "  return text;");
    await vscode.workspace.applyEdit(mend);
    await vscode.commands.executeCommand("daggr.runNode", { file: path, node: "broken" });
    const after = await stateWhere(path, "the end", ({ run }) => run === null);
    assert.equal(after.nodes.broken?.outcome.kind, "succeeded", JSON.stringify(after.nodes.broken));
    const left = vscode.languages.getDiagnostics(document.uri).filter(isOfRun);
    assert.deepEqual(left, []);

    // What is pinned isn't run, so its failure is no problem any more.
    const spoil = new vscode.WorkspaceEdit();
    spoil.replace(document.uri, document.lineAt(line.lineNumber).range, '  throw new Error("no brush either");');
    await vscode.workspace.applyEdit(spoil);
    await vscode.commands.executeCommand("daggr.runNode", { file: path, node: "broken" });
    await eventually("the next problem", () => vscode.languages.getDiagnostics(document.uri).some(isOfRun));
    await vscode.commands.executeCommand("daggr.pinOutputs", { file: path, node: "broken" });
    await eventually("no problem", () => !vscode.languages.getDiagnostics(document.uri).some(isOfRun));
  });
});
