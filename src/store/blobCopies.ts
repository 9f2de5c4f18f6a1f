import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failed, success, type Result } from "../model/outcome.js";
import type { FileRef } from "../model/value.js";
import { same, signatureOf, type Signature } from "./blobFile.js";
import type { BlobStore } from "./blobs.js";
import { safeFileName } from "./safeName.js";
import { storeFailure } from "./storeFailure.js";

/** Copies that this process has made, by path. */
const made = new Map<string, Signature>();

/**
 * Puts a verified copy of a blob at `folder/<first 12 digits>/<name>` and answers that path. A copy, so that nobody who
 * writes to it damages the blob; one that was made here and was not touched since is used again.
 */
export async function copyOf(ref: FileRef, blobs: BlobStore, folder: string): Promise<Result<string>> {
  const verified = await blobs.verify(ref.$file);
  if (!verified.ok) return verified;
  const name = safeFileName(ref.name);
  const target = join(folder, ref.$file.slice(0, 12), name);
  try {
    const before = made.get(target);
    if (before && same(before, await signatureOf(target).catch(() => null))) return success(target);
    await mkdir(dirname(target), { recursive: true });
    // Somebody may be reading the file that is there, so the new copy takes its place in one step.
    const fresh = join(dirname(target), `.${randomBytes(6).toString("hex")}`);
    await copyFile(blobs.path(ref.$file), fresh, constants.COPYFILE_FICLONE);
    await chmod(fresh, 0o644);
    await rename(fresh, target);
    const signature = await signatureOf(target);
    if (signature) made.set(target, signature);
    return success(target);
  } catch (error) {
    return failed(storeFailure(error, `a copy of ${name}`));
  }
}
