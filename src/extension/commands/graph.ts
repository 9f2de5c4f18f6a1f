import * as vscode from "vscode";
import type { CanvasPanels } from "../canvas/panels.js";
import type { EngineClient } from "../engineProcess.js";
import type { Log } from "../log.js";
import { showFailure } from "../running.js";
import { workflowName } from "../workflowFile.js";
import type { Workflows } from "../workflows.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import { targetOf, type Targets } from "./target.js";

interface GraphCommandParts {
  readonly engine: EngineClient;
  readonly workflows: Workflows;
  readonly panels: CanvasPanels;
  readonly targets: Targets;
  readonly log: Log;
}

/** Looking at the graph, at its log, and forgetting its results. */
export function graphCommands({ engine, workflows, panels, targets, log }: GraphCommandParts) {
  return {
    [COMMANDS.openGraph]: (argument) => {
      const file = targets.file(argument);
      if (file !== undefined) panels.show(file, targetOf(argument)?.node);
    },
    [COMMANDS.showLog]: (argument) => log.show(workflows, targets.quietFile(argument), targetOf(argument)?.node),
    [COMMANDS.clearCache]: async (argument) => {
      const file = targets.file(argument);
      if (file === undefined) return;
      const node = targetOf(argument)?.node;
      const what = node === undefined ? `all results of ${workflowName(file)}` : `the results of ${node}`;
      const detail = "They will have to be computed again. Inputs that you typed are kept.";
      const sure = await vscode.window.showWarningMessage(`Forget ${what}?`, { modal: true, detail }, "Clear Cache");
      if (sure === undefined) return;
      const hold = workflows.hold(file);
      try {
        // An absent argument would arrive as null.
        const cleared = await engine.ask((remote) =>
          node === undefined ? remote.clearCache(file) : remote.clearCache(file, node),
        );
        if (!cleared.ok) return void showFailure(cleared.failure, { file });
        const count = cleared.value === 1 ? "1 result" : `${cleared.value} results`;
        vscode.window.setStatusBarMessage(`$(trash) Cleared ${count}.`, 5000);
      } finally {
        hold.dispose();
      }
    },
  } satisfies Partial<Handlers>;
}
