import { existsSync, statSync } from "node:fs";
import { isAbsolute, sep } from "node:path";
import { type ComponentSpec, FILE_COMPONENTS, type ItemListSpec } from "../../model/component.js";
import type { Json } from "../../model/json.js";
import { failed, type Result, success } from "../../model/outcome.js";
import type { StoredValue } from "../../model/value.js";
import { type BlobStore, StoreError } from "../../store/blobs.js";
import { inlineValue, storeValue } from "../../store/storedValue.js";
import { type FileSource, fileSource, keepFile } from "./fileSource.js";
import { NotPlain, toPlain } from "./plain.js";

export interface EncodeContext {
  readonly blobs: BlobStore;
  /** The folder whose files belong to the execution: a path in it is a file, wherever it stands. */
  readonly scratch: string;
  /** The workflow's folder, from which relative paths count. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

type Spec = ComponentSpec | ItemListSpec | null;

/**
 * Turns a value of user code into one that can be sent and kept, its files into references to their content.
 *
 * @param label the port as messages name it: ``Output `speak.audio` ``
 * @param name of the port, for content that has no name of its own
 */
export async function encodeValue(
  value: unknown,
  spec: Spec,
  label: string,
  name: string,
  context: EncodeContext,
): Promise<Result<StoredValue>> {
  try {
    const files = new Map<object, { readonly source: FileSource; readonly path: string }>();
    const plain = withPlaceholders(value, spec, context, files);
    const kept = new Map<object, Json>();
    for (const [placeholder, { source, path }] of files) {
      const file = await keepFile(source, context.blobs, label + path, name, context.signal);
      if (!file.ok) return file;
      kept.set(placeholder, { ...file.value });
    }
    const complete = kept.size === 0 ? plain : filled(plain, kept);
    return success(inlineValue(complete) ?? (await storeValue(complete, context.blobs)));
  } catch (error) {
    if (error instanceof NotPlain) {
      const message = `${label}${error.path} is ${error.what}, which cannot be kept or handed on.`;
      return failed({ reason: "invalid-output", message, hint: error.instead });
    }
    if (error instanceof StoreError) return failed(error.failure);
    throw error;
  }
}

/** Where a value stands decides which of its texts are files. */
type Place =
  /** This must be a file. */
  | "file"
  /** Part of a file component's value that may be a file or a caption. */
  | "part"
  /** Only what lies in the scratch folder is a file. */
  | "any";

function withPlaceholders(
  value: unknown,
  spec: Spec,
  context: EncodeContext,
  files: Map<object, { source: FileSource; path: string }>,
): Json {
  const hold = (source: FileSource, path: string): Json => {
    const placeholder = {};
    files.set(placeholder, { source, path });
    return placeholder;
  };
  const text = (text: string, path: string): Json | undefined => {
    switch (placeOf(spec, path)) {
      case "file":
        // Gradio's way of saying that there is none.
        return text === "" ? null : hold(fileSource(text, context.folder), path);
      case "part":
        return isFileText(text) ? hold(fileSource(text, context.folder), path) : undefined;
      case "any":
        return isOwnFile(text, context.scratch) ? hold({ kind: "path", path: text }, path) : undefined;
    }
  };
  return toPlain(value, { text, bytes: (bytes, path) => hold({ kind: "bytes", bytes }, path) });
}

function placeOf(spec: Spec, path: string): Place {
  if (spec === null) return "any";
  if (spec.component === "ItemList") {
    const match = /^\[\d+\]\.([\w$]+)(.*)$/s.exec(path);
    return match?.[1] === undefined ? "any" : placeOf(spec.fields[match[1]] ?? null, match[2] ?? "");
  }
  if (!FILE_COMPONENTS.has(spec.component)) return "any";
  // One file, or a list of them; deeper down (a gallery's [file, caption]) the first is the file.
  return /^(\[\d+\])?$/.test(path) || /^\[\d+\](\[0\]|\.(image|video|path))$/.test(path) ? "file" : "part";
}

function isFileText(text: string): boolean {
  return /^(data:[^,]*;base64,|file:\/\/)/i.test(text) || (isAbsolute(text) && existsSync(text));
}

function isOwnFile(text: string, scratch: string): boolean {
  return text.startsWith(scratch + sep) && (statSync(text, { throwIfNoEntry: false })?.isFile() ?? false);
}

function filled(value: Json, kept: ReadonlyMap<object, Json>): Json {
  if (typeof value !== "object" || value === null) return value;
  const file = kept.get(value);
  if (file !== undefined) return file;
  // `isArray` does not narrow readonly arrays.
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => filled(item, kept));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, kept)])); // entries of a JsonObject
}
