import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { workflowTemplate } from "../../../src/extension/commands/workflowTemplate.js";
import { daggr, eventually, inWorkspace, openFile, stateWhere } from "./workspace.js";

const slow = `import { FnNode, Graph, gr } from "daggr";
import { existsSync } from "node:fs";

async function wait({ file }: { file: string }) {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
  return "done";
}

const waiting = new FnNode(wait, {
  inputs: { file: GATE },
  outputs: { text: gr.Textbox() },
});

export default new Graph({ name: "Slow", nodes: [waiting] });
`;

function canvasTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("daggr.canvas"));
}

async function ready(file: string): Promise<void> {
  const { readyCanvases } = await daggr();
  await eventually(`the canvas of ${file}`, () => readyCanvases().includes(file));
}

describe("the canvas", () => {
  it("opens beside the code, one a workflow", async () => {
    const file = inWorkspace("panel.daggr.ts");
    await openFile("panel.daggr.ts", workflowTemplate("panel"));
    await vscode.commands.executeCommand("daggr.openGraph", { file });
    await ready(file);
    await vscode.commands.executeCommand("daggr.openGraph", vscode.Uri.file(file));
    assert.equal(canvasTabs().length, 1);
    assert.equal(canvasTabs()[0]!.group.viewColumn, vscode.ViewColumn.Two);
    await eventually("the editor has the focus", () => vscode.window.activeTextEditor?.document.uri.fsPath === file);
  });

  it("stays open for two workflows at a time", async () => {
    const file = inWorkspace("01-landscape.daggr.ts");
    await openFile("01-landscape.daggr.ts");
    await vscode.commands.executeCommand("daggr.openGraph");
    await ready(file);
    assert.equal(canvasTabs().length, 2);
  });

  it("may be closed during a run, which goes on and is there when it opens again", async () => {
    const file = inWorkspace("slow.daggr.ts");
    const gate = inWorkspace("gate.txt");
    await openFile("slow.daggr.ts", slow.replace("GATE", JSON.stringify(gate)));
    await vscode.commands.executeCommand("daggr.openGraph", { file });
    await ready(file);
    const run = vscode.commands.executeCommand("daggr.runNode", { file, node: "waiting" });
    await stateWhere(file, "running", ({ nodes }) => nodes.waiting?.activity.kind === "running");
    await vscode.window.tabGroups.close(canvasTabs().filter(({ label }) => label.startsWith("slow")));
    const { readyCanvases } = await daggr();
    await eventually("the canvas is gone", () => !readyCanvases().includes(file));
    await vscode.commands.executeCommand("daggr.openGraph", { file });
    await ready(file);
    const still = await stateWhere(file, "still running", ({ nodes }) => nodes.waiting?.activity.kind === "running");
    assert.notEqual(still.run, null);
    await vscode.workspace.fs.writeFile(vscode.Uri.file(gate), Buffer.from("open"));
    await run;
    await stateWhere(file, "its result", ({ nodes }) => nodes.waiting?.result != null);
  });

  it("stops what runs", async () => {
    const file = inWorkspace("slow.daggr.ts");
    await vscode.workspace.fs.delete(vscode.Uri.file(inWorkspace("gate.txt")));
    const run = vscode.commands.executeCommand("daggr.rerunNode", { file, node: "waiting" });
    await stateWhere(file, "running", ({ nodes }) => nodes.waiting?.activity.kind === "running");
    await vscode.commands.executeCommand("daggr.stop", { file });
    await run;
    await stateWhere(file, "stopped", ({ nodes }) => nodes.waiting?.outcome.kind === "cancelled");
  });

  it("goes with its file: to another name, and away", async () => {
    const from = vscode.Uri.file(inWorkspace("panel.daggr.ts"));
    const to = vscode.Uri.file(inWorkspace("renamed.daggr.ts"));
    await openFile("panel.daggr.ts");
    await vscode.commands.executeCommand("daggr.openGraph", { file: from.fsPath });
    await ready(from.fsPath);
    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(from, to);
    await vscode.workspace.applyEdit(rename);
    await ready(to.fsPath);
    const { readyCanvases } = await daggr();
    assert.ok(!readyCanvases().includes(from.fsPath));
    const remove = new vscode.WorkspaceEdit();
    remove.deleteFile(to);
    await vscode.workspace.applyEdit(remove);
    await eventually("the canvas is gone", () => !readyCanvases().includes(to.fsPath));
  });
});
