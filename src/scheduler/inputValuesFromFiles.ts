import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FILE_COMPONENTS, type ComponentSpec } from "../model/component.js";
import type { Failure } from "../model/failure.js";
import { controlsOf } from "../model/controls.js";
import type { Graph } from "../model/graph.js";
import { escaped, filesIn, type StoredValue, type Value } from "../model/value.js";
import { chunksOf, openSource, same, signatureOf, type Signature } from "../store/blobFile.js";
import { StoreError, type BlobStore } from "../store/blobs.js";
import { digestOf, storeValue } from "../store/storedValue.js";
import { isAddress } from "./inputValues.js";

/** What the controls of a graph have for their defaults where those are files, and fixed values that name files. */
export interface FileDefaults {
  /** By control; fixed values by `node.port`. */
  readonly values: Readonly<Record<string, StoredValue>>;
  /** Controls whose file could not be taken in, by control: `not-found` or `store`. */
  readonly failures: Readonly<Record<string, Failure>>;
  /** Absolute paths of all files that count, or would if they were there. */
  readonly files: readonly string[];
}

/**
 * Takes default files, which authors name by a path relative to the workflow file, into the store. A file is read again
 * only when it is another file, or its size or time of change is another.
 */
export class FileDefaultReader {
  /** SHA-256 by path. */
  readonly #hashed = new Map<string, { readonly signature: Signature; readonly digest: string }>();
  readonly #taken = new Map<string, { readonly signature: Signature; readonly value: Value }>();

  constructor(readonly blobs: BlobStore) {}

  /** Put `values` under what was typed: `{ ...defaults.values, ...sheet.values }`. */
  async read(graph: Graph): Promise<FileDefaults> {
    const values: Record<string, StoredValue> = {};
    const failures: Record<string, Failure> = {};
    const files = new Set<string>();
    for (const [name, value] of fixedValues(graph)) {
      const contents = await this.#contentsOf(value, dirname(graph.file), files);
      // The value itself stays as it is written: whether the app takes it for a file is the app's to say.
      if (contents.length > 0) {
        values[name] = { kind: "inline", digest: digestOf([value, contents]), value: escaped(value) };
      }
    }
    for (const [control, spec] of fileControls(graph)) {
      try {
        const value = await this.#withFiles(spec.value ?? null, dirname(graph.file), files);
        values[control] = await storeValue(value, this.blobs);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        failures[control] = { ...error.failure, message: `Default of \`${control}\`: ${error.failure.message}` };
      }
    }
    return { values, failures, files: [...files] };
  }

  /** What is in the files that a value names, each by the name it has there. */
  async #contentsOf(value: Value, folder: string, files: Set<string>): Promise<Value[]> {
    if (typeof value === "object") {
      const items = await Promise.all(Object.values(value ?? {}).map((item) => this.#contentsOf(item, folder, files)));
      return items.flat();
    }
    if (typeof value !== "string" || value === "" || value.length > LONGEST_PATH || isAddress(value)) return [];
    const path = pathOf(value, folder);
    const signature = path === null ? null : await signatureOf(path).catch(() => null);
    if (path === null || !signature) return [];
    files.add(path);
    const before = this.#hashed.get(path);
    if (before && same(before.signature, signature)) return [[value, before.digest]];
    const digest = await digestOfContent(path).catch(() => null);
    // Gone by now: whoever reads it will say so.
    if (digest === null) return [];
    this.#hashed.set(path, { signature, digest });
    return [[value, digest]];
  }

  /** A path, a list of paths, or a gallery's list of paths with captions. */
  async #withFiles(value: Value, folder: string, files: Set<string>): Promise<Value> {
    if (typeof value === "string") return !isAddress(value) ? this.#take(value, folder, files) : value;
    if (!Array.isArray(value)) return value;
    // `isArray` does not narrow readonly arrays.
    const items = value as readonly Value[];
    return Promise.all(
      items.map(async (item) => {
        if (!Array.isArray(item)) return this.#withFiles(item, folder, files);
        const [path = null, ...captions] = item as readonly Value[];
        return [await this.#withFiles(path, folder, files), ...captions];
      }),
    );
  }

  async #take(text: string, folder: string, files: Set<string>): Promise<Value> {
    const path = pathOf(text, folder);
    if (path === null) throw new StoreError({ reason: "not-found", message: `${text} is no address of a file here` });
    files.add(path);
    const signature = await signatureOf(path).catch(() => null);
    const before = this.#taken.get(path);
    // Nothing on disk names it, so it may have been swept away.
    const isThere = filesIn(before?.value ?? null).every((file) => existsSync(this.blobs.path(file.$file)));
    if (before && same(before.signature, signature) && isThere) return before.value;
    const ref = await this.blobs.putFile(path);
    const value: Value = { $file: ref.$file, name: ref.name, mediaType: ref.mediaType, size: ref.size };
    if (signature) this.#taken.set(path, { signature, value });
    return value;
  }
}

function isFileAddress(text: string): boolean {
  return text.startsWith("file:");
}

/** What no system takes for a path. UTF-16 code units. */
const LONGEST_PATH = 4096;

/** `null`: it begins like the address of a file, and is none of this machine (`file://host/a.png`, a text about `file:`). */
function pathOf(text: string, folder: string): string | null {
  if (!isFileAddress(text)) return isAbsolute(text) ? text : join(folder, text);
  try {
    return fileURLToPath(text);
  } catch {
    return null;
  }
}

async function digestOfContent(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await openSource(path);
  try {
    for await (const chunk of chunksOf(file)) hash.update(chunk);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

/** The fixed values of nodes that call an app or a model, which read the files that these name: by `node.port`. */
function fixedValues(graph: Graph): [string, Value][] {
  return graph.nodes.flatMap(({ id, kind, inputs }) =>
    kind !== "gradio" && kind !== "inference"
      ? []
      : inputs.flatMap(({ name, source }): [string, Value][] =>
          source.kind === "fixed" && source.value !== undefined ? [[`${id}.${name}`, source.value]] : [],
        ),
  );
}

function fileControls(graph: Graph): [string, ComponentSpec][] {
  return [...controlsOf(graph)].filter(([, { component, value }]) => {
    return FILE_COMPONENTS.has(component) && value !== undefined && value !== null && value !== "";
  });
}
