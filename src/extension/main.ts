import { join } from "node:path";
import type * as vscode from "vscode";
import type { WorkflowState } from "../model/workflowState.js";
import { canvasHost } from "./canvas/host.js";
import { KeptViews } from "./canvas/keptViews.js";
import type { CanvasPanel } from "./canvas/panel.js";
import { CanvasPanels, registerCanvasPanels } from "./canvas/panels.js";
import { graphCommands } from "./commands/graph.js";
import { newWorkflowCommand } from "./commands/newWorkflow.js";
import { registerCommands } from "./commands/register.js";
import { pinningCommands } from "./commands/pinning.js";
import { sheetCommands } from "./commands/sheets.js";
import { previewCommand } from "./commands/preview.js";
import { runCommands } from "./commands/running.js";
import { signInCommands } from "./commands/signIn.js";
import { Targets } from "./commands/target.js";
import { attachDebugger } from "./debugging.js";
import { registerAsking } from "./asking.js";
import { registerCodeLens } from "./editor/codeLens.js";
import { registerCursor } from "./editor/cursor.js";
import { registerDiagnostics } from "./editor/diagnostics.js";
import { registerHover } from "./editor/hover.js";
import { registerQuickFixes } from "./editor/quickFixes.js";
import { registerStatusBar } from "./editor/statusBar.js";
import { engineOptions, registerEngineOptions } from "./engineOptions.js";
import { EngineProcess } from "./engineProcess.js";
import { registerEngineWatch } from "./engineWatch.js";
import { LiveText } from "./liveText.js";
import { Log, registerLog } from "./log.js";
import { registerOpenDocuments } from "./openDocuments.js";
import { Running } from "./running.js";
import { followRenames, Sheets } from "./sheets.js";
import { SheetsInUse } from "./sheetsInUse.js";
import { Workflows } from "./workflows.js";

/** What `activate` answers: a look inside, for tests in a real VS Code. */
export interface DaggrExtension {
  /** What activation took by itself, ms. */
  readonly activationMs: number;
  /** The state of an open workflow, by absolute path. */
  readonly state: (file: string) => WorkflowState | null;
  /** Files whose canvas has its snapshot. */
  readonly readyCanvases: () => string[];
  readonly enginePid: () => number | undefined;
}

let engine: EngineProcess | undefined;

export function activate(context: vscode.ExtensionContext): DaggrExtension {
  const started = performance.now();
  const { secrets, extensionUri, extensionPath, subscriptions } = context;
  let problem: string | null = null;

  const log = new Log();
  const engineProcess = new EngineProcess({
    entry: join(extensionPath, "dist", "engine.mjs"),
    events: {
      event: (file, sequence, event) => workflows.receive(file, sequence, event),
      debuggerReady: (file, address) => void attachDebugger(file, address, extensionPath),
    },
    options: () => engineOptions(secrets),
    onOutput: (text) => log.write(text),
  });
  engine = engineProcess;
  const inUse = new SheetsInUse(context.workspaceState);
  const workflows = new Workflows(engineProcess, (file) => inUse.get(file));
  const sheets = new Sheets({ engine: engineProcess, workflows, inUse });
  const liveText = new LiveText(engineProcess, workflows);
  const running = new Running(workflows, liveText, (file) => panels.get(file));
  const views = new KeptViews(context.workspaceState);
  const panelParts = {
    workflows,
    extensionUri,
    views,
    host: (panel: CanvasPanel) => canvasHost({ engine: engineProcess, workflows, running, sheets, views }, panel),
    problem: () => problem,
  };
  const panels: CanvasPanels = new CanvasPanels(panelParts, context.workspaceState);
  const targets = new Targets(workflows, panels);

  subscriptions.push(
    log,
    liveText,
    registerLog(log, workflows),
    registerEngineOptions(engineProcess, secrets),
    registerEngineWatch({
      engine: engineProcess,
      workflows,
      liveText,
      panels,
      log,
      setProblem: (now) => {
        problem = now;
      },
    }),
    registerCommands({
      ...runCommands(running, workflows, targets),
      ...previewCommand({ engine: engineProcess, workflows, running, panels, targets }),
      ...graphCommands({ engine: engineProcess, workflows, panels, targets, log }),
      ...pinningCommands({ engine: engineProcess, workflows, targets }),
      ...sheetCommands({ sheets, targets }),
      ...newWorkflowCommand(panels),
      ...signInCommands(secrets, engineProcess),
    }),
    registerCodeLens(workflows),
    registerDiagnostics(workflows),
    registerQuickFixes(workflows),
    registerHover(workflows),
    registerCursor(workflows, panels),
    registerStatusBar(workflows),
    registerAsking(workflows),
    registerCanvasPanels(panels),
    followRenames(inUse),
    registerOpenDocuments(workflows, liveText),
  );
  const activationMs = performance.now() - started;
  return {
    activationMs,
    state: (file) => workflows.state(file),
    readyCanvases: () => panels.files().filter((file) => panels.get(file)?.ready),
    enginePid: () => engineProcess.pid,
  };
}

/** Ends the engine and, through it, whatever it runs. VS Code waits for it, a few seconds. */
export async function deactivate(): Promise<void> {
  await engine?.end();
}
