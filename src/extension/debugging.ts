import * as vscode from "vscode";
import { workflowName } from "./workflowFile.js";

/** Attaches VS Code's debugger to a runner that waits for it. */
export async function attachDebugger(file: string, address: string, extensionPath: string): Promise<void> {
  const { hostname, port } = new URL(address);
  const attached = await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)), {
    type: "node",
    request: "attach",
    name: `Daggr: ${workflowName(file)}`,
    address: hostname,
    port: Number(port),
    websocketAddress: address,
    // The runner stops before the first line; going on is the user's breakpoints' business.
    continueOnAttach: true,
    skipFiles: ["<node_internals>/**", `${extensionPath}/dist/**`],
  });
  if (!attached)
    void vscode.window.showErrorMessage("The debugger could not attach to the node's process. Stop the run to end it.");
}
