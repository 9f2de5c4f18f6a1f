import { open } from "node:fs/promises";
import type { StoredValue } from "../model/value.js";
import { filesIn } from "../model/value.js";
import { chunksOf, READ_BLOB } from "./blobFile.js";
import type { BlobStore } from "./blobs.js";

/** Where the JSON text of a value names a file; what merely looks so is found, too, which does no harm to anybody. */
const FILE = /"\$file":"([0-9a-f]{64})"/g;
const LONGEST = 80;

/** Content never changes, so what it names is looked up once. */
const known = new Map<string, readonly string[]>();

/**
 * SHA-256 of all content that a value needs: its own, if that is kept apart, and every file that it names.
 *
 * @throws what the system says where the value's own content can't be read.
 */
export async function contentOf(value: StoredValue, blobs: BlobStore): Promise<readonly string[]> {
  if (value.kind === "inline") return filesIn(value.value).map((file) => file.$file);
  let files = known.get(value.blob);
  if (!files) {
    files = await filesNamedIn(blobs.path(value.blob));
    known.set(value.blob, files);
  }
  return [value.blob, ...files];
}

async function filesNamedIn(path: string): Promise<readonly string[]> {
  const found = new Set<string>();
  const file = await open(path, READ_BLOB);
  try {
    let rest = "";
    for await (const chunk of chunksOf(file)) {
      const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
      for (const [, sha] of text.matchAll(FILE)) if (sha !== undefined) found.add(sha);
      rest = text.slice(-LONGEST);
    }
  } finally {
    await file.close();
  }
  return [...found];
}
