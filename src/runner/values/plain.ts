import type { Json } from "../../model/json.js";

/** A value that JSON cannot hold, found while looking through what user code gave. */
export class NotPlain extends Error {
  /**
   * @param path where it stands below the value itself: `.stats[2]`, or nothing
   * @param what for example `a Map`, to be put behind "is"
   * @param instead what to do, in a sentence
   */
  constructor(
    readonly path: string,
    readonly what: string,
    readonly instead: string,
  ) {
    super(`${path} is ${what}`);
  }
}

/** What to do with the values that are not simply copied. `undefined`: nothing special. */
export interface PlainVisitor {
  /** A string that stands for something else (a file). */
  text?(text: string, path: string): Json | undefined;
  /** Bytes: `Blob`, `ArrayBuffer`, `Uint8Array` and its kin `Buffer`. Without it bytes are refused. */
  bytes?(bytes: Blob | Uint8Array, path: string): Json;
}

/**
 * Copies a value of user code to plain JSON. What `JSON.stringify` converts is converted as it does it (`toJSON`, so dates become
 * ISO texts; `undefined` vanishes); number arrays such as `Float32Array` become arrays. What it would lose silently is refused.
 *
 * @throws {NotPlain}
 */
export function toPlain(value: unknown, visitor: PlainVisitor = {}): Json {
  return copy(value, "", visitor, new Set());
}

function copy(value: unknown, path: string, visitor: PlainVisitor, above: Set<object>): Json {
  switch (typeof value) {
    case "string":
      return visitor.text?.(value, path) ?? value;
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "number":
      if (Number.isFinite(value)) return value;
      throw new NotPlain(path, String(value), "Give null, or a finite number.");
    case "bigint":
      throw new NotPlain(path, "a BigInt", "Convert it with Number(…) or String(…).");
    case "function":
      throw new NotPlain(path, value.name ? `the function ${value.name}` : "a function", "Call it, or leave it out.");
    case "symbol":
      throw new NotPlain(path, "a symbol", "Give a string.");
    case "object":
      return value === null ? null : copyObject(value, path, visitor, above);
  }
}

function copyObject(value: object, path: string, visitor: PlainVisitor, above: Set<object>): Json {
  if (above.has(value)) throw new NotPlain(path, "circular: it contains itself", "Leave that part out.");
  const bytes = bytesOf(value);
  if (bytes) {
    if (visitor.bytes) return visitor.bytes(bytes, path);
    throw new NotPlain(path, "bytes", "Write them to a file and give its path.");
  }
  above.add(value);
  try {
    if (Array.isArray(value)) return value.map((item, i) => copy(item, `${path}[${i}]`, visitor, above));
    if (ArrayBuffer.isView(value)) {
      // What is a view and not bytes is an array of numbers; of BigInts, the numbers are refused one by one.
      return Array.from(value as Float64Array, (item, i) => copy(item, `${path}[${i}]`, visitor, above));
    }
    if ("toJSON" in value && typeof value.toJSON === "function") {
      return copy((value.toJSON as () => unknown)(), path, visitor, above);
    }
    refuseExotic(value, path);
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([key, each]) => [key, copy(each, below(path, key), visitor, above)]));
  } finally {
    above.delete(value);
  }
}

export function below(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function bytesOf(value: object): Blob | Uint8Array | undefined {
  if (value instanceof Blob || value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Uint8ClampedArray) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

function refuseExotic(value: object, path: string): void {
  if (value instanceof Map) throw new NotPlain(path, "a Map", "Convert it with Object.fromEntries(map).");
  if (value instanceof Set) throw new NotPlain(path, "a Set", "Convert it with [...set].");
  if (value instanceof Promise) throw new NotPlain(path, "a Promise", "Await it.");
  if (value instanceof Error) throw new NotPlain(path, `an ${value.name}`, "Throw it, or give its message.");
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return;
  // Objects of other realms have another Object.prototype, whose own prototype is null all the same.
  if (Object.getPrototypeOf(prototype) === null) return;
  const { name } = value.constructor as { name?: string }; // a class whose prototype isn't Object's has a constructor
  throw new NotPlain(
    path,
    `an instance of ${name ?? "a class"}`,
    "Give a plain object, or give the class a toJSON method.",
  );
}
