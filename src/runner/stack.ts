import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceRange } from "../model/source.js";
import { rangeFrom } from "./sourcePlace.js";

export interface Frame {
  /** `at greet (/flow.daggr.ts:3:7)`, with a path in place of a `file:` address. */
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
    const name = functionName(where ?? "");
    const text = name === "" ? `at ${place}` : `at ${name} (${place})`;
    return [{ text, file, line: Number(lineNumber), column: Number(column) }];
  });
}

/**
 * A frame's function as its author would call it. V8 makes names up where there are none: by the call that a function is written in
 * (`FnNode.inputs.how`), by what it happens to be called on (`Object.boom [as fn]`). Empty: it has no name.
 *
 * @param where as V8 printed it
 */
function functionName(where: string): string {
  const name = where.replace(/ \[as [^\]]*\]$/, "").replace(/^async /, "");
  if (/<anonymous>$|^(new )?(FnNode|GradioNode|InferenceNode|InputNode|ApproveNode|ChooseOneNode|Graph)\b/.test(name))
    return "";
  return name.replace(/^(Object|Module|Function)\./, "").replace(/^fn$/, "");
}

/** The innermost frame that isn't a package's. */
export function locationOf(frames: readonly Frame[]): SourceRange | undefined {
  const frame = frames.find(({ file }) => !/[/\\]node_modules[/\\]/.test(file));
  return frame && rangeFrom(frame.file, frame.line, frame.column);
}
