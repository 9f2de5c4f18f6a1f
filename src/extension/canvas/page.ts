import type { CanvasView } from "../../model/canvasView.js";

/** What the canvas page is made of; addresses as the webview sees them. */
export interface CanvasPage {
  /** Random, unique to this page. */
  readonly nonce: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** The layout's worker, which takes longest to get going. */
  readonly worker: string;
  /** Modules: what runs as soon as it is there, what then shows the canvas, and what that needs first. */
  readonly start: string;
  readonly script: string;
  readonly shared: string;
  readonly style: string;
  /** Absolute path of the workflow, which the page remembers so that a reloaded window finds it again. */
  readonly file: string;
  readonly title: string;
  /** How the file's last canvas was left, for a page that remembers none itself. */
  readonly view: CanvasView | null;
}

/** The canvas's HTML. Only our own script runs; no inline script, no remote content. */
export function canvasPage({
  nonce,
  cspSource,
  worker,
  start,
  script,
  shared,
  style,
  file,
  title,
  view,
}: CanvasPage): string {
  const policy = [
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    `script-src 'nonce-${nonce}' ${cspSource}`,
    `style-src ${cspSource} 'unsafe-inline'`,
    `img-src ${cspSource} blob: data:`,
    `media-src ${cspSource} blob: data:`,
    `font-src ${cspSource}`,
    `connect-src ${cspSource} blob: data:`,
    "worker-src blob:",
  ].join("; ");
  const kept = view ? ` data-view="${escaped(JSON.stringify({ file, ...view }))}"` : "";
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(title)}</title>
    <link rel="preload" as="fetch" crossorigin href="${escaped(worker)}">
    <script type="module" async nonce="${nonce}" src="${escaped(start)}"></script>
    <script type="module" nonce="${nonce}" src="${escaped(script)}"></script>
    <link rel="modulepreload" href="${escaped(shared)}">
    <link rel="stylesheet" href="${escaped(style)}">
  </head>
  <body>
    <div id="app" data-file="${escaped(file)}"${kept}></div>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
