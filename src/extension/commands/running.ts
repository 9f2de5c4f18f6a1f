import type { RunRequest } from "../../model/plan.js";
import { rerunNode, RUN_ALL, RUN_STALE, runDownstream, runNode, runToHere } from "../../model/runRequest.js";
import type { NodeId } from "../../model/graph.js";
import * as vscode from "vscode";
import { refuseUntrusted, type Running } from "../running.js";
import type { Workflows } from "../workflows.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import { targetOf, type Targets } from "./target.js";

/** Running and stopping. */
export function runCommands(running: Running, workflows: Workflows, targets: Targets) {
  const onNode =
    (title: string, request: (node: NodeId) => RunRequest) =>
    async (argument: unknown): Promise<void> => {
      if (!vscode.workspace.isTrusted) return refuseUntrusted();
      const target = await targets.node(argument, title);
      if (target === undefined) return;
      await running.run(target.file, request(target.node));
    };
  const onGraph =
    (request: RunRequest) =>
    async (argument: unknown): Promise<void> => {
      const file = targets.file(argument);
      if (file !== undefined) await running.run(file, request);
    };

  return {
    [COMMANDS.runNode]: onNode("Run Node", runNode),
    [COMMANDS.rerunNode]: onNode("Rerun Node", rerunNode),
    [COMMANDS.runToHere]: onNode("Run to Here", runToHere),
    [COMMANDS.runDownstream]: onNode("Run Downstream", runDownstream),
    [COMMANDS.debugNode]: onNode("Debug Node", (node) => ({ ...rerunNode(node), debug: true })),
    [COMMANDS.runAll]: onGraph(RUN_ALL),
    [COMMANDS.runStale]: onGraph(RUN_STALE),
    [COMMANDS.stop]: async (argument) => {
      const target = targetOf(argument);
      if (target !== undefined) return running.stop(target.file, target.node);
      const file = isAll(argument) ? undefined : targets.quietFile(argument);
      const runs = workflows.states().filter(({ run }) => run !== null);
      if (runs.length === 0) return void vscode.window.setStatusBarMessage("Nothing is running.", 4000);
      return runs.some((state) => state.file === file) && file !== undefined ? running.stop(file) : running.stopAll();
    },
  } satisfies Partial<Handlers>;
}

/** The status bar's argument while several workflows run. */
function isAll(argument: unknown): boolean {
  return typeof argument === "object" && argument !== null && "all" in argument;
}
