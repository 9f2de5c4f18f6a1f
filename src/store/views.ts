import { link, mkdir, copyFile, realpath, rm, rename } from "node:fs/promises";
import { constants, statSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { success, failed, type Result } from "../model/outcome.js";
import type { Failure } from "../model/failure.js";
import type { FileRef } from "../model/value.js";
import type { BlobStore } from "./blobs.js";
import { safeFileName } from "./safeName.js";
import { errorCode, storeFailure } from "./storeFailure.js";

/**
 * A path at which a blob has its own name. A second name for the same read-only file where the file system has that,
 * so that looking at a film doesn't double it; a copy elsewhere.
 */
export async function viewOf(ref: FileRef, blobs: BlobStore, folder: string): Promise<Result<string>> {
  const verified = await blobs.verify(ref.$file);
  if (!verified.ok) return verified;
  const path = join(folder, ref.$file.slice(0, 12), safeFileName(ref.name));
  const blob = blobs.path(ref.$file);
  const fresh = join(dirname(path), `.${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    // What is written here has a name that records choose, so it must not be led to where such a name means something.
    const inside = join(await realpath(folder), ref.$file.slice(0, 12));
    if ((await realpath(dirname(path))) !== inside) return failed(linked(dirname(path)));
    if (isSameFile(path, blob)) return success(path);
    try {
      await link(blob, fresh);
    } catch (error) {
      if (errorCode(error) === "ENOSPC") throw error;
      await copyFile(blob, fresh, constants.COPYFILE_FICLONE);
    }
    await rename(fresh, path);
    // Renaming a name onto another name of the same file does nothing: then the extra one goes.
    await rm(fresh, { force: true });
    return success(path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => undefined);
    return failed(storeFailure(error, `a view of ${ref.name}`));
  }
}

function linked(folder: string): Failure {
  return {
    reason: "store",
    message: `\`${folder}\` is a symbolic link, which could lead anywhere; no file is put there.`,
    hint: "Remove it.",
  };
}

function isSameFile(path: string, blob: string): boolean {
  const a = statSync(path, { throwIfNoEntry: false });
  const b = statSync(blob, { throwIfNoEntry: false });
  return a !== undefined && a.ino !== 0 && a.ino === b?.ino && a.dev === b.dev;
}
