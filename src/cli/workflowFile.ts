import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { success, type Result } from "../model/outcome.js";
import { misuse, type Refusal } from "./context.js";
import { fileTrouble } from "./fileTrouble.js";

/** The absolute path of the workflow file that was named, or why it cannot be one. */
export function workflowFile(written: string, cwd: string): Result<string, Refusal> {
  if (written === "") return misuse("The name of the file is empty; name a workflow, such as name.daggr.ts.");
  const path = resolve(cwd, written);
  const trouble = fileTrouble(path);
  if (trouble === "is a directory")
    return misuse(`${written} is a directory; name a workflow file in it, such as name.daggr.ts.`);
  if (trouble !== null) return misuse(`${written} ${trouble}.`);
  if (!/(?<!\.d)\.[mc]?tsx?$/.test(path))
    return misuse(`${written} is not a TypeScript file; workflows end in .daggr.ts.`);
  return success(path);
}

/**
 * The folders that may hold a workflow's `.daggr`: the nearest around it that has one already (a workspace that was opened
 * in an editor), or else the folder that the command was started in.
 */
export function storeRoots(file: string, cwd: string): string[] {
  for (let folder = dirname(file); folder !== dirname(folder) && folder !== homedir(); folder = dirname(folder)) {
    if (existsSync(join(folder, ".daggr"))) return [folder];
  }
  return [cwd];
}

/** The `.daggr` folder that a workflow, or whatever is kept around a folder, is kept in. */
export function storeFolder(written: string, cwd: string): Result<string, Refusal> {
  const path = resolve(cwd, written);
  const trouble = fileTrouble(path);
  if (trouble !== null && trouble !== "is a directory") return misuse(`${written} ${trouble}.`);
  const inside = basename(path) === ".daggr" ? path : join(path, trouble === null ? ".." : ".", "workflow");
  const [root = cwd] = storeRoots(inside, cwd);
  const folder = join(root, ".daggr");
  if (existsSync(folder)) return success(folder);
  return misuse(`There is no \`.daggr\` folder for ${written}: nothing has been kept yet.`);
}

/** A path as a person in `cwd` would write it. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === "" || short.startsWith("..") ? path : short;
}
