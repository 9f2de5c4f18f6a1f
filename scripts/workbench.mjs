import { mkdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.mjs";
import { startServer } from "./server.mjs";

/** What a person who looks at Daggr wants from the editor around it: no greeters, no chat, no calls home. */
const settings = {
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.openRepositoryInParentFolders": "never",
  "typescript.disableAutomaticTypeAcquisition": true,
};

/**
 * @typedef {object} Profile
 * @property {string} userData user settings and state
 * @property {string} extensions installed extensions
 */

/**
 * Installs an extension from its package.
 * @param {import("./setup/codeServer.mjs").CodeServer} codeServer
 * @param {Profile} profile
 * @param {string} vsix absolute
 */
export async function installExtension({ node, entry }, { userData, extensions }, vsix) {
  const args = [
    entry,
    "--user-data-dir",
    userData,
    "--extensions-dir",
    extensions,
    "--install-extension",
    vsix,
    "--force",
  ];
  const { ok, output } = await command(node, args, { timeout: 120_000, output: "quiet" });
  if (!ok) throw new Error(`VS Code could not install ${vsix}:\n${output.slice(-2000)}`);
}

/**
 * Writes the settings of a fresh profile; those that a person has changed stay.
 * @param {string} userData
 * @param {Record<string, unknown>} [more]
 */
export async function writeSettings(userData, more = {}) {
  const file = join(userData, "User", "settings.json");
  if (existsSync(file) && Object.keys(more).length === 0) return;
  const before = existsSync(file) ? JSON.parse(await readFile(file, "utf8")) : {};
  await mkdir(join(userData, "User"), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...settings, ...before, ...more }, null, 2)}\n`);
}

/**
 * Serves VS Code to browsers on this machine.
 *
 * @param {import("./setup/codeServer.mjs").CodeServer} codeServer
 * @param {Profile & { folder: string; port: number; trusted: boolean; env?: NodeJS.ProcessEnv }} options `trusted: false` leaves the
 *   question to the person at the browser
 */
export async function serveWorkbench({ node, entry }, { userData, extensions, folder, port, trusted, env = {} }) {
  const args = [
    entry,
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...["--user-data-dir", userData, "--extensions-dir", extensions],
    ...["--config", join(userData, "code-server.yaml")],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    ...(trusted ? ["--disable-workspace-trust"] : []),
    folder,
  ];
  // Within another VS Code's terminal, code-server would only pass the folder on to that one.
  const server = await startServer(node, args, { port, env: { ...env, VSCODE_IPC_HOOK_CLI: undefined } });
  return { ...server, address: `${server.url}/?folder=${encodeURIComponent(folder)}` };
}
