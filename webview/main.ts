/**
 * The canvas. The page that loads this module holds `<div id="app" data-file="…">` (the workflow's absolute path, which is
 * kept in the panel's saved state as `{ file }`), links `canvas.css` and needs nothing else:
 *
 * ```html
 * <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none';
 *   script-src 'nonce-…' ${cspSource}; style-src ${cspSource} 'unsafe-inline'; font-src ${cspSource};
 *   img-src ${cspSource} data: blob:; media-src ${cspSource} blob:; connect-src ${cspSource} blob: data:; worker-src blob:">
 * <link rel="stylesheet" href="…/dist/webview/canvas.css">
 * <body><div id="app" data-file="…"></div><script type="module" nonce="…" src="…/dist/webview/canvas.js"></script></body>
 * ```
 *
 * Chunks that load later lie beside this module (`chunks/`) and are addressed relative to it.
 */
import { mount } from "svelte";
import "@xyflow/svelte/dist/base.css";
import "./theme.css";
import App from "./App.svelte";
import { connectHost, readState, saveState } from "./host/vscode.js";
import { Layouter } from "./layout/elk.js";
import { Canvas } from "./state/canvas.svelte.js";
import { savedViewOf } from "./state/savedView.js";

const target = document.getElementById("app");
if (!target) throw new Error('The page has no <div id="app">.');

// A window that is closed before the first snapshot must find this panel again too.
const file = target.dataset.file;
if (file !== undefined && readState() === undefined) saveState(savedViewOf(undefined, file));

// Started first, since the worker needs longer than the workflow takes to arrive.
const layouter = new Layouter(import.meta.url.replace(/[^/]*$/, ""));
const canvas = new Canvas(connectHost);
mount(App, { target, props: { canvas, layouter, readSaved: readState, save: saveState } });
canvas.open();
