import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileRef } from "../../src/model/value.js";
import type { CanvasView } from "../../src/model/canvasView.js";
import { FILE } from "./graphs.js";
import { themeOf, type ThemeName } from "./themes.js";

const BUILT = fileURLToPath(new URL("../../dist/webview", import.meta.url));

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };

/** Stands in for VS Code's webview page: same Content Security Policy, same theme variables, one message channel. */
export interface PageServer {
  readonly origin: string;
  /** @param view how the file's last canvas was left */
  page(theme: ThemeName, view?: CanvasView): string;
  /** Makes content loadable, as the extension does with `asWebviewUri`. */
  addFile(ref: FileRef, bytes: Uint8Array): void;
  fileAddress(ref: FileRef): string | null;
  close(): Promise<void>;
}

export async function servePage(): Promise<PageServer> {
  if (!(await stat(join(BUILT, "canvas.js")).catch(() => null))) {
    throw new Error("dist/webview is not built: node scripts/build.mjs webview");
  }
  const files = new Map<string, { ref: FileRef; bytes: Uint8Array }>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/") {
      response.setHeader("content-type", "text/html");
      // The origin is that of the page that asks.
      response.end(html(searchParams.get("theme") as ThemeName, originOf(server), searchParams.get("view"))); // only `page` makes these addresses
    } else if (pathname.startsWith("/files/")) sendFile(response, files.get(pathname.split("/")[2] ?? ""));
    else void sendBuilt(response, decodeURIComponent(pathname));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = originOf(server);
  return {
    origin,
    page: (theme, view) =>
      `${origin}/?theme=${theme}${view ? `&view=${encodeURIComponent(JSON.stringify(view))}` : ""}`,
    addFile: (ref, bytes) => files.set(ref.$file, { ref, bytes }),
    fileAddress: (ref) =>
      files.has(ref.$file) ? `${origin}/files/${ref.$file}/${encodeURIComponent(ref.name)}` : null,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
}

async function sendBuilt(response: ServerResponse, path: string): Promise<void> {
  const file = join(BUILT, normalize(path));
  const found = file.startsWith(BUILT) && (await stat(file).catch(() => null))?.isFile();
  if (!found) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(response);
}

function sendFile(response: ServerResponse, file: { ref: FileRef; bytes: Uint8Array } | undefined): void {
  if (!file) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader("content-type", file.ref.mediaType);
  response.end(file.bytes);
}

function html(theme: ThemeName, origin: string, view: string | null): string {
  const { style, bodyClass } = themeOf(theme);
  const nonce = "harness";
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${origin}`,
    `style-src ${origin} 'unsafe-inline'`,
    `img-src ${origin} blob: data:`,
    `media-src ${origin} blob: data:`,
    `font-src ${origin} data:`,
    `connect-src ${origin} blob: data:`,
    "worker-src blob:",
  ].join("; ");
  const saved = view && JSON.stringify({ file: FILE, ...(JSON.parse(view) as CanvasView) });
  const kept = saved ? ` data-view="${saved.replaceAll('"', "&quot;")}"` : "";
  return `<!DOCTYPE html>
<html lang="en" style="${style}">
  <head>
    <meta charset="utf-8">
    <link rel="icon" href="data:,">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>Canvas</title>
    <script nonce="${nonce}">${SHIM}</script>
    <link rel="preload" as="fetch" crossorigin href="/elk-worker.js">
    <script type="module" async nonce="${nonce}" src="/start.js"></script>
    <script type="module" nonce="${nonce}" src="/canvas.js"></script>
    <link rel="modulepreload" href="/shared.js">
    <link rel="stylesheet" href="/canvas.css">
  </head>
  <body class="${bodyClass}">
    <div id="app" data-file="${FILE}"${kept}></div>
  </body>
</html>`;
}

/** \`acquireVsCodeApi\` over the binding that the harness exposes; bytes travel as base64, since bindings carry JSON only. */
const SHIM = `
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => void window.toHost(JSON.stringify(message, (_key, value) =>
      value instanceof Uint8Array ? { $bytes: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join("")) } : value)),
    getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
    setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
  });
`;
