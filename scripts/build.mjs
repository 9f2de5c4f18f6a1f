/**
 * Builds everything into `dist`, or the parts named: `node scripts/build.mjs [part …] [--watch] [--production]`.
 * Parts: extension, engine (with the command line and the runner), sdk, tsPlugin, types, webview, package.
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { nodeBundles } from "./bundles.mjs";
import { command } from "./command.mjs";
import { nodeTypes } from "./nodeTypes.mjs";
import { npmPackage } from "./npmPackage.mjs";
import { dist, root } from "./paths.mjs";

await bootstrap();
const { context } = await import("esbuild");

const { values: flags, positionals: parts } = parseArgs({
  allowPositionals: true,
  options: { watch: { type: "boolean", default: false }, production: { type: "boolean", default: false } },
});
const bundles = nodeBundles(flags.production);
const known = [...Object.keys(bundles), "types", "webview", "package"];
const unknown = parts.filter((part) => !known.includes(part));
if (unknown.length > 0) throw new Error(`Unknown part ${unknown.join(", ")}; there are: ${known.join(", ")}`);
const wanted = new Set(parts.length > 0 ? parts : known);

const started = performance.now();
await mkdir(dist, { recursive: true });
const outputs = (await Promise.all([...bundlesWanted().map(bundle), types(), webview()])).flat();
if (parts.length === 0 && !flags.watch) await removeLeftovers(outputs);
if (wanted.has("tsPlugin")) await installTsPlugin();
if (wanted.has("package") && !flags.watch) await npmPackage();
console.log(`Built ${[...wanted].join(", ")} in ${((performance.now() - started) / 1000).toFixed(1)} s`);

function bundlesWanted() {
  return Object.entries(bundles).filter(([name]) => wanted.has(name));
}

/**
 * @param {[name: string, options: import("esbuild").BuildOptions]} bundle
 * @returns {Promise<string[]>} absolute paths written
 */
async function bundle([, options]) {
  const build = await context({ ...options, absWorkingDir: root, metafile: true });
  if (flags.watch) {
    await build.watch();
    return [];
  }
  const { metafile } = await build.rebuild();
  await build.dispose();
  return Object.keys(metafile?.outputs ?? {}).map((path) => join(root, path));
}

/** The declarations that `import … from "daggr"` resolves to. */
async function types() {
  if (!wanted.has("types")) return [];
  await rm(join(dist, "types"), { recursive: true, force: true });
  await nodeTypes(join(dist, "types"));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const args = ["-p", "tsconfig.types.json", ...(flags.watch ? ["--watch", "--preserveWatchOutput"] : [])];
  const done = command(process.execPath, [tsc, ...args], { timeout: flags.watch ? 2 ** 31 - 1 : 120_000 });
  if (!flags.watch && !(await done).ok) throw new Error("The SDK's declarations did not build.");
  return [];
}

async function webview() {
  if (!wanted.has("webview")) return [];
  const { build } = await import("vite");
  await build({
    configFile: join(root, "webview/vite.config.ts"),
    logLevel: "warn",
    build: { watch: flags.watch ? {} : null, minify: flags.production },
  });
  await copyFile(join(root, "node_modules/elkjs/lib/elk-worker.min.js"), join(dist, "webview", "elk-worker.js"));
  return [];
}

/**
 * tsserver finds its plugins in `node_modules` beside the extension's package.json, in a checkout as in an installed extension.
 */
async function installTsPlugin() {
  const built = join(dist, "tsPlugin", "index.cjs");
  const folder = join(root, "node_modules", "daggr-typescript-plugin");
  await mkdir(folder, { recursive: true });
  await copyFile(built, join(folder, "index.cjs"));
  await copyFile(join(root, "scripts", "tsPlugin.package.json"), join(folder, "package.json"));
}

/**
 * Chunks carry a hash in their name: those of an earlier build would pile up.
 * @param {readonly string[]} written
 */
async function removeLeftovers(written) {
  const kept = new Set(written);
  for (const folder of [dist, join(dist, "sdk")].filter((path) => existsSync(path))) {
    const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile());
    for (const path of files.map(({ name }) => join(folder, name))) {
      if (!kept.has(path)) await rm(path);
    }
  }
}
