import { statSync } from "node:fs";
import { sep } from "node:path";
import { type Result, success } from "../../../model/outcome.js";
import { mayHoldFiles, type Shape } from "./pythonType.js";

export interface Bringer {
  /** Brings a file to the app; answers what the app has to be told about it. */
  readonly put: (file: unknown) => Promise<Result<unknown>>;
  /** The folder whose paths are files, wherever they stand. */
  readonly own: string;
}

/**
 * The value of a component of somebody else's making, with the files in it uploaded: those where its type has a file, and where its type
 * doesn't tell, those that only this program can have put there.
 */
export async function withFilesSent(value: unknown, shape: Shape, bringer: Bringer): Promise<Result<unknown>> {
  if (value === null || value === undefined || !mayHoldFiles(shape)) return success(value);
  switch (shape.kind) {
    case "plain":
      return success(value);
    case "file":
      return Array.isArray(value) ? eachSent(value, () => shape, bringer) : bringer.put(value);
    case "any":
      if (typeof value === "string") return isOwnFile(value, bringer.own) ? bringer.put(value) : success(value);
      if (value instanceof Blob || value instanceof Uint8Array) return bringer.put(value);
      return holderSent(value, () => shape, bringer);
    case "list":
      return holderSent(value, (key) => shape.items[Number(key)] ?? shape.items.at(-1) ?? anyShape, bringer);
    case "record":
      return holderSent(value, (key) => shape.fields.get(key) ?? shape.rest, bringer);
    case "union":
      return withFilesSent(value, memberFor(value, shape.of), bringer);
  }
}

const anyShape: Shape = { kind: "any" };

/** Which of several shapes a value has. */
function memberFor(value: unknown, of: readonly Shape[]): Shape {
  const first = (kind: Shape["kind"]) => of.find((shape) => shape.kind === kind);
  const untold = first("any") ?? { kind: "plain", isText: false };
  if (typeof value === "string") {
    // What may be a text, too, is one unless this program made a file of it.
    return of.some((shape) => shape.kind === "plain" && shape.isText) ? anyShape : (first("file") ?? untold);
  }
  if (Array.isArray(value)) return first("list") ?? untold;
  const isFile = value instanceof Blob || value instanceof Uint8Array || isFileData(value);
  return (isFile ? first("file") : first("record")) ?? untold;
}

function isFileData(value: unknown): boolean {
  return typeof value === "object" && value !== null && "path" in value && "meta" in value;
}

function holderSent(value: unknown, shapeAt: (key: string) => Shape, bringer: Bringer): Promise<Result<unknown>> {
  if (Array.isArray(value)) return eachSent(value, (index) => shapeAt(String(index)), bringer);
  const isPlain = typeof value === "object" && value !== null && !isFileData(value);
  return isPlain ? fieldsSent(value, shapeAt, bringer) : Promise.resolve(success(value));
}

async function eachSent(
  values: readonly unknown[],
  shapeAt: (index: number) => Shape,
  bringer: Bringer,
): Promise<Result<unknown[]>> {
  const sent: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const each = await withFilesSent(value, shapeAt(index), bringer);
    if (!each.ok) return each;
    sent.push(each.value);
  }
  return success(sent);
}

async function fieldsSent(
  value: object,
  shapeAt: (key: string) => Shape,
  bringer: Bringer,
): Promise<Result<Record<string, unknown>>> {
  const sent: [string, unknown][] = [];
  for (const [key, field] of Object.entries(value)) {
    const each = await withFilesSent(field, shapeAt(key), bringer);
    if (!each.ok) return each;
    sent.push([key, each.value]);
  }
  return success(Object.fromEntries(sent));
}

function isOwnFile(text: string, own: string): boolean {
  return text.startsWith(own + sep) && statSync(text, { throwIfNoEntry: false })?.isFile() === true;
}
