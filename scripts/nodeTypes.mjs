import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "./paths.mjs";

/**
 * Puts Node's declarations, and those that they import, where the TypeScript plugin looks for them.
 * @param {string} types folder of the SDK's declarations
 */
export async function nodeTypes(types) {
  const from = createRequire(join(root, "package.json"));
  for (const name of ["@types/node", "undici-types"]) {
    const folder = dirname(from.resolve(`${name}/package.json`));
    await cp(folder, join(types, "node_modules", name), { recursive: true });
  }
}
