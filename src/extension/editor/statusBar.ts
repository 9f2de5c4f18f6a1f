import * as vscode from "vscode";
import { coalesce } from "../coalesce.js";
import { COMMANDS, CONTEXT_KEYS } from "../commands/ids.js";
import { workflowName } from "../workflowFile.js";
import type { Workflows } from "../workflows.js";
import type { Notice } from "../../model/workflowState.js";
import { runningText } from "./statusBarText.js";

/** How long it stays in the status bar that a request has joined a run, ms. */
const SHOWN = 8000;

/** While something runs: how far it is, and Stop on click; and what became of a request that has no run of its own. */
export function registerStatusBar(workflows: Workflows): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("daggr.run", vscode.StatusBarAlignment.Left, 50);
  item.name = "Daggr Run";
  let running = false;
  const told = new Map<string, Notice>();
  const draw = (): void => {
    const states = workflows.states().filter(({ run }) => run !== null);
    if (running !== states.length > 0) {
      running = states.length > 0;
      void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.running, running);
    }
    const [first] = states;
    if (first === undefined) return item.hide();
    item.text = runningText(states);
    item.tooltip = `Daggr is running ${states.map(({ file }) => workflowName(file)).join(", ")}. Click to stop.`;
    item.command = {
      command: COMMANDS.stop,
      title: "Stop",
      // Of several, each has its own Stop in its file; here it means all.
      arguments: [states.length === 1 ? { file: first.file } : { all: true }],
    };
    item.show();
  };
  const drawSoon = coalesce(draw, 100);
  return vscode.Disposable.from(
    item,
    drawSoon,
    workflows.onDidChange(({ file, state, event }) => {
      if (event === null || state.run !== null || event.type === "finished") drawSoon();
      if (event?.type !== "notices-changed") return;
      // Gone and back where another request has joined.
      const joined = state.notices.find(({ id }) => id === "joined");
      if (joined && joined !== told.get(file))
        vscode.window.setStatusBarMessage(`$(info) ${joined.message.replaceAll("`", "")}`, SHOWN);
      if (joined) told.set(file, joined);
      else told.delete(file);
    }),
    workflows.onDidClose((file) => {
      told.delete(file);
      drawSoon();
    }),
  );
}
