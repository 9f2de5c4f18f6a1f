import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../model/failure.js";
import { readSmall, remove, writeSmall } from "./disk.js";
import { FORMAT, type Layout, type WorkflowLayout } from "./layout.js";
import type { Damage } from "./notices.js";
import { errorCode, storeFailure } from "./storeFailure.js";
import { clearWay, linkIn } from "./structure.js";
import { temporaryFolder } from "./temporaryFolder.js";

/** What a crash leaves in `tmp` is swept away after this long: no write of one file pauses for an hour. */
const LEFTOVER_MS = 3_600_000;

/** Errors that mean that something other than a file is there: a folder, a link. */
export const NO_FILE = new Set(["EISDIR", "ELOOP", "EMLINK"]);

/** Errors that mean that nothing can be written at all, as against something going wrong once. */
const UNWRITABLE = new Set(["EROFS", "EACCES", "EPERM"]);

/**
 * Makes a `.daggr` folder ready to use, or finds out that it can only be read.
 *
 * @returns why nothing can be written there; `null` where all is well.
 */
export function prepareFolder(layout: Layout, workflow: WorkflowLayout | null, damage: Damage): Failure | null {
  if (statSync(layout.folder, { throwIfNoEntry: false })?.isDirectory() === false) {
    return {
      reason: "store",
      message: `\`${layout.folder}\` is a file, where the folder for results should be.`,
      hint: "Move it out of the way.",
    };
  }
  if (leadsAstray(layout.folder)) {
    return {
      reason: "store",
      message: `\`${layout.folder}\` is a symbolic link to a folder that holds other things than results; nothing is written to it.`,
      hint: "Let it lead to a folder that is empty or was a `.daggr` folder before, or remove it.",
    };
  }
  const linked = linkIn(layout, workflow);
  if (linked !== undefined) {
    return {
      reason: "store",
      message: `\`.daggr/${linked}\` is a symbolic link, which could lead anywhere; nothing is written to it.`,
      hint: "Put a real folder in its place (`.daggr` itself may be a link).",
    };
  }
  const format = readFormat(layout, damage);
  if (format > FORMAT) {
    return {
      reason: "store",
      message: `The \`.daggr\` folder was written by a newer version of Daggr (format ${format}; this one knows ${FORMAT}). It is left untouched.`,
      hint: "Update Daggr, or delete the folder to start anew.",
    };
  }
  const existed = existsSync(layout.format);
  clearWay(layout, workflow, damage);
  try {
    mkdirSync(layout.folder, { recursive: true });
    if (!existed) writeSmall(layout.format, `{"format":${FORMAT}}\n`, layout.tmp);
    if (!existsSync(layout.gitignore)) writeSmall(layout.gitignore, "*\n", layout.tmp);
    const probe = join(layout.tmp, "probe");
    writeSmall(probe, "", layout.tmp);
    remove(probe);
  } catch (error) {
    // A disk that is full now may have room in a minute, so a folder that is there stays in use.
    if (existed && !UNWRITABLE.has(errorCode(error))) return null;
    return storeFailure(error, "what is run here");
  }
  sweep(layout.tmp);
  sweep(join(layout.blobs, "tmp"));
  return null;
}

/** A folder of blobs that takes what is written in this session and reads the rest from a store that can't be written. */
export function overlayBlobs(layout: Layout): string {
  const folder = temporaryFolder();
  if (existsSync(layout.blobs) && !lstatSync(layout.blobs).isSymbolicLink()) {
    symlinkSync(layout.blobs, join(folder, "base"), "junction");
  }
  return folder;
}

/** A link that somebody planted could have files appear in any folder, so it must lead to one that is ours, or nobody's yet. */
function leadsAstray(folder: string): boolean {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() || existsSync(join(folder, "format.json")))
    return false;
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return true;
  }
}

function readFormat(layout: Layout, damage: Damage): number {
  let text: string | null;
  try {
    text = readSmall(layout.format);
  } catch (error) {
    // What is wrong with the folder as a whole shows when it is written to.
    if (!NO_FILE.has(errorCode(error))) return FORMAT;
    text = "";
  }
  if (text === null) return FORMAT;
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === "object" && content !== null && "format" in content) {
      // A format that isn't even a number is nothing that this version wrote.
      return typeof content.format === "number" ? content.format : Infinity;
    }
  } catch {
    // Cut off or overwritten: below.
  }
  damage.setAside(layout.format, "the format number");
  return FORMAT;
}

function sweep(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // not there yet
  }
  for (const name of names) {
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > LEFTOVER_MS) rmSync(path, { force: true, recursive: true });
  }
}
