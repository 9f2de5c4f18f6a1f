import * as vscode from "vscode";
import { duration } from "../../model/duration.js";
import type { Plan, RunRequest } from "../../model/plan.js";
import { planSummary } from "../../model/planSummary.js";
import { RUN_ALL, RUN_STALE, runDownstream, runNode, runToHere } from "../../model/runRequest.js";
import type { NodeId } from "../../model/graph.js";
import type { CanvasPanels } from "../canvas/panels.js";
import { nodeAtCursor } from "../editor/cursor.js";
import type { EngineClient } from "../engineProcess.js";
import type { Running } from "../running.js";
import { workflowName } from "../workflowFile.js";
import type { Workflows } from "../workflows.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import { targetOf, type Targets } from "./target.js";

interface PreviewParts {
  readonly engine: EngineClient;
  readonly workflows: Workflows;
  readonly running: Running;
  readonly panels: CanvasPanels;
  readonly targets: Targets;
}

interface Way {
  readonly title: string;
  readonly request: RunRequest;
}

interface WayPick extends vscode.QuickPickItem {
  readonly way: Way;
  readonly plan: Plan;
}

interface StepPick extends vscode.QuickPickItem {
  /** `null`: run it. */
  readonly node: NodeId | null;
}

/** Looking at what a run would do, and why, before it is asked for. */
export function previewCommand({ engine, workflows, running, panels, targets }: PreviewParts) {
  return {
    [COMMANDS.previewRun]: async (argument) => {
      const file = targets.file(argument);
      if (file === undefined) return;
      const hold = workflows.hold(file);
      try {
        await workflows.opened(file);
        const node = targetOf(argument)?.node ?? nodeAtCursor(workflows, file);
        const ways: Way[] = [
          { title: "Run All", request: RUN_ALL },
          { title: "Run Stale", request: RUN_STALE },
          ...(node === null
            ? []
            : [
                { title: `Run Node ${node}`, request: runNode(node) },
                { title: `Run to Here: ${node}`, request: runToHere(node) },
                { title: `Run Downstream of ${node}`, request: runDownstream(node) },
              ]),
        ];
        const picks = await Promise.all(
          ways.map(async (way): Promise<WayPick[]> => {
            const plan = await engine.ask((remote) => remote.preview(file, way.request));
            return plan.ok ? [{ label: way.title, description: planSummary(plan.value), way, plan: plan.value }] : [];
          }),
        );
        const name = workflowName(file);
        const chosen = await vscode.window.showQuickPick(picks.flat(), { title: `${name}: what would run` });
        if (!chosen) return;
        const { way, plan } = chosen;
        const step = await vscode.window.showQuickPick(stepPicks(way, plan), {
          title: `${name}: ${way.title}`,
          placeHolder: planSummary(plan),
          matchOnDetail: true,
        });
        if (!step) return;
        if (step.node === null) await running.run(file, way.request);
        else panels.show(file, step.node);
      } finally {
        hold.dispose();
      }
    },
  } satisfies Partial<Handlers>;
}

function stepPicks({ title }: Way, { steps, blocked = [] }: Plan): StepPick[] {
  const icons = { run: "$(play)", "run-if-changed": "$(question)", reuse: "$(check)" } as const;
  const words = { run: "will run", "run-if-changed": "may run", reuse: "reused" } as const;
  return [
    ...(steps.length > 0 ? [{ label: `$(run-all) ${title}`, node: null }] : []),
    { label: "Shows the card", kind: vscode.QuickPickItemKind.Separator, node: null },
    ...steps.map(({ node, action, reason, expectedMs }) => ({
      label: `${icons[action]} ${node}`,
      description: words[action] + (expectedMs === undefined ? "" : ` · ${duration(expectedMs)} last time`),
      detail: reason.replaceAll("`", ""),
      node,
    })),
    ...blocked.map(({ node, failure }) => ({
      label: `$(error) ${node}`,
      description: "can't run",
      detail: failure.message.replaceAll("`", ""),
      node,
    })),
  ];
}
