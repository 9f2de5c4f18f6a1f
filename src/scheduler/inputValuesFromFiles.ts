import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FILE_COMPONENTS, type ComponentSpec } from "../model/component.js";
import type { Failure } from "../model/failure.js";
import { controlsOf, type Graph } from "../model/graph.js";
import { filesIn, type StoredValue, type Value } from "../model/value.js";
import { same, signatureOf, type Signature } from "../store/blobFile.js";
import { StoreError, type BlobStore } from "../store/blobs.js";
import { storeValue } from "../store/storedValue.js";
import { isAddress } from "./inputValues.js";

/** What the controls of a graph have for their defaults where those are files. */
export interface FileDefaults {
  /** By control. */
  readonly values: Readonly<Record<string, StoredValue>>;
  /** Controls whose file could not be taken in, by control: `not-found` or `store`. */
  readonly failures: Readonly<Record<string, Failure>>;
}

/**
 * Takes default files, which authors name by a path relative to the workflow file, into the store. A file is read again
 * only when it is another file, or its size or time of change is another.
 */
export class FileDefaultReader {
  readonly #taken = new Map<string, { readonly signature: Signature; readonly value: Value }>();

  constructor(readonly blobs: BlobStore) {}

  /** Put `values` under what was typed: `{ ...defaults.values, ...sheet.values }`. */
  async read(graph: Graph): Promise<FileDefaults> {
    const values: Record<string, StoredValue> = {};
    const failures: Record<string, Failure> = {};
    for (const [control, spec] of fileControls(graph)) {
      try {
        values[control] = await storeValue(await this.#withFiles(spec.value ?? null, dirname(graph.file)), this.blobs);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        failures[control] = { ...error.failure, message: `Default of \`${control}\`: ${error.failure.message}` };
      }
    }
    return { values, failures };
  }

  /** A path, a list of paths, or a gallery's list of paths with captions. */
  async #withFiles(value: Value, folder: string): Promise<Value> {
    if (typeof value === "string") return !isAddress(value) ? this.#take(value, folder) : value;
    if (!Array.isArray(value)) return value;
    // `isArray` does not narrow readonly arrays.
    const items = value as readonly Value[];
    return Promise.all(
      items.map(async (item) => {
        if (!Array.isArray(item)) return this.#withFiles(item, folder);
        const [path = null, ...captions] = item as readonly Value[];
        return [await this.#withFiles(path, folder), ...captions];
      }),
    );
  }

  async #take(text: string, folder: string): Promise<Value> {
    const plain = isFileAddress(text) ? fileURLToPath(text) : text;
    const path = isAbsolute(plain) ? plain : join(folder, plain);
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

function fileControls(graph: Graph): [string, ComponentSpec][] {
  return [...controlsOf(graph)].filter(([, { component, value }]) => {
    return FILE_COMPONENTS.has(component) && value !== undefined && value !== null && value !== "";
  });
}
