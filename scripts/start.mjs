/**
 * `npm start`: VS Code with Daggr and the samples. On a desktop with `code` a window of its own; elsewhere VS Code's server build in the
 * browser. Settings, open editors and results are kept from one start to the next.
 */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { command, environment } from "./command.mjs";
import { cache, node, root } from "./paths.mjs";
import { freePort } from "./server.mjs";
import { codeServer } from "./setup/codeServer.mjs";
import { installExtension, serveWorkbench, writeSettings } from "./workbench.mjs";

await bootstrap();

const samples = join(root, "sample-workflows");
const desktop = desktopCode();
if (desktop === undefined || process.argv.includes("--browser")) await inBrowser();
else await onDesktop(desktop);

/** @param {string} code */
async function onDesktop(code) {
  await script("build.mjs");
  const userData = join(cache, "desktop", "user-data");
  await writeSettings(userData);
  const args = [
    "--extensionDevelopmentPath",
    root,
    "--user-data-dir",
    userData,
    "--disable-workspace-trust",
    "--new-window",
    samples,
  ];
  const { ok, output } = await command(code, args, { timeout: 60_000, output: "quiet" });
  if (!ok) fail(`VS Code did not open: ${output.trim()}`);
  console.log(
    "VS Code is open with the samples. Changed something? Run npm start again, or npm run watch and reload its window.",
  );
}

async function inBrowser() {
  await script("package.mjs");
  const server = await codeServer();
  const profile = { userData: join(cache, "browser", "user-data"), extensions: join(cache, "browser", "extensions") };
  await mkdir(profile.userData, { recursive: true });
  await writeSettings(profile.userData);
  await installExtension(server, profile, join(root, "daggr.vsix"));

  const port = await freePort(8123);
  // It answers on this machine only and opens nothing but the samples, which are the project's own: they are trusted from the start.
  const workbench = await serveWorkbench(server, { ...profile, folder: samples, port, trusted: true });
  let stopping = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      console.log("\nStopping VS Code …");
      void workbench.stop();
    });
  }
  console.log(
    `\nVS Code with Daggr is ready:\n\n    ${workbench.address}\n\nCtrl+C stops it; everything is kept for the next start.`,
  );
  openBrowser(workbench.address);
  const code = await workbench.exited;
  if (!stopping) fail(`VS Code ended by itself (${code}):\n${workbench.log().slice(-2000)}`);
  process.exit(0);
}

/** @param {string} name */
async function script(name) {
  const { ok } = await command(node, [join(root, "scripts", name)], { timeout: 10 * 60_000 });
  if (!ok) fail("The build failed; its messages are above.");
}

/** VS Code's launcher, where a window can be shown. */
function desktopCode() {
  const hasScreen = process.platform !== "linux" || process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"];
  if (!hasScreen) return undefined;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Best effort: the address is printed anyway. @param {string} address */
function openBrowser(address) {
  const opener =
    process.platform === "darwin"
      ? "open"
      : process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]
        ? "xdg-open"
        : undefined;
  if (opener === undefined || process.env["CI"]) return;
  spawn(opener, [address], { env: environment, stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
