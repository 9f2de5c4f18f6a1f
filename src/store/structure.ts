import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Layout, WorkflowLayout } from "./layout.js";
import type { Damage } from "./notices.js";

/**
 * The first symbolic link that stands where a folder should be that is written to or swept, relative to the `.daggr` folder.
 * A folder that came with somebody's repository must not lead what is written here to anywhere else.
 */
export function linkIn(layout: Layout, workflow: WorkflowLayout | null): string | undefined {
  const link = foldersOf(layout, workflow).find((path) => entryAt(path)?.isSymbolicLink());
  return link === undefined ? undefined : relative(layout.folder, link).replaceAll("\\", "/");
}

/** Sets aside whatever else stands where a folder should be (a file, a pipe), so that the folder can come into being. */
export function clearWay(layout: Layout, workflow: WorkflowLayout | null, damage: Damage): void {
  // Looked at again after each: what was moved away had nothing in it.
  for (const path of foldersOf(layout, workflow)) {
    const entry = entryAt(path);
    if (entry && !entry.isDirectory()) damage.setAside(path, "what stood where a folder belongs");
  }
}

/** Every folder that this version makes, as far as it is there; each after the one that it lies in. */
function foldersOf(layout: Layout, workflow: WorkflowLayout | null): string[] {
  const { blobs, results, workflows, views, damaged, tmp, runs } = layout;
  // First of all the place to which things are set aside. The folders in `views` are looked at when they are used.
  const folders = [damaged, tmp, blobs, results, workflows, views, runs];
  // Content lies in folders named by two digits; whatever else is in there is nobody's.
  for (const { name } of entriesOf(blobs)) if (/^([0-9a-f]{2}|tmp)$/.test(name)) folders.push(join(blobs, name));
  // Nor is what else lies among the workflows anybody's; but through a link there may be histories to read.
  for (const entry of entriesOf(workflows)) if (entry.isSymbolicLink()) folders.push(join(workflows, entry.name));
  if (!workflow) return folders;
  folders.push(workflow.folder, workflow.histories, workflow.sheets);
  for (const sheet of entriesOf(workflow.sheets)) {
    folders.push(join(workflow.sheets, sheet.name), join(workflow.sheets, sheet.name, "inputs"));
  }
  return folders;
}

function entryAt(path: string): ReturnType<typeof lstatSync> | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // in what isn't a folder, or isn't for us
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    // Not through a link: what that leads to is not asked.
    return entryAt(folder)?.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
  } catch {
    return []; // not for us: then nothing can be written to it either
  }
}
