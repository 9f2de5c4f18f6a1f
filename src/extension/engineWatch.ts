import * as vscode from "vscode";
import type { CanvasPanels } from "./canvas/panels.js";
import type { EngineCrash, EngineProcess } from "./engineProcess.js";
import type { LiveText } from "./liveText.js";
import type { Log } from "./log.js";
import { showFailure } from "./running.js";
import type { Workflows } from "./workflows.js";

/** After so many crashes within a minute the engine isn't started again by itself. */
const GIVE_UP = 3;

interface EngineWatchParts {
  readonly engine: EngineProcess;
  readonly workflows: Workflows;
  readonly liveText: LiveText;
  readonly panels: CanvasPanels;
  readonly log: Log;
  /** Why the engine is down, for whoever asks later; `null`: it isn't. */
  readonly setProblem: (problem: string | null) => void;
}

/** Starts the engine again after a crash and opens everything that was open in it, and says so. */
export function registerEngineWatch({ engine, workflows, liveText, panels, log, setProblem }: EngineWatchParts) {
  const connection = (problem: string | null): void => {
    setProblem(problem);
    panels.connection(problem);
  };
  const start = async (): Promise<void> => {
    liveText.resend();
    workflows.reopen();
    await Promise.all(workflows.files().map((file) => workflows.opened(file)));
    if (engine.running) connection(null);
  };
  const crashed = async ({ how, count }: EngineCrash): Promise<void> => {
    const lost = workflows.states().some(({ run }) => run !== null);
    log.write(`Daggr's engine stopped unexpectedly (${how}).\n`);
    connection("Daggr's engine stopped unexpectedly.");
    workflows.engineGone(how);
    if (workflows.files().length === 0) return;
    const consequence = lost ? " The run under way is lost; results made before are kept." : "";
    if (count < GIVE_UP) {
      void start();
      const message = `Daggr's engine stopped unexpectedly (${how}) and was started again.${consequence}`;
      const choice = await vscode.window.showWarningMessage(message, "Show Log");
      if (choice) log.show(workflows);
      return;
    }
    connection("Daggr's engine keeps stopping.");
    const message = `Daggr's engine keeps stopping (${how}).${consequence}`;
    const choice = await vscode.window.showErrorMessage(message, "Start Again", "Show Log");
    if (choice === "Start Again") await start();
    if (choice === "Show Log") log.show(workflows);
  };
  return vscode.Disposable.from(
    engine.onCrash((crash) => void crashed(crash)),
    workflows.onDidFail(({ file, failure }) => {
      // A crash has its own message.
      if (failure.reason !== "process-exited") void showFailure(failure, { file });
    }),
  );
}
