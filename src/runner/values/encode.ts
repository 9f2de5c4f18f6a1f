import { statSync } from "node:fs";
import { sep } from "node:path";
import type { ComponentSpec, ItemListSpec } from "../../model/component.js";
import type { Json } from "../../model/json.js";
import { failed, type Result, success } from "../../model/outcome.js";
import { escaped, type StoredValue, type Value } from "../../model/value.js";
import { type BlobStore, StoreError } from "../../store/blobs.js";
import { inlineValue, storeValue } from "../../store/storedValue.js";
import { describe } from "./describe.js";
import { holdsFiles, placeOf } from "./filePlace.js";
import { type FileSource, fileSourceOf, keepFile } from "./fileSource.js";
import { bytesOf, NotPlain, type Path, pathText, toPlain } from "./plain.js";

export interface EncodeContext {
  readonly blobs: BlobStore;
  /** The folder whose files belong to the execution: a path in it is a file, wherever it stands. */
  readonly scratch: string;
  /** The paths in it that the function was given to write to. */
  readonly handedOut: ReadonlySet<string>;
  /** The workflow's folder, from which relative paths count. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told in a sentence which numbers become `null`, because JSON lacks them (NaN, infinities). Absent: they are refused. */
  readonly lost?: (text: string) => void;
}

type Spec = ComponentSpec | ItemListSpec | null;
/** Files by what stands for them in the copied value. */
type Files = Map<object, { readonly source: FileSource; readonly path: string }>;

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
  const files: Files = new Map();
  const plain = readValue(value, spec, label, context, files);
  if (!plain.ok) return plain;
  try {
    const kept = new Map<object, Json>();
    for (const [standIn, { source, path }] of files) {
      const file = await keepFile(source, context.blobs, label + path, name, context.signal);
      if (!file.ok) return file;
      kept.set(standIn, { ...file.value });
    }
    const complete = kept.size === 0 ? plain.value : filled(plain.value, kept);
    return success(inlineValue(complete) ?? (await storeValue(complete, context.blobs)));
  } catch (error) {
    if (error instanceof StoreError) return failed(error.failure);
    throw error;
  }
}

/** Looking at a value runs user code: getters, `toJSON`, proxies. */
function readValue(value: unknown, spec: Spec, label: string, context: EncodeContext, files: Files): Result<Value> {
  try {
    const lost: Lost[] = [];
    const plain = escaped(withStandIns(value, spec, context, files, lost));
    const [first, ...others] = lost;
    if (first) context.lost?.(lostNumbers(label, first, others));
    return success(plain);
  } catch (error) {
    return failed({
      reason: "invalid-output",
      ...(error instanceof NotPlain
        ? { message: `${label}${error.path} is ${error.what}.`, hint: error.instead }
        : {
            message: `${label} cannot be read: doing so threw ${describe(error)}.`,
            hint: "Give plain values: texts, numbers, lists and objects of such, or paths of files.",
          }),
    });
  }
}

/** A number that JSON doesn't have, and where it stood. */
interface Lost {
  readonly number: number;
  readonly place: string;
}

/** So many are named by their places. */
const NAMED = 3;

function lostNumbers(label: string, { number, place }: Lost, others: readonly Lost[]): string {
  const also = others.slice(0, NAMED - 1).map((other) => `${other.number} at ${other.place}`);
  const more = others.length - also.length;
  const rest = [...also, ...(more > 0 ? [`${more} more`] : [])].map((each) => `, ${each}`).join("");
  const numbers = others.length > 0 ? "numbers" : "number";
  return `${label}${place} is ${number}${rest}: kept and handed on as null, for JSON has no such ${numbers}.`;
}

function withStandIns(value: unknown, spec: Spec, context: EncodeContext, files: Files, lost: Lost[]): Json {
  const hold = (source: FileSource, path: Path): Json => {
    const standIn = {};
    files.set(standIn, { source, path: pathText(path) });
    return standIn;
  };
  return toPlain(value, (each, path) => {
    const place = placeOf(spec, path);
    if (place.kind === "any") {
      if (typeof each === "string") {
        return isOwnFile(each, path, context) ? hold({ kind: "path", path: each }, path) : undefined;
      }
      if (context.lost && typeof each === "number" && !Number.isFinite(each)) {
        lost.push({ number: each, place: lost.length < NAMED ? pathText(path) : "" });
        return null;
      }
      const bytes = bytesOf(each);
      return bytes && hold({ kind: "bytes", bytes }, path);
    }
    if (holdsFiles(place, each)) return undefined;
    const source = fileSourceOf(each, context.folder);
    if (source !== undefined) return source === null ? null : hold(source, path);
    const instead = Array.isArray(each)
      ? "Return one file's path; gr.Gallery and gr.File take lists of them."
      : "Return the file's absolute path, as `outputFile(name)` of the function's context makes one, or its bytes; null if there is none.";
    throw new NotPlain(path, `${describe(each)}, but ${place.component} takes a file`, instead);
  });
}

function isOwnFile(text: string, path: Path, { scratch, handedOut }: EncodeContext): boolean {
  if (!text.startsWith(scratch + sep)) return false;
  if (statSync(text, { throwIfNoEntry: false })?.isFile()) return true;
  // Elsewhere a text that begins like that is just a text.
  if (!handedOut.has(text)) return false;
  throw new NotPlain(
    path,
    "a path that outputFile gave, but no file was written there",
    "Write the file, and wait until it is written, before you return its path.",
  );
}

function filled(value: Value, kept: ReadonlyMap<object, Json>): Value {
  if (typeof value !== "object" || value === null) return value;
  const file = kept.get(value);
  if (file !== undefined) return file;
  // `isArray` does not narrow readonly arrays.
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => filled(item, kept));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, kept)])); // entries of a JsonObject
}
