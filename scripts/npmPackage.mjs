import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dist, root } from "./paths.mjs";

/** What the published package takes over from `dist`; the same relative places, so that the same bundles run in both. */
const parts = /^(?:[^/]+\.mjs|sdk\/[^/]+\.mjs|types\/(?!node_modules\/).+\.d\.ts)$/;

/** Lays out `dist/package`: the npm package `daggr` (types, runtime, command line), with everything bundled. */
export async function npmPackage() {
  const folder = join(dist, "package");
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "dist"), { recursive: true });

  const { version, description, license, keywords } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const manifest = {
    name: "daggr",
    version,
    description,
    license,
    keywords,
    type: "module",
    engines: { node: ">=22.15" },
    exports: {
      ".": { types: "./dist/types/sdk/index.d.ts", default: "./dist/sdk/index.mjs" },
      "./package.json": "./package.json",
    },
    types: "./dist/types/sdk/index.d.ts",
    bin: { daggr: "bin/daggr.mjs" },
    files: ["bin", "dist", "docs"],
  };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const name of ["README.md", "LICENSE", "bin", "docs"]) {
    if (existsSync(join(root, name))) await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await chmod(join(folder, "bin", "daggr.mjs"), 0o755);

  for (const name of await filesOf(dist)) {
    if (parts.test(name)) await cp(join(dist, name), join(folder, "dist", name));
  }
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>} paths within the folder, with `/`
 */
async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    );
}
