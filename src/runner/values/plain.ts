import type { Json } from "../../model/json.js";
import { describe } from "./describe.js";

/** Where a value stands below the one that user code gave: keys and indexes, outermost first. */
export type Path = readonly (string | number)[];

/** A value that cannot be kept, found while looking through what user code gave. */
export class NotPlain extends Error {
  /** Where it stands below the value itself: `.stats[2]`, or nothing. */
  readonly path: string;

  /**
   * @param what for example `a Map, which cannot be kept`, to be put behind "is"
   * @param instead what to do, in a sentence
   */
  constructor(
    path: Path | string,
    readonly what: string,
    readonly instead: string,
  ) {
    super(what);
    this.path = typeof path === "string" ? path : pathText(path);
  }
}

/**
 * What a value becomes other than by being copied: a file's stand-in. `undefined`: nothing special. Bytes (`Blob`, `ArrayBuffer`,
 * `Uint8Array` and its kin `Buffer`) that are nothing special are refused.
 */
export type Visitor = (value: unknown, path: Path) => Json | undefined;

/** Deeper than this nothing is kept: what is to read it, here or elsewhere, may go through it by recursion. */
const DEEPEST = 1000;

/** Longer lists than this (16 million) are data for a file; a sparse array claims any length for nothing. */
const LONGEST = 2 ** 24;

/**
 * Copies a value of user code to plain JSON. What `JSON.stringify` converts is converted as it does it (`toJSON`, so dates become
 * ISO texts; `undefined` vanishes; holes become `null`, -0 becomes 0); number arrays such as `Float32Array` become arrays. What it
 * would lose silently is refused.
 *
 * @throws {NotPlain} and whatever the value's own code throws: getters, `toJSON`, proxies
 */
export function toPlain(value: unknown, visit: Visitor = () => undefined): Json {
  const path: (string | number)[] = [];
  const above = new Set<object>();

  function copy(value: unknown): Json {
    const visited = visit(value, path);
    if (visited !== undefined) return visited;
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "undefined":
        return null;
      case "number":
        if (Number.isFinite(value)) return value === 0 ? 0 : value;
        return refuse(String(value), "Give null, or a finite number.");
      case "bigint":
        return refuse("a BigInt", "Convert it with Number(…) or String(…).");
      case "function":
        return refuse(describe(value), "Call it, or leave it out.");
      case "symbol":
        return refuse("a symbol", "Give a string.");
      case "object":
        return value === null ? null : copyObject(value);
    }
  }

  function copyObject(value: object): Json {
    if (above.has(value)) return refuse("circular: it contains itself", "Leave that part out.");
    if (path.length >= DEEPEST) {
      return refuse(
        `nested more than ${DEEPEST} levels deep`,
        "Give something flatter, or the path of a file with it.",
      );
    }
    if (bytesOf(value)) return refuse("bytes", "Write them to a file and give its path.");
    above.add(value);
    try {
      if (Array.isArray(value)) return copyList(value);
      // What is a view and not bytes is an array of numbers; BigInts among them are refused one by one.
      if (ArrayBuffer.isView(value)) return copyList(value as Float64Array);
      if ("toJSON" in value && typeof value.toJSON === "function") return copy((value.toJSON as () => unknown)());
      refuseExotic(value);
      const entries: [string, Json][] = [];
      for (const key of Object.keys(value)) {
        path.push(key);
        const item = read(value, key);
        if (item !== undefined) entries.push([key, copy(item)]);
        path.pop();
      }
      return Object.fromEntries(entries);
    } finally {
      above.delete(value);
    }
  }

  function copyList(list: ArrayLike<unknown>): Json {
    const { length } = list;
    if (length > LONGEST) return refuse(`a list of ${length} items`, "Write them to a file and give its path.");
    const items: Json[] = [];
    for (let i = 0; i < length; i++) {
      path.push(i);
      items.push(copy(list[i]));
      path.pop();
    }
    return items;
  }

  function read(value: object, key: string): unknown {
    try {
      return (value as Record<string, unknown>)[key]; // any object may be read by key
    } catch (error) {
      return refuse(
        `a property whose getter throws ${describe(error)}`,
        "Give a plain object with the values themselves.",
      );
    }
  }

  function refuse(what: string, instead: string): never {
    throw new NotPlain(path, `${what}, which cannot be kept or handed on`, instead);
  }

  function refuseExotic(value: object): void {
    if (value instanceof Map) refuse("a Map", "Convert it with Object.fromEntries(map).");
    if (value instanceof Set) refuse("a Set", "Convert it with [...set].");
    if (value instanceof Promise) refuse("a Promise", "Await it.");
    if (value instanceof Error) refuse(describe(value), "Throw it, or give its message.");
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === null || prototype === Object.prototype) return;
    // Objects of other realms have another Object.prototype, whose own prototype is null all the same.
    if (Object.getPrototypeOf(prototype) === null) return;
    refuse(describe(value), "Give a plain object, or give the class a toJSON method.");
  }

  return copy(value);
}

export function bytesOf(value: unknown): Blob | Uint8Array | undefined {
  if (value instanceof Blob || value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView || value instanceof Uint8ClampedArray) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return undefined;
}

/** The path of something deep inside is not read to its end. */
const PATH_LENGTH = 120;

/** As code would write it: `.stats[2]`. */
export function pathText(path: Path): string {
  let text = "";
  for (const key of path) {
    if (text.length > PATH_LENGTH) return `${text}…`;
    const isName = typeof key === "string" && /^[A-Za-z_$][\w$]*$/.test(key);
    text += isName ? `.${key}` : `[${typeof key === "string" ? JSON.stringify(key) : key}]`;
  }
  return text;
}
