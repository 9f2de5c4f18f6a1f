import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cache, root } from "../../scripts/paths.mjs";

/**
 * Bundles the integration suite for the extension host, which loads CommonJS.
 *
 * @param {object} [options]
 * @param {string} [options.only] a part of a file name, to run just those
 * @returns {Promise<string>} the `extensionTestsPath`
 */
export async function bundleSuite({ only = "" } = {}) {
  const source = join(root, "test", "vscode");
  const outdir = join(cache, "vscode-suite");
  await rm(outdir, { recursive: true, force: true });
  const tests = readdirSync(join(source, "suite")).filter((name) => name.endsWith(".test.ts") && name.includes(only));
  await build({
    absWorkingDir: root,
    entryPoints: [join(source, "index.ts"), ...tests.map((name) => join(source, "suite", name))],
    outbase: source,
    outdir,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    outExtension: { ".js": ".cjs" },
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return join(outdir, "index.cjs");
}
