import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { createBirpc, type BirpcReturn } from "birpc";
import * as vscode from "vscode";
import type { NodeId } from "../../model/graph.js";
import type { UnsentProblems } from "../../model/refusal.js";
import type { CanvasApi, CanvasHostApi } from "../../protocol/canvas.js";
import { workspaceRoots } from "../engineOptions.js";
import { isInside, storeFolder, topFolder, workflowName } from "../workflowFile.js";
import type { WorkflowChange, Workflows } from "../workflows.js";
import type { KeptViews } from "./keptViews.js";
import { canvasPage } from "./page.js";

export const CANVAS = "daggr.canvas";

export interface CanvasPanelParts {
  readonly workflows: Workflows;
  readonly extensionUri: vscode.Uri;
  readonly views: KeptViews;
  /** What the canvas may ask for, but for `ready`, which the panel answers. */
  readonly host: (panel: CanvasPanel) => Omit<CanvasHostApi, "ready">;
  /** Why the engine is down; `null`: it isn't. */
  readonly problem: () => string | null;
}

/** One workflow's canvas. Hidden, its page is gone; shown again, it asks for everything anew. */
export class CanvasPanel implements vscode.Disposable {
  readonly file: string;
  readonly panel: vscode.WebviewPanel;
  /** What the canvas's controls hold that cannot be sent: kept while the page is hidden, as the page itself does. */
  unsent: UnsentProblems = new Map();
  readonly #canvas: BirpcReturn<CanvasApi, CanvasHostApi>;
  readonly #subscriptions: vscode.Disposable;
  /** The page is there to listen. */
  #alive = false;
  /** The page has a snapshot, and events mean something to it. */
  #ready = false;
  #marked: NodeId | null = null;
  /** To be shown once the page is there. */
  #toShow: { readonly card: NodeId; readonly control: string } | null = null;

  constructor(file: string, panel: vscode.WebviewPanel, parts: CanvasPanelParts) {
    this.file = file;
    this.panel = panel;
    const { workflows, extensionUri } = parts;
    const { webview } = panel;
    const folder = vscode.Uri.joinPath(extensionUri, "dist", "webview");
    panel.title = `${workflowName(file)} graph`;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.svg");
    webview.options = canvasOptions(file, extensionUri);
    const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
    const host: CanvasHostApi = {
      ...parts.host(this),
      ready: async () => {
        this.#alive = true;
        this.#ready = false;
        this.connection(parts.problem() ?? workflows.failure(file)?.message ?? null);
        const snapshot = await workflows.snapshot(file);
        if (snapshot === null) throw new Error(`${file} was closed.`);
        this.#ready = true;
        // After the answer, so that the cards are there.
        setTimeout(() => {
          void this.#canvas.mark.asEvent(this.#marked, false);
          this.#showWanted();
        });
        return snapshot;
      },
    };
    const messages: vscode.Disposable[] = [];
    this.#canvas = createBirpc<CanvasApi, CanvasHostApi>(host, {
      post: (message) => webview.postMessage(message),
      on: (listener) => void messages.push(webview.onDidReceiveMessage(listener)),
      // What goes wrong while serving one call must not take the channel with it.
      onGeneralError: () => true,
      timeout: -1,
    });
    this.#subscriptions = vscode.Disposable.from(
      ...messages,
      workflows.hold(file),
      workflows.onDidChange((change) => this.#follow(change)),
      workflows.onDidFail((failed) => {
        if (failed.file === file) this.connection(failed.failure.message);
      }),
      panel.onDidChangeViewState(() => {
        if (panel.visible) return;
        this.#alive = false;
        this.#ready = false;
      }),
      { dispose: () => this.#canvas.$close() },
    );
    webview.html = canvasPage({
      nonce: randomUUID(),
      cspSource: webview.cspSource,
      worker: address("elk-worker.js"),
      start: address("start.js"),
      script: address("canvas.js"),
      shared: address("shared.js"),
      style: address("canvas.css"),
      file,
      title: panel.title,
      view: parts.views.get(file),
    });
  }

  /** The page is up and has its snapshot. */
  get ready(): boolean {
    return this.#ready;
  }

  /** The panel is in sight. */
  get visible(): boolean {
    return this.panel.visible;
  }

  /** An address under which the page can load a file of the store. */
  address(path: string): string {
    const { webview } = this.panel;
    const roots = webview.options.localResourceRoots ?? [];
    if (!roots.some(({ fsPath }) => isInside(path, fsPath))) {
      // A workflow that keeps nothing has its store in a temporary folder whose name nobody knows before. With other
      // options VS Code loads the page anew, which happens once, at the first file.
      this.#ready = false;
      const folder = vscode.Uri.file(topFolder(path, tmpdir()));
      webview.options = { ...webview.options, localResourceRoots: [...roots, folder] };
    }
    return webview.asWebviewUri(vscode.Uri.file(path)).toString();
  }

  /** Marks a node's card; `null`: none. */
  mark(node: NodeId | null, reveal: boolean): void {
    this.#marked = node;
    if (this.#ready) void this.#canvas.mark.asEvent(node, reveal);
  }

  /** Brings the panel to the front, and a control in it. */
  showControl(card: NodeId, control: string): void {
    this.#toShow = { card, control };
    this.panel.reveal(undefined, false);
    this.#showWanted();
  }

  connection(problem: string | null): void {
    if (this.#alive) void this.#canvas.connection.asEvent(problem);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.panel.dispose();
  }

  #showWanted(): void {
    if (!this.#ready || !this.#toShow) return;
    const { card, control } = this.#toShow;
    this.#toShow = null;
    void this.#canvas.showControl.asEvent(card, control);
  }

  #follow({ file, sequence, state, event }: WorkflowChange): void {
    if (file !== this.file || !this.#ready) return;
    // After a new snapshot any event will do: its number leaves a gap, and the page asks for everything.
    const told = event ?? ({ type: "notices-changed", notices: state.notices } as const);
    void this.#canvas.event.asEvent(sequence, told);
  }
}

/** What the page may load: its own files and the content of the workflow's store. */
export function canvasOptions(file: string, extensionUri: vscode.Uri): vscode.WebviewOptions {
  const roots = workspaceRoots();
  const stores = new Set([storeFolder(file, roots), storeFolder(file, []), ...roots.map((r) => storeFolder(r, roots))]);
  return {
    enableScripts: true,
    localResourceRoots: [
      vscode.Uri.joinPath(extensionUri, "dist", "webview"),
      ...[...stores].map((folder) => vscode.Uri.file(folder)),
    ],
  };
}
