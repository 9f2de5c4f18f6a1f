import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/paths.mjs";

/**
 * A copy of a folder, to be written to freely.
 *
 * @param {string} [source] absolute; the samples unless given
 * @returns {Promise<{ folder: string; remove: () => Promise<void> }>}
 */
export async function workspaceCopy(source = join(root, "sample-workflows")) {
  const folder = await mkdtemp(join(tmpdir(), "daggr-workspace-"));
  // Results of the source folder are its own.
  if (existsSync(source)) await cp(source, folder, { recursive: true, filter: (path) => !path.includes("/.daggr") });
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}
