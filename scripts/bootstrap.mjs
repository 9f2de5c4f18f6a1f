/**
 * Makes a fresh clone ready: dependencies as the lock file names them, and the Node that comes with them.
 * Runs on any Node from 20 on, with nothing installed, so it uses `node:` modules only.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { reexec } from "../bin/reexec.mjs";
import { node, root } from "./paths.mjs";

/**
 * Call first thing in a script. Returns once dependencies are installed and this is the project's own Node; otherwise installs them and
 * runs the script again on that Node.
 */
export async function bootstrap() {
  if (!isInstalled()) install();
  if (realpathSync(process.execPath) === realpathSync(node)) return;
  const env = { ...process.env, PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env["PATH"] ?? ""}` };
  await reexec(node, process.argv.slice(1), env);
}

/** npm keeps the list of what it has put into `node_modules` beside it; that list must hold everything the lock file asks for. */
function isInstalled() {
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  const wanted = readPackages(join(root, "package-lock.json"));
  if (installed === undefined || wanted === undefined) return false;
  return (
    existsSync(node) &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) => path === "" || optional === true || installed[path]?.version === version,
    )
  );
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string; optional?: boolean }> | undefined}
 */
function readPackages(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, "utf8")).packages : undefined;
}

function install() {
  console.log("Installing dependencies (npm ci) …");
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    timeout: 10 * 60_000,
  });
  if (status !== 0) fail(`npm ci failed${error ? `: ${error.message}` : ""}; its own message is above.`);
  if (!existsSync(node)) {
    fail(
      "npm ci ran no install scripts, so there is no Node here; allow them (npm config set ignore-scripts false) and try again.",
    );
  }
}

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}
