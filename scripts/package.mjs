/**
 * Builds for production and packs `daggr.vsix`.
 *
 * It is packed from a folder of its own, since the TypeScript plugin must lie in the extension's `node_modules` and the packer takes over
 * from there only what package.json calls a dependency. What goes in is still decided by `.vscodeignore`.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bootstrap } from "./bootstrap.mjs";
import { command } from "./command.mjs";
import { cache, root } from "./paths.mjs";

await bootstrap();
const { createVSIX } = await import("@vscode/vsce");

const built = await command(process.execPath, [join(root, "scripts", "build.mjs"), "--production"], {
  timeout: 5 * 60_000,
});
if (!built.ok) process.exit(1);

const staging = join(cache, "vsix");
const packagePath = join(root, "daggr.vsix");
await rm(staging, { recursive: true, force: true });
await mkdir(staging, { recursive: true });
for (const name of ["README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore", "docs", "media", "syntaxes", "dist"]) {
  if (existsSync(join(root, name))) await cp(join(root, name), join(staging, name), { recursive: true });
}
await writeFile(join(staging, "package.json"), JSON.stringify(await manifest(), null, 2));

// Links to the other documents stay as they are: there is no address yet that they could be rewritten to.
await createVSIX({
  cwd: staging,
  packagePath,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  skipLicense: false,
});
console.log(`Packed daggr.vsix, ${((await stat(packagePath)).size / 1e6).toFixed(1)} MB`);

/** What development needs stays at home; what the extension brings in `node_modules` is named. */
async function manifest() {
  const { scripts, devDependencies, allowScripts, ...published } = JSON.parse(
    await readFile(join(root, "package.json"), "utf8"),
  );
  const plugin = join(root, "node_modules", "daggr-typescript-plugin");
  const { name, version } = JSON.parse(await readFile(join(plugin, "package.json"), "utf8"));
  await cp(plugin, join(staging, "node_modules", name), { recursive: true });
  return { ...published, dependencies: { [name]: version } };
}
