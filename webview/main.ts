/**
 * The canvas. The page that loads this module holds `<div id="app"></div>`, links `canvas.css` and needs nothing else:
 *
 * ```html
 * <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none';
 *   script-src 'nonce-…' ${cspSource}; style-src ${cspSource} 'unsafe-inline'; font-src ${cspSource};
 *   img-src ${cspSource} data: blob:; media-src ${cspSource} blob:; connect-src ${cspSource} blob: data:; worker-src blob:">
 * <link rel="stylesheet" href="…/dist/webview/canvas.css">
 * <body><div id="app"></div><script type="module" nonce="…" src="…/dist/webview/canvas.js"></script></body>
 * ```
 *
 * Chunks that load later lie beside this module (`chunks/`) and are addressed relative to it.
 */
import { mount } from "svelte";
import "@xyflow/svelte/dist/base.css";
import "./theme.css";
import App from "./App.svelte";
import { connectHost, readState, saveState } from "./host/vscode.js";
import { Canvas } from "./state/canvas.svelte.js";

const target = document.getElementById("app");
if (!target) throw new Error('The page has no <div id="app">.');

const canvas = new Canvas(connectHost);
mount(App, { target, props: { canvas, readSaved: readState, save: saveState } });
canvas.open();
