import { type Dirent, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../model/failure.js";
import { readSmall, remove, writeSmall } from "./disk.js";
import { FORMAT, type Layout } from "./layout.js";
import type { Damage } from "./notices.js";
import { errorCode, storeFailure } from "./storeFailure.js";
import { temporaryFolder } from "./temporaryFolder.js";

/** What a crash leaves in `tmp` is swept away after this long: no write of one file pauses for an hour. */
const LEFTOVER_MS = 3_600_000;

/** Errors that mean that nothing can be written at all, as against something going wrong once. */
const UNWRITABLE = new Set(["EROFS", "EACCES", "EPERM"]);

/**
 * Makes a `.daggr` folder ready to use, or finds out that it can only be read.
 *
 * @returns why nothing can be written there; `null` where all is well.
 */
export function prepareFolder(layout: Layout, damage: Damage): Failure | null {
  if (statSync(layout.folder, { throwIfNoEntry: false })?.isDirectory() === false) {
    return {
      reason: "store",
      message: `\`${layout.folder}\` is a file, where the folder for results should be.`,
      hint: "Move it out of the way.",
    };
  }
  const linked = linkIn(layout.folder);
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

/** Folders whose own entries are written to. Those of `views` are looked at one by one, for there may be any number. */
const SHALLOW = ["blobs", "results", "workflows"];

/** The first symbolic link that stands where a folder should be that is written to or swept; relative to `folder`. */
function linkIn(folder: string): string | undefined {
  const linked = ["blobs", "results", "workflows", "views", "damaged", "tmp"].find((name) =>
    lstatSync(join(folder, name), { throwIfNoEntry: false })?.isSymbolicLink(),
  );
  if (linked !== undefined) return linked;
  for (const name of SHALLOW) {
    const entry = entriesOf(join(folder, name)).find((each) => each.isSymbolicLink());
    if (entry) return `${name}/${entry.name}`;
  }
  return undefined;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // not there yet, or not for us: then nothing can be written to it either
  }
}

function readFormat(layout: Layout, damage: Damage): number {
  let text: string | null;
  try {
    text = readSmall(layout.format);
  } catch {
    return FORMAT; // what is wrong with the folder shows when it is written to
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
