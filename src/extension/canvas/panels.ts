import * as vscode from "vscode";
import type { NodeId } from "../../model/graph.js";
import { type Disposable, Listeners } from "../disposable.js";
import { isInside, isWorkflowFile } from "../workflowFile.js";
import { CANVAS, CanvasPanel, type CanvasPanelParts, canvasOptions } from "./panel.js";

/** All canvases that are open: one a workflow. */
export class CanvasPanels implements vscode.Disposable {
  readonly #parts: CanvasPanelParts;
  readonly #memory: vscode.Memento;
  readonly #panels = new Map<string, CanvasPanel>();
  readonly #activated = new Listeners<string>();
  /** A canvas was shown, or came to the front; its file. */
  readonly onDidShow: (listener: (file: string) => void) => Disposable = this.#activated.listen;

  /** @param memory of the workspace; see {@link remembered} */
  constructor(parts: CanvasPanelParts, memory: vscode.Memento) {
    this.#parts = parts;
    this.#memory = memory;
  }

  get(file: string): CanvasPanel | undefined {
    return this.#panels.get(file);
  }

  /** The file whose canvas has the focus. */
  active(): string | undefined {
    return [...this.#panels.values()].find(({ panel }) => panel.active)?.file;
  }

  files(): string[] {
    return [...this.#panels.keys()];
  }

  /** Opens the workflow's canvas or brings it to the front, and marks a node's card in it. */
  show(file: string, node?: NodeId, column?: vscode.ViewColumn): void {
    const open = this.#panels.get(file);
    if (open !== undefined) open.panel.reveal(column, true);
    else {
      const viewColumn = column ?? this.#column();
      // The first one beside the code has its group to itself: files that are opened while it has the focus go to the code.
      const alone = viewColumn === vscode.ViewColumn.Beside;
      const options = { ...canvasOptions(file, this.#parts.extensionUri), enableFindWidget: false };
      const where = { viewColumn, preserveFocus: !alone };
      this.adopt(file, vscode.window.createWebviewPanel(CANVAS, "Daggr", where, options));
      if (alone) void lockActiveGroup();
    }
    if (node !== undefined) this.get(file)?.mark(node, true);
    this.#activated.tell(file);
  }

  /** Makes a panel, new or kept over a reload of the window, the workflow's canvas. */
  adopt(file: string, panel: vscode.WebviewPanel): void {
    this.#panels.get(file)?.dispose();
    const canvas = new CanvasPanel(file, panel, this.#parts);
    this.#panels.set(file, canvas);
    void this.#memory.update(memoryKey(panel), file);
    panel.onDidDispose(() => {
      if (this.#panels.get(file) === canvas) this.#panels.delete(file);
      canvas.dispose();
    });
  }

  /** Where a new canvas goes: to the others, unless they share a group with the code; or else beside the code. */
  #column(): vscode.ViewColumn {
    const beside = vscode.workspace.getConfiguration("daggr").get<boolean>("graph.openBeside", true);
    if (!beside) return vscode.ViewColumn.Active;
    const code = vscode.window.activeTextEditor?.viewColumn;
    const others = [...this.#panels.values()].map(({ panel }) => panel.viewColumn);
    return others.find((column) => column !== undefined && column !== code) ?? vscode.ViewColumn.Beside;
  }

  /**
   * The file whose canvas had this panel's title last. The page remembers its file too, but in a browser VS Code keeps
   * what a page remembers only now and then: a window that is reloaded soon after the panel was opened has lost it.
   */
  remembered(panel: vscode.WebviewPanel): string | undefined {
    return this.#memory.get<string>(memoryKey(panel));
  }

  connection(problem: string | null): void {
    for (const panel of this.#panels.values()) panel.connection(problem);
  }

  /** Canvases go with their files: to the new name, or away. */
  renamed(from: string, to: string | null): void {
    for (const [file, canvas] of [...this.#panels]) {
      if (!isInside(file, from)) continue;
      const column = canvas.panel.viewColumn;
      const visible = canvas.panel.visible;
      canvas.dispose();
      if (to === null) continue;
      const moved = to + file.slice(from.length);
      this.#parts.views.rename(file, moved);
      if (visible && isWorkflowFile(moved)) this.show(moved, undefined, column);
    }
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }
}

async function lockActiveGroup(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.lockEditorGroup");
  await vscode.commands.executeCommand("workbench.action.focusPreviousGroup");
}

function memoryKey({ title }: vscode.WebviewPanel): string {
  return `canvas ${title}`;
}

/** Brings canvases back after the window was reloaded, and lets them follow their files. */
export function registerCanvasPanels(panels: CanvasPanels): vscode.Disposable {
  return vscode.Disposable.from(
    panels,
    vscode.window.registerWebviewPanelSerializer(CANVAS, {
      deserializeWebviewPanel(panel, state: unknown) {
        const told = typeof state === "object" && state !== null && "file" in state ? state.file : undefined;
        const file = told ?? panels.remembered(panel);
        if (typeof file === "string" && isWorkflowFile(file)) panels.adopt(file, panel);
        else panel.dispose();
        return Promise.resolve();
      },
    }),
    vscode.workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) panels.renamed(oldUri.fsPath, newUri.fsPath);
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const { fsPath } of files) panels.renamed(fsPath, null);
    }),
  );
}
