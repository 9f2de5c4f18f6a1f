import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../paths.mjs";

/**
 * Installs something into a folder of `.cache`, unless it is there already, made from the same ingredients. The stamp is written last,
 * so an installation that was interrupted starts over.
 *
 * @param {object} step
 * @param {string} step.name folder in `.cache`, and what the progress line says
 * @param {unknown} step.from versions and settings; a change of them installs anew
 * @param {string} step.about what the person at the terminal is waiting for, with its usual duration
 * @param {(folder: string) => Promise<void>} step.install gets an empty folder; throws an Error that says what to do
 * @returns {Promise<string>} the folder, absolute
 */
export async function once({ name, from, about, install }) {
  const folder = join(cache, name);
  const stampFile = join(folder, ".installed");
  const stamp = createHash("sha256")
    .update(JSON.stringify([from, process.platform, process.arch]))
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return folder;

  console.log(`Installing ${about} into .cache/${name} …`);
  const started = performance.now();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install(folder);
  await writeFile(stampFile, stamp);
  console.log(`Installed ${name} in ${Math.round((performance.now() - started) / 1000)} s`);
  return folder;
}
