import { extname, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { Failure } from "../../model/failure.js";
import type { CanvasHostApi, SheetQuestion } from "../../protocol/canvas.js";
import { COMMANDS, type CommandId, type CommandTarget, MANAGE_TRUST } from "../commands/ids.js";
import { toRange } from "../editor/ranges.js";
import type { EngineClient } from "../engineProcess.js";
import { type Running, showFailure } from "../running.js";
import type { Sheets } from "../sheets.js";
import type { Workflows } from "../workflows.js";
import { mayOpen } from "./externalAddress.js";
import type { KeptViews } from "./keptViews.js";
import type { CanvasPanel } from "./panel.js";

export interface CanvasHostParts {
  readonly engine: EngineClient;
  readonly workflows: Workflows;
  readonly running: Running;
  readonly sheets: Sheets;
  readonly views: KeptViews;
}

const SHEET_COMMANDS: Readonly<Record<SheetQuestion, CommandId>> = {
  new: COMMANDS.newSheet,
  duplicate: COMMANDS.duplicateSheet,
  rename: COMMANDS.renameSheet,
  reset: COMMANDS.resetSheet,
  delete: COMMANDS.deleteSheet,
  restore: COMMANDS.restoreSheet,
};

/** What a canvas may ask of VS Code and the engine. No call throws: what goes wrong is shown to the user. */
export function canvasHost(
  { engine, workflows, running, sheets, views }: CanvasHostParts,
  canvas: CanvasPanel,
): Omit<CanvasHostApi, "ready"> {
  const { file, panel } = canvas;
  const command = (id: string, target?: CommandTarget): void => void vscode.commands.executeCommand(id, target);
  const about = (node?: string | null): CommandTarget => ({ file, ...(node != null && { node }) });
  const refuse = (failure: Failure): null => {
    void showFailure(failure, { file });
    return null;
  };
  const pathOf: (ref: Parameters<CanvasHostApi["fileUri"]>[0]) => Promise<vscode.Uri | null> = async (ref) => {
    const path = await engine.ask((remote) => remote.filePath(file, ref));
    return path.ok ? vscode.Uri.file(path.value) : refuse(path.failure);
  };

  return {
    run: (request) => running.run(file, request),
    plan: async (request) => {
      // Asked for by pointing at something: no message of its own.
      const plan = await engine.ask((remote) => remote.preview(file, request));
      return plan.ok ? plan.value : null;
    },
    // Absent arguments arrive as null.
    stop: (node) => void running.stop(file, node ?? undefined),
    setInput: async (control, value, sheet) => {
      const result = await engine.ask((remote) => remote.setInput(file, control, value, sheet));
      if (!result.ok) refuse(result.failure);
    },
    importFile: async (name, bytes) => {
      const result = await engine.ask((remote) => remote.importFile(file, { name, bytes: new Uint8Array(bytes) }));
      return result.ok ? result.value : refuse(result.failure);
    },
    fileUri: async (ref) => {
      const path = await engine.ask((remote) => remote.filePath(file, ref));
      // The card says that the content is gone; a message for every picture would be too much.
      return path.ok ? canvas.address(path.value) : null;
    },
    answer: async (node, item, answer) => {
      const given = await engine.ask((remote) => remote.answer(file, node, item, answer));
      if (!given.ok) refuse(given.failure);
      return given.ok;
    },
    items: async (node, from, count) => {
      const page = await engine.ask((remote) => remote.items(file, node, from, count));
      return page.ok ? page.value : null;
    },
    readValue: async (value) => {
      const result = await engine.ask((remote) => remote.readValue(file, value));
      return result.ok ? result.value : null;
    },
    saveFile: (ref) =>
      void save(file, ref.name, async (to) => {
        const from = await pathOf(ref);
        if (from !== null) await vscode.workspace.fs.copy(from, to, { overwrite: true });
      }),
    saveText: (name, text) => void save(file, name, (to) => vscode.workspace.fs.writeFile(to, Buffer.from(text))),
    copy: (text) => void vscode.env.clipboard.writeText(text),
    openSource: (range) => {
      const uri = vscode.Uri.file(range.file);
      const selection = toRange({ ...range, end: range.start });
      void vscode.window
        .showTextDocument(uri, { viewColumn: columnFor(uri, panel), selection })
        .then(undefined, () => vscode.window.showErrorMessage(`${uri.fsPath} could not be opened.`));
    },
    openExternal: (address) => {
      if (mayOpen(address)) void vscode.env.openExternal(vscode.Uri.parse(address, true));
    },
    showLog: (node) => command(COMMANDS.showLog, about(node)),
    manageTrust: () => command(MANAGE_TRUST),
    newWorkflow: () => command(COMMANDS.newWorkflow),
    signIn: () => command(COMMANDS.signIn),
    clearCache: (node) => command(COMMANDS.clearCache, about(node)),
    pin: (node, on) => command(on ? COMMANDS.pinOutputs : COMMANDS.unpinOutputs, about(node)),
    keepView: (view, sheet) => {
      views.keep(file, view);
      engine.tell((remote) => remote.keepView(file, sheet, view));
    },
    changeSheets: (change) => sheets.change(file, change),
    // Which one to restore is asked.
    askSheets: (question, sheet) =>
      command(SHEET_COMMANDS[question], question === "restore" ? about() : { file, sheet }),
    unsent: (problems) => {
      canvas.unsent = new Map(Object.entries(problems).map(([control, problem]) => [control, { problem }]));
    },
    selected: (node) => {
      const range = workflows.state(file)?.graph?.nodes.find(({ id }) => id === node)?.range;
      if (range === undefined) return;
      const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === range.file);
      // Its beginning alone: a long line would be scrolled to the side.
      const { start } = toRange(range);
      editor?.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    },
  };
}

async function save(file: string, name: string, write: (to: vscode.Uri) => Thenable<void>): Promise<void> {
  const extension = extname(name).slice(1);
  const to = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(dirname(file), name)),
    ...(extension && { filters: { [extension.toUpperCase()]: [extension], "All files": ["*"] } }),
  });
  if (to === undefined) return;
  try {
    await write(to);
  } catch (error) {
    void vscode.window.showErrorMessage(`${to.fsPath} could not be saved: ${String(error)}`);
  }
}

/** Where the file is open already, or else a column that isn't the canvas's own. */
function columnFor(uri: vscode.Uri, panel: vscode.WebviewPanel): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === uri.fsPath);
  if (shown?.viewColumn !== undefined) return shown.viewColumn;
  return panel.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One;
}
