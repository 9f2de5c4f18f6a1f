import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { workflowTemplate } from "../../../src/extension/commands/workflowTemplate.js";
import { daggr, eventually, inWorkspace, openFile, stateWhere } from "./workspace.js";

describe("the engine behind the extension", () => {
  it("stays out of activation, which loads neither compiler nor store", async function () {
    const { activationMs } = await daggr();
    // Told, not judged: how long anything takes on a shared machine says little about the code. The aim is 30 ms.
    this.test!.title += ` (it took ${activationMs.toFixed(1)} ms)`;
    const { extensionPath } = vscode.extensions.getExtension("daggr.daggr-vscode")!;
    const bundle = readFileSync(`${extensionPath}/dist/extension.cjs`, "utf8");
    for (const foreign of ["createSourceFile", "ts-morph", "src/store/", "src/analysis/"])
      assert.ok(!bundle.includes(foreign), `the extension's bundle holds ${foreign}`);
  });

  it("is started again after a crash, with everything that was open and all results", async () => {
    const file = inWorkspace("survivor.daggr.ts");
    await openFile("survivor.daggr.ts", workflowTemplate("survivor"));
    await stateWhere(file, "its graph", ({ graph }) => graph !== null);
    await vscode.commands.executeCommand("daggr.runAll", { file });
    await stateWhere(file, "a result", ({ nodes }) => nodes.summary?.result != null);
    const { enginePid, state } = await daggr();
    const before = enginePid();
    assert.ok(before !== undefined);
    process.kill(before, "SIGKILL");
    await eventually("another engine", () => enginePid() !== undefined && enginePid() !== before);
    await eventually("the result from before", () => state(file)?.nodes.summary?.freshness.kind === "fresh");
    await vscode.commands.executeCommand("daggr.runAll", { file });
    const after = await stateWhere(file, "the end of a run", ({ lastRun, run }) => run === null && lastRun !== null);
    assert.equal(after.lastRun?.executed, 0);
  });
});
