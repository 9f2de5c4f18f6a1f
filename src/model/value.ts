import type { Json } from "./json.js";

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

/** JSON in which every file is a {@link FileRef}. */
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

export function isFileRef(value: unknown): value is FileRef {
  return (
    typeof value === "object" &&
    value !== null &&
    "$file" in value &&
    typeof value.$file === "string" &&
    /^[0-9a-f]{64}$/.test(value.$file) &&
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
