/** The one module that knows where the webview lives: `acquireVsCodeApi`, its messages and its saved state. */
import { createBirpc } from "birpc";
import type { CanvasApi, CanvasHostApi } from "../../src/protocol/canvas.js";
import { arrangementOf, type SavedView } from "../state/savedView.js";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code hands the API out once per page. */
const vscode = acquireVsCodeApi();

let host: Pick<CanvasHostApi, "keepView"> | null = null;

// A panel that is opened anew begins as the last one on this file was left, which the page is given.
const kept = document.getElementById("app")?.dataset.view;
if (kept !== undefined && vscode.getState() === undefined) vscode.setState(JSON.parse(kept) as unknown);

/** Opens the channel to the extension: its calls arrive at `canvas`, ours go through what is returned. */
export function connectHost(canvas: CanvasApi): CanvasHostApi {
  const channel = createBirpc<CanvasHostApi, CanvasApi>(canvas, {
    post: (message) => vscode.postMessage(message),
    on: (receive) => window.addEventListener("message", (event: MessageEvent<unknown>) => receive(event.data)),
    timeout: -1,
  });
  host = channel;
  // birpc types every remote function as answering a promise; those that the protocol declares as `void` answer nothing.
  return channel;
}

/** What {@link saveState} was given last, in this panel or before the window was reloaded. */
export function readState(): unknown {
  return vscode.getState();
}

/** Kept by VS Code until the panel is closed; how things are arranged is kept by the extension beyond that. */
export function saveState(view: SavedView): void {
  vscode.setState(view);
  if (view.sheet !== undefined) host?.keepView(arrangementOf(view), view.sheet);
}
