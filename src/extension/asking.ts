import * as vscode from "vscode";
import type { NodeId } from "../model/graph.js";
import { nodeName } from "../model/nodeState.js";
import type { WorkflowEvent } from "../model/workflowState.js";
import { COMMANDS } from "./commands/ids.js";
import type { Disposable } from "./disposable.js";
import { workflowName } from "./workflowFile.js";
import type { Workflows } from "./workflows.js";

/** Tells whoever looks elsewhere that a run waits for them, once each time a node asks. */
export function registerAsking(workflows: Workflows): Disposable {
  /** Which nodes have been told of, by file. */
  const told = new Map<string, Set<NodeId>>();
  return workflows.onDidChange(({ file, state, event }) => {
    if (event?.type === "finished") told.delete(file);
    if (!event || !("node" in event)) return;
    const { node } = event;
    const nodes = told.get(file) ?? new Set<NodeId>();
    if (!isAsking(event)) {
      if (event.type !== "node-progress" && event.type !== "node-log") nodes.delete(node);
      return;
    }
    if (nodes.has(node)) return;
    told.set(file, nodes.add(node));
    void tell(file, node, nodeName(state, node));
  });
}

/** Items of a node that runs once an item ask without an event each. */
function isAsking(event: WorkflowEvent): boolean {
  return event.type === "node-asks" || (event.type === "node-progress" && (event.progress.items?.asking ?? 0) > 0);
}

async function tell(file: string, node: NodeId, name: string): Promise<void> {
  const choice = await vscode.window.showInformationMessage(`${workflowName(file)}: ${name} waits for you.`, "Show");
  if (choice === "Show") await vscode.commands.executeCommand(COMMANDS.openGraph, { file, node });
}
