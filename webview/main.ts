/**
 * The canvas. The page that loads this module holds `<div id="app" data-file="…">` (the workflow's absolute path, which is
 * kept in the panel's saved state as `{ file }`), links `canvas.css` and needs nothing else:
 *
 * ```html
 * <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none';
 *   script-src 'nonce-…' ${cspSource}; style-src ${cspSource} 'unsafe-inline'; font-src ${cspSource};
 *   img-src ${cspSource} data: blob:; media-src ${cspSource} blob:; connect-src ${cspSource} blob: data:; worker-src blob:">
 * <link rel="preload" as="fetch" crossorigin href="…/dist/webview/elk-worker.js">
 * <script type="module" async nonce="…" src="…/dist/webview/start.js"></script>
 * <script type="module" nonce="…" src="…/dist/webview/canvas.js"></script>
 * <link rel="modulepreload" href="…/dist/webview/shared.js">
 * <link rel="stylesheet" href="…/dist/webview/canvas.css">
 * <body><div id="app" data-file="…"></div></body>
 * ```
 *
 * `elk-worker.js` takes longest to get going, and so is asked for first. `start.js`, which starts it, and `shared.js` are parts
 * of this module, named so that they come sooner: before it, and beside it. What it loads later lies beside it too (`chunks/`),
 * addressed relative to it.
 */
import { mount } from "svelte";
import "@xyflow/svelte/dist/base.css";
import "./theme.css";
import App from "./App.svelte";
import { connectHost, readState, saveState } from "./host/vscode.js";
import { Canvas } from "./state/canvas.svelte.js";
import { layouter } from "./start.js";
import { savedViewOf } from "./state/savedView.js";

const target = document.getElementById("app");
if (!target) throw new Error('The page has no <div id="app">.');

// A window that is closed before the first snapshot must find this panel again too.
const file = target.dataset.file;
if (file !== undefined && readState() === undefined) saveState(savedViewOf(undefined, file));

const canvas = new Canvas(connectHost);
canvas.open();
// A page has to lend a hand while its worker starts, which it doesn't for a long time once it draws. A worker that doesn't
// start must not keep it from drawing, though.
const soon = new Promise((resolve) => setTimeout(resolve, 500));
void Promise.race([layouter.started, soon]).then(() => {
  mount(App, { target, props: { canvas, layouter, readSaved: readState, save: saveState } });
});
