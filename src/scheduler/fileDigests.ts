import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** How old a file's time stamp must be before it tells that nothing changed since: coarser than any file system's clock. Milliseconds. */
const SETTLED_MS = 3000;
/** Files remembered. */
const LIMIT = 4096;

/** By path: what a file's stamp was when it had that digest. */
const known = new Map<string, { readonly stamp: string; readonly digest: string }>();

/** SHA-256 of a file's bytes; `null`: it cannot be read. Streamed, and read again only when the file's stamp has changed. */
export async function digestOfFile(path: string): Promise<string | null> {
  try {
    const before = await stampOf(path);
    const last = known.get(path);
    if (last?.stamp === before.stamp) return last.digest;
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    const digest = hash.digest("hex");
    const after = await stampOf(path);
    // A stamp that is too young may stay the same over another change.
    if (after.stamp === before.stamp && before.takenAt - before.changedAt > SETTLED_MS)
      remember(path, after.stamp, digest);
    return digest;
  } catch {
    return null;
  }
}

/** SHA-256 of each file's bytes on disk; files that cannot be read are left out. */
export async function digestsOf(paths: Iterable<string>): Promise<Map<string, string>> {
  const digests = await Promise.all([...paths].map(async (path) => [path, await digestOfFile(path)] as const));
  return new Map(digests.flatMap(([path, digest]) => (digest === null ? [] : [[path, digest]])));
}

/** Whether each file still has the digest it had; `null`: it could not be read. */
export async function unchanged(files: Iterable<readonly [path: string, digest: string | null]>): Promise<boolean> {
  const same = await Promise.all([...files].map(async ([path, digest]) => (await digestOfFile(path)) === digest));
  return same.every(Boolean);
}

function remember(path: string, stamp: string, digest: string): void {
  known.delete(path);
  known.set(path, { stamp, digest });
  const [oldest] = known.keys();
  if (known.size > LIMIT && oldest !== undefined) known.delete(oldest);
}

async function stampOf(path: string): Promise<{ stamp: string; changedAt: number; takenAt: number }> {
  const found = await stat(path, { bigint: true });
  // A pipe would be read for ever.
  if (!found.isFile()) throw new Error(`${path} is no file.`);
  const { ino, size, mtimeNs, ctimeNs, mtimeMs } = found;
  const stamp = [ino, size, mtimeNs, ctimeNs].join(" ");
  return { stamp, changedAt: Number(mtimeMs), takenAt: Date.now() };
}
