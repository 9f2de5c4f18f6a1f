import { lstatSync, mkdirSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { userCache } from "../../huggingface/userCache.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where transpiled files are kept: in the user's own cache, never beside the workflow. What lies in a workspace may have come with
 * somebody's repository, and would then run in place of the source that everybody looks at.
 */
export function cacheFolder(env: Environment = process.env, platform = process.platform): string {
  return join(userCache(env, platform), "daggr", "transpiled");
}

/**
 * Makes the folder of {@link cacheFolder} where there is none.
 *
 * @returns whether it, and the folder of ours that holds it, are real folders that only this user can write to. Where the user's cache
 *   is a folder that everybody writes to, such as `/tmp`, somebody else may have made ours, and could put another in its place.
 */
export function ownFolder(folder: string): boolean {
  if (!isAbsolute(folder)) return false;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isOwn(dirname(folder)) && isOwn(folder);
  } catch {
    return false;
  }
}

function isOwn(folder: string): boolean {
  const found = lstatSync(folder);
  if (!found.isDirectory()) return false;
  // Windows keeps a user's folders to the user by itself, and says nothing of it here.
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}
