import { resolve } from "node:path";
import { takesSeveral } from "../model/acceptedFiles.js";
import { choicesOf } from "../model/choices.js";
import { FILE_COMPONENTS, type ComponentSpec } from "../model/component.js";
import type { Json } from "../model/json.js";
import { failed, success, type Result } from "../model/outcome.js";
import { escaped, type FileRef, type Value } from "../model/value.js";
import { EXIT, misuse, type Refusal } from "./context.js";
import { fileTrouble } from "./fileTrouble.js";

/** Takes a file into the store, by absolute path. */
export type ImportFile = (path: string) => Promise<Result<FileRef>>;

/** Components whose values are texts: there `5` is a text, not a number. */
const TEXTS: ReadonlySet<string> = new Set(["Textbox", "Text", "TextArea", "Code", "Markdown", "HTML", "ColorPicker"]);
const CHOOSERS: ReadonlySet<string> = new Set(["Radio", "Dropdown", "CheckboxGroup"]);

/**
 * What was written, as the control takes it: JSON, a text, a choice or the content of files.
 * @param where `node.port`, for messages
 */
export async function givenValue(
  where: string,
  spec: ComponentSpec,
  text: string,
  cwd: string,
  importFile: ImportFile,
): Promise<Result<Value, Refusal>> {
  if (TEXTS.has(spec.component)) return success(textOf(text));
  if (FILE_COMPONENTS.has(spec.component)) return readFiles(where, spec, text, cwd, importFile);
  const value = CHOOSERS.has(spec.component) ? chosen(spec, text) : parsed(text);
  if (value !== null) return success(value);
  // A request takes it for the default, which nobody would expect of a value that was written.
  return misuse(`\`${where}\` can't be null; left out, it has what the sheet holds.`);
}

/** `"5"` is written for the text 5 as well as `5`; with line breaks it has to be JSON. */
function textOf(text: string): string {
  const value = parsed(text);
  return typeof value === "string" ? value : text;
}

function parsed(text: string): Value {
  try {
    return escaped(JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

/** The choice that is meant: by its value, or by the name that a card shows; several as a JSON list. */
function chosen(spec: ComponentSpec, text: string): Value {
  const choices = choicesOf(spec);
  const meant = (written: Value): Value => {
    const json = JSON.stringify(written);
    const byValue = choices.find(({ value }) => JSON.stringify(value) === json);
    return (byValue ?? choices.find(({ name }) => name === written))?.value ?? written;
  };
  const asText = meant(text);
  if (asText !== text || choices.some(({ value }) => value === text)) return asText;
  const value = parsed(text);
  // `isArray` does not narrow readonly arrays.
  if (Array.isArray(value)) return (value as readonly Value[]).map(meant);
  const asValue = meant(value);
  const isChoice = choices.some((choice) => choice.value === asValue);
  // What is typed beside the choices is a text, whatever it looks like.
  return isChoice || spec.props.allowCustomValue !== true ? asValue : text;
}

/** A path as it is, or as JSON: a path, a list of paths, or a list of pairs of a path and its caption. */
async function readFiles(
  where: string,
  spec: ComponentSpec,
  text: string,
  cwd: string,
  importFile: ImportFile,
): Promise<Result<Value, Refusal>> {
  const value = /^\s*["[]/.test(text) ? parsed(text) : text;
  const files = await withFiles(where, value, cwd, importFile);
  return files.ok && takesSeveral(spec) && !Array.isArray(files.value) ? success([files.value]) : files;
}

async function withFiles(
  where: string,
  value: Value,
  cwd: string,
  importFile: ImportFile,
): Promise<Result<Value, Refusal>> {
  if (Array.isArray(value)) {
    const items: Value[] = [];
    // `isArray` does not narrow readonly arrays.
    for (const item of value as readonly Value[]) {
      const [path, caption] = Array.isArray(item) ? (item as readonly Value[]) : [item];
      const file = await withFiles(where, path ?? null, cwd, importFile);
      if (!file.ok) return file;
      items.push(caption === undefined ? file.value : [file.value, caption]);
    }
    return success(items);
  }
  if (typeof value !== "string" || value === "") return misuse(`\`${where}\` takes the path of a file.`);
  if (/^https?:/i.test(value)) return misuse(`\`${where}\` takes a file of this machine; download ${value} first.`);
  const path = resolve(cwd, value);
  const trouble = fileTrouble(path);
  if (trouble !== null) return misuse(`\`${where}\`: ${value} ${trouble}.`);
  const file = await importFile(path);
  return file.ok ? success({ ...file.value }) : failed({ message: file.failure.message, exitCode: EXIT.failed });
}
