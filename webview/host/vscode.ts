/** The one module that knows where the webview lives: `acquireVsCodeApi`, its messages and its saved state. */
import { createBirpc } from "birpc";
import type { CanvasApi, CanvasHostApi } from "../../src/protocol/canvas.js";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code hands the API out once per page. */
const vscode = acquireVsCodeApi();

/** Opens the channel to the extension: its calls arrive at `canvas`, ours go through what is returned. */
export function connectHost(canvas: CanvasApi): CanvasHostApi {
  const channel = createBirpc<CanvasHostApi, CanvasApi>(canvas, {
    post: (message) => vscode.postMessage(message),
    on: (receive) => window.addEventListener("message", (event: MessageEvent<unknown>) => receive(event.data)),
    timeout: -1,
  });
  // birpc types every remote function as answering a promise; those that the protocol declares as `void` answer nothing.
  return channel;
}

/** What {@link saveState} was given last, in this panel or before the window was reloaded. */
export function readState(): unknown {
  return vscode.getState();
}

/** Kept by VS Code until the panel is closed. JSON-safe values only. */
export function saveState(state: unknown): void {
  vscode.setState(state);
}
