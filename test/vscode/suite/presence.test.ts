import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("the extension in a real VS Code", () => {
  const extension = vscode.extensions.getExtension<unknown>("daggr.daggr-vscode");

  it("is there and activates", async () => {
    assert.ok(extension, "VS Code does not know daggr.daggr-vscode");
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("registers every command that its manifest contributes", async () => {
    assert.ok(extension);
    await extension.activate();
    const manifest = extension.packageJSON as Manifest; // its own package.json
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands
      .map(({ command }) => command)
      .filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it("works in a workspace that is trusted", () => {
    assert.equal(vscode.workspace.isTrusted, true);
  });
});
