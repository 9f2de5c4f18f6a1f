import type { Json } from "../../model/json.js";
import { failed, type Result, success } from "../../model/outcome.js";
import { filesIn, isFileRef, type StoredValue, unescaped, type Value } from "../../model/value.js";
import type { BlobStore } from "../../store/blobs.js";
import { copyOf } from "../../store/blobCopies.js";
import { loadValue } from "../../store/storedValue.js";

/**
 * The value as user code gets it: files as absolute paths to copies of their own, below `folder()`.
 *
 * @param folder answers the folder for the copies; asked only when there is a file
 */
export async function decodeValue(
  stored: StoredValue,
  blobs: BlobStore,
  folder: () => string,
): Promise<Result<unknown>> {
  const loaded = await loadValue(stored, blobs);
  if (!loaded.ok) return loaded;
  const paths = new Map<string, string>();
  for (const file of filesIn(loaded.value)) {
    const path = await copyOf(file, blobs, folder());
    if (!path.ok) return failed(path.failure);
    paths.set(keyOf(file), path.value);
  }
  return success(unescaped(paths.size === 0 ? loaded.value : withPaths(loaded.value, paths)));
}

function withPaths(value: Value, paths: ReadonlyMap<string, string>): Json {
  if (typeof value !== "object" || value === null) return value;
  if (isFileRef(value)) return paths.get(keyOf(value)) ?? null;
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => withPaths(item, paths)); // `isArray` does not narrow readonly arrays
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPaths(item, paths)])); // entries of a JsonObject
}

/** The same content may go by several names. */
function keyOf({ $file, name }: { readonly $file: string; readonly name: string }): string {
  return `${$file}/${name}`;
}
