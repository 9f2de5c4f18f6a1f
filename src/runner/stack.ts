import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceRange } from "../model/source.js";
import { rangeFrom } from "./sourcePlace.js";

export interface Frame {
  /** As V8 printed it, with a path in place of a `file:` address. */
  readonly text: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

const bundleFolder = dirname(fileURLToPath(import.meta.url));
// Source maps make the product's own frames look as if they came from its sources, beside the bundle's folder.
const productFolders = [bundleFolder, join(dirname(bundleFolder), "src")].map((folder) => folder + sep);

/** The frames of code that isn't the product's or Node's, innermost first. */
export function userFrames(stack: string): Frame[] {
  return stack.split("\n").flatMap((line) => {
    const match = /^\s+at (?:(.*) \()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(line);
    if (!match) return [];
    const [, where, address = "", lineNumber, column] = match;
    const file = address.startsWith("file:") ? fileURLToPath(address.replace(/\?.*$/, "")) : address;
    if (productFolders.some((folder) => file.startsWith(folder))) return [];
    const place = `${file}:${lineNumber}:${column}`;
    const text = where === undefined ? `at ${place}` : `at ${where} (${place})`;
    return [{ text, file, line: Number(lineNumber), column: Number(column) }];
  });
}

/** The innermost frame that isn't a package's. */
export function locationOf(frames: readonly Frame[]): SourceRange | undefined {
  const frame = frames.find(({ file }) => !/[/\\]node_modules[/\\]/.test(file));
  return frame && rangeFrom(frame.file, frame.line, frame.column);
}
