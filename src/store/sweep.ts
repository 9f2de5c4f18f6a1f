import { randomBytes } from "node:crypto";
import { lstatSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { StoredValue } from "../model/value.js";
import type { BlobStore } from "./blobs.js";
import { namesIn, readSmall } from "./disk.js";
import { contentOf } from "./filesNamed.js";
import { FORMAT, type Layout } from "./layout.js";
import { isRunning } from "./lease.js";
import { unseal } from "./sealed.js";
import { isStored } from "./storedValue.js";
import { errorCode } from "./storeFailure.js";

/**
 * Content this young may have been put a moment before what will name it. Whoever puts content that is there already makes
 * it young again ({@link BlobStore}).
 */
const YOUNG_MS = 60_000;
/** So many files are read before others get a turn. */
const BATCH = 100;

/**
 * Removes content that nothing names: no result, and no control of any sheet of any workflow in the folder. Nothing is
 * removed while a run is under way in any process, for its values may have no name on disk yet.
 *
 * @param known - the values of all results, and those that this process holds and could not write down; `"unknown"`:
 *   something that may name anything, so that nothing can be removed.
 * @returns how many bytes of content were removed.
 */
export async function sweepBlobs(
  layout: Layout,
  blobs: BlobStore,
  known: Iterable<StoredValue | "unknown">,
  youngMs: number = YOUNG_MS,
): Promise<number> {
  if (isRunning(layout)) return 0;
  const needed = new Set<string>();
  let count = 0;
  const need = async (value: StoredValue): Promise<void> => {
    // What can't be read any more names nothing.
    for (const sha of await contentOf(value, blobs).catch(() => [])) needed.add(sha);
    if (++count % BATCH === 0) await setImmediate();
  };
  for (const values of [known, typedIn(layout)]) {
    for (const value of values) {
      if (value === "unknown") return 0;
      await need(value);
    }
  }
  // Reading all of that took its time, and a run that has begun meanwhile counts on what it finds.
  if (isRunning(layout)) return 0;
  let freed = 0;
  for (const [folder, sha] of blobsIn(layout.blobs)) {
    if (needed.has(sha)) continue;
    const size = removeUnlessYoung(layout, join(layout.blobs, folder, sha), youngMs);
    freed += size;
    // A view is another name of the same file, which would keep its space.
    if (size > 0) rmSync(join(layout.views, sha.slice(0, 12)), { recursive: true, force: true });
    if (++count % BATCH === 0) await setImmediate();
  }
  return freed;
}

/** Every value that was typed; `"unknown"`: something of a later version. */
function* typedIn({ workflows }: Layout): Generator<StoredValue | "unknown"> {
  for (const workflow of namesIn(workflows)) {
    const sheets = join(workflows, workflow, "sheets");
    for (const sheet of namesIn(sheets)) {
      const inputs = join(sheets, sheet, "inputs");
      for (const name of namesIn(inputs)) {
        const content = contentAt(join(inputs, name));
        if (typeof content !== "object" || content === null) continue;
        const { format, value } = content as Readonly<Record<string, unknown>>;
        if (typeof format === "number" && format > FORMAT) yield "unknown";
        else if (isStored(value)) yield value;
      }
    }
  }
}

function contentAt(path: string): unknown {
  try {
    return unseal(readSmall(path) ?? "");
  } catch {
    return undefined; // no record: it is set aside when it is looked for
  }
}

function* blobsIn(folder: string): Generator<readonly [string, string]> {
  for (const name of namesIn(folder)) {
    if (!/^[0-9a-f]{2}$/.test(name)) continue;
    for (const sha of namesIn(join(folder, name))) if (/^[0-9a-f]{64}$/.test(sha)) yield [name, sha];
  }
}

/**
 * Out of the way first, and looked at once more there: whoever has found it in its place just before has made it young, and
 * whoever looks for it now writes it anew.
 */
function removeUnlessYoung(layout: Layout, path: string, youngMs: number): number {
  const aside = join(layout.blobs, "tmp", `sweep-${randomBytes(8).toString("hex")}`);
  try {
    if (isYoung(path, youngMs)) return 0;
    renameSync(path, aside);
    if (isYoung(aside, youngMs)) {
      renameSync(aside, path);
      return 0;
    }
    const { size } = lstatSync(aside);
    rmSync(aside, { force: true });
    return size;
  } catch (error) {
    // Somebody else was quicker, or has it open (Windows): next time.
    if (errorCode(error) === "") throw error;
    return 0;
  }
}

function isYoung(path: string, youngMs: number): boolean {
  return Date.now() - statSync(path).mtimeMs < youngMs;
}
