#!/usr/bin/env node
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { reexec } from "./reexec.mjs";

const cli = new URL("../dist/cli.mjs", import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
/** Workflow files are loaded through `module.registerHooks`, which older versions lack. */
const isNewEnough = major > 22 || (major === 22 && minor >= 15);

if (!existsSync(cli)) {
  console.error("daggr: the command line is not built yet; run: npm run build");
  process.exit(1);
} else if (isNewEnough) {
  await import(cli.href);
} else {
  const node = installedNode();
  if (node === undefined) {
    console.error(
      `daggr: needs Node 22.15 or later, this is ${process.version}; in a checkout, "npm ci" brings one along.`,
    );
    process.exit(1);
  }
  await reexec(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}

/** The Node that the npm package `node` put beside us, if it is there. */
function installedNode() {
  try {
    const home = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const node = join(home, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
