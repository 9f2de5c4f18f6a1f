import type { Json, JsonObject } from "./json.js";

/**
 * A file, named by its content. This is how a file travels and is kept outside the process that runs user code; inside
 * it, it is an absolute path. It may stand anywhere inside a {@link Json} value (a gallery is an array of them).
 */
export interface FileRef {
  /** SHA-256 of the content, 64 lower-case hex digits. */
  readonly $file: string;
  /** The file's base name, with its extension; never a path. */
  readonly name: string;
  /** For example `image/png`; `application/octet-stream` when unknown. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** JSON in which every file is a {@link FileRef}, and nothing else looks like one: see {@link escaped}. */
export type Value = Json;

/**
 * A value as it is sent between processes and kept in records: small ones inline, large ones as a blob that holds their
 * JSON text. `digest` is the SHA-256 of the canonical JSON (keys sorted, files by `$file` alone so that a file's name
 * does not count), the same for both forms, and is what fingerprints are made of.
 */
export type StoredValue =
  | { readonly kind: "inline"; readonly digest: string; readonly value: Value }
  | {
      readonly kind: "blob";
      readonly digest: string;
      /** SHA-256 of the blob with the JSON text. */
      readonly blob: string;
      /** Bytes of the JSON text. */
      readonly size: number;
      /** The first characters of the JSON text (or of the string itself, when the value is a string), for display. */
      readonly preview: string;
    };

/** Values whose JSON text is longer than this many bytes travel as blobs. */
export const INLINE_LIMIT = 4096;

const SHA256 = /^[0-9a-f]{64}$/;

export function isFileRef(value: unknown): value is FileRef {
  return (
    typeof value === "object" &&
    value !== null &&
    "$file" in value &&
    typeof value.$file === "string" &&
    SHA256.test(value.$file) &&
    "name" in value &&
    typeof value.name === "string"
  );
}

/** Every file named in a value, in the order in which they stand. */
export function filesIn(value: Value): FileRef[] {
  if (isFileRef(value)) return [value];
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(filesIn);
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(filesIn);
  return [];
}

/**
 * JSON of an author's own making as a {@link Value}: data that merely looks like a {@link FileRef} gets another `$`, so that it is
 * never taken for a file. {@link unescaped} takes it away.
 */
export function escaped(json: Json): Value {
  return renamed(json, /^\$+file$/, (key) => `$${key}`);
}

/** What {@link escaped} was given. */
export function unescaped(value: Value): Json {
  return renamed(value, /^\$\$+file$/, (key) => key.slice(1));
}

/** Renames such keys in objects where one of them would make a file; the rest stays as it is, the same objects. */
function renamed(value: Json, keys: RegExp, rename: (key: string) => string): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const list = value as readonly Json[]; // `isArray` does not narrow readonly arrays
    const items = list.map((item) => renamed(item, keys, rename));
    return items.every((item, i) => item === list[i]) ? list : items;
  }
  const object = value as JsonObject; // for the same reason
  const entries = Object.entries(object);
  const isLookalike =
    typeof object.name === "string" &&
    entries.some(([key, item]) => keys.test(key) && typeof item === "string" && SHA256.test(item));
  const made = entries.map(
    ([key, item]) => [isLookalike && keys.test(key) ? rename(key) : key, renamed(item, keys, rename)] as const,
  );
  const same = made.every(([key, item], i) => key === entries[i]?.[0] && item === entries[i][1]);
  return same ? value : Object.fromEntries(made);
}
