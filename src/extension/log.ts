import * as vscode from "vscode";
import type { NodeId } from "../model/graph.js";
import type { RunSummary, WorkflowEvent } from "../model/workflowState.js";
import { logHeading, logLine, nodeLog, plainLog } from "./logText.js";
import { summaryText } from "./editor/status.js";
import type { Workflows } from "./workflows.js";

/** How a run ended, in the words that cards and lenses have for it. */
const ENDS: Readonly<Record<RunSummary["status"], string>> = {
  succeeded: "succeeded",
  failed: "failed",
  cancelled: "stopped",
};

/** The output channel "Daggr": what nodes write, as they write it, how runs end, and the engine's own complaints. */
export class Log implements vscode.Disposable {
  readonly #channel = vscode.window.createOutputChannel("Daggr", "log");
  /** Which node wrote last, so that a heading comes only where that changes. */
  #section = "";

  /** Puts text that belongs to no node. */
  write(text: string): void {
    this.#section = "";
    this.#channel.append(plainLog(text));
  }

  follow(file: string, event: WorkflowEvent): void {
    switch (event.type) {
      case "node-log": {
        const section = `${file}\n${event.node}`;
        if (this.#section !== section) this.#channel.appendLine(logHeading(file, event.node));
        this.#section = section;
        for (const line of event.lines) this.#channel.appendLine(logLine(line));
        return;
      }
      case "node-failed":
        this.#section = "";
        this.#channel.appendLine(logHeading(file, `${event.node} failed`));
        this.#channel.appendLine(plainLog(event.failure.stack ?? event.failure.message));
        return;
      case "finished":
        this.#section = "";
        this.#channel.appendLine(logHeading(file, `run ${ENDS[event.status]}: ${summaryText(event)}`));
        if (event.failure !== undefined) this.#channel.appendLine(plainLog(event.failure.message));
        return;
      default:
        return;
    }
  }

  /** Shows the channel; with a node, at that node's last execution. */
  show(workflows: Workflows, file?: string, node?: NodeId): void {
    const state = file === undefined ? null : workflows.state(file);
    if (state !== null && node !== undefined) this.write(`\n${nodeLog(state, node).join("\n")}\n`);
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}

export function registerLog(log: Log, workflows: Workflows): vscode.Disposable {
  return vscode.Disposable.from(
    workflows.onDidChange(({ file, event }) => {
      if (event !== null) log.follow(file, event);
    }),
  );
}
