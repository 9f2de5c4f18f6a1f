/**
 * Runs the integration suite in VS Code's server build: `node test/vscode/run.mjs [part of a test file's name]`.
 * The window is a page in Chromium; the extension host is a real one.
 */
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { format } from "node:util";
import { chromium as playwright } from "playwright-core";
import { cache, root } from "../../scripts/paths.mjs";
import { freePort, startServer } from "../../scripts/server.mjs";
import { chromium, chromiumFlags } from "../../scripts/setup/chromium.mjs";
import { codeServer } from "../../scripts/setup/codeServer.mjs";
import { bundleSuite } from "./bundleSuite.mjs";
import { workspaceCopy } from "./workspace.mjs";

/** For the whole suite, milliseconds. */
const timeout = 8 * 60_000;

const { node, serverMain } = await codeServer();
const executablePath = await chromium();
const suite = await bundleSuite({ only: process.argv[2] ?? "" });
const extension = process.env["DAGGR_EXTENSION_PATH"] ?? root;
const scratch = await mkdtemp(join(tmpdir(), "daggr-vscode-"));
const resultsFile = join(scratch, "results.json");
const workspace = await workspaceCopy();

/** The workbench talks a lot; it is kept for when something goes wrong. */
const windowLog = join(cache, "vscode-suite", "window.log");
writeFileSync(windowLog, "");

const port = await freePort();
const server = await startServer(node, serverArguments(), { port, env: { DAGGR_SUITE_RESULTS: resultsFile } });
const browser = await playwright.launch({ executablePath, args: chromiumFlags });
let code = 1;
try {
  code = await runInPage();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  await browser.close();
  await server.stop();
  await workspace.remove();
}
if (existsSync(resultsFile)) {
  const { passed, failed, report } = JSON.parse(await readFile(resultsFile, "utf8"));
  console.log(report);
  console.log(`vscode: ${passed} passed, ${failed} failed`);
} else {
  console.log(
    `vscode: the suite did not finish; the window's log is ${relative(root, windowLog)}\n${server.log().slice(-3000)}`,
  );
}
await rm(scratch, { recursive: true, force: true });
process.exit(code);

function serverArguments() {
  return [
    serverMain,
    "--without-connection-token",
    "--accept-server-license-terms",
    // Without it, a built VS Code ignores the development payload.
    "--enable-smoke-test-driver",
    // What an untrusted workspace sees is the business of the tests in the browser.
    "--disable-workspace-trust",
    ...["--host", "127.0.0.1", "--port", String(port), "--telemetry-level", "off"],
    ...["--server-data-dir", join(scratch, "server"), "--extensions-dir", join(scratch, "extensions")],
  ];
}

/** @returns {Promise<number>} the suite's exit code */
async function runInPage() {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  /** @type {PromiseWithResolvers<number>} */
  const exit = Promise.withResolvers();
  await page.exposeFunction("codeAutomationLog", (/** @type {string} */ _type, /** @type {unknown[]} */ args) => {
    appendFileSync(windowLog, `${format(...args)}\n`);
  });
  await page.exposeFunction("codeAutomationExit", (/** @type {number} */ result) => exit.resolve(result));
  const timer = setTimeout(() => exit.reject(new Error(`The suite took longer than ${timeout / 1000} s.`)), timeout);

  const at = (/** @type {string} */ path) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ["extensionDevelopmentPath", at(extension)],
    ["extensionTestsPath", at(suite)],
    ["enableProposedApi", ""],
    ["skipWelcome", "true"],
  ];
  const query = new URLSearchParams({ folder: workspace.folder, payload: JSON.stringify(payload) });
  await page.goto(`${server.url}/?${query}`);
  try {
    return await exit.promise;
  } catch (error) {
    await mkdir(join(cache, "screenshots"), { recursive: true });
    await page.screenshot({ path: join(cache, "screenshots", "vscode-suite.png") });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
