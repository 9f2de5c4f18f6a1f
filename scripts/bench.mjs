/**
 * Runs the measurements in `test/bench`, one after another: `npm run bench [part of a name]`. After `-- --check`, a target
 * that is missed is a failure.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { command } from "./command.mjs";
import { cache, root } from "./paths.mjs";

await bootstrap();
const { build } = await import("esbuild");

const folder = join(root, "test", "bench");
const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const [part = ""] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const names = (await readdir(folder)).filter((name) => /\.bench\.(mjs|ts)$/.test(name) && name.includes(part)).sort();
if (names.length === 0) {
  console.error(`No measurement in test/bench is named like "${part}".`);
  process.exit(1);
}

let failed = 0;
for (const name of names) {
  console.log(`\n── ${name}`);
  // What is measured is what ships: bundled JavaScript, beside the packages that the measurement itself imports.
  const outfile = join(cache, "bench", name.replace(/\.ts$/, ".mjs"));
  await build({
    absWorkingDir: root,
    entryPoints: [join(folder, name)],
    outfile,
    bundle: true,
    packages: "external",
    alias: { daggr: join(root, "src/sdk/index.ts") },
    platform: "node",
    format: "esm",
    target: "node22",
    sourcemap: "inline",
    // Measurements find fixtures and bundles from where they were written, not from where they run.
    define: { "import.meta.url": JSON.stringify(new URL(`../test/bench/${name}`, import.meta.url).href) },
    logLevel: "warning",
  });
  const { ok } = await command(process.execPath, ["--expose-gc", outfile, ...flags], { timeout: 5 * 60_000 });
  if (!ok) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
