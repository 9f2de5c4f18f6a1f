/** `--input NODE.PORT=VALUE`: values for one run, in place of what the sheet holds. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { nearest } from "../analysis/suggestion.js";
import { unfit } from "../engine/controls.js";
import { FILE_COMPONENTS, type ComponentSpec } from "../model/component.js";
import type { Graph, GraphNode } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { FileRef, Value } from "../model/value.js";
import { EXIT, misuse, type Refusal } from "./context.js";

/** Takes a file into the store, by absolute path. */
export type ImportFile = (path: string) => Promise<Result<FileRef>>;

interface Control {
  readonly id: string;
  readonly spec: ComponentSpec;
}

/**
 * The values by control, as a run request takes them.
 * @param written each as `NODE.PORT=VALUE`
 */
export async function givenInputs(
  graph: Graph,
  written: readonly string[],
  cwd: string,
  importFile: ImportFile,
): Promise<Result<Record<string, Value>, Refusal>> {
  const values: Record<string, Value> = {};
  for (const text of written) {
    const [, node, port, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? [];
    if (node === undefined || port === undefined || value === undefined) {
      return misuse(`--input ${text}: write it as NODE.PORT=VALUE.`);
    }
    const control = findControl(graph, node, port);
    if (!control.ok) return control;
    const where = `${node}.${port}`;
    const { id, spec } = control.value;
    const read = await readValue(where, spec, value, cwd, importFile);
    if (!read.ok) return read;
    const problem = unfit(where, spec, read.value);
    if (problem) return misuse(problem.message);
    values[id] = read.value;
  }
  return success(values);
}

/** The node of that id, or the one that was probably meant. */
export function findNamedNode(graph: Graph, id: string): Result<GraphNode, Refusal> {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  if (node) return success(node);
  const ids = graph.nodes.map((candidate) => candidate.id);
  return misuse(`There is no node \`${id}\`.${suggestion(id, ids, "The nodes are")}`);
}

function findControl(graph: Graph, nodeId: string, port: string): Result<Control, Refusal> {
  const found = findNamedNode(graph, nodeId);
  if (!found.ok) return found;
  const node = found.value;
  const controls = new Map<string, Control>();
  for (const { name, source } of node.inputs) {
    if (source.kind === "component") controls.set(name, { id: source.control, spec: source.spec });
  }
  for (const { name, control, spec } of node.outputs) {
    if (control !== undefined && spec && spec.component !== "ItemList") controls.set(name, { id: control, spec });
  }
  const control = controls.get(port);
  if (control) return success(control);

  const fixed = node.inputs.find(({ name }) => name === port);
  if (fixed) {
    const why = { edge: "is wired to another node", fixed: "is fixed in the file", callable: "is drawn for every run" };
    const how = fixed.source.kind === "component" ? "" : ` ${why[fixed.source.kind]}`;
    return misuse(`\`${nodeId}.${port}\`${how}; only inputs with a control can be given.`);
  }
  return misuse(`\`${nodeId}\` has no input \`${port}\`.${suggestion(port, [...controls.keys()], "It takes")}`);
}

function suggestion(written: string, known: readonly string[], list: string): string {
  const near = nearest(written, known);
  if (near !== null) return ` Did you mean \`${near}\`?`;
  return known.length > 0 ? ` ${list}: ${known.join(", ")}.` : "";
}

/** Components whose values are texts: there `5` is a text, not a number. */
const TEXTS: ReadonlySet<string> = new Set(["Textbox", "Text", "TextArea", "Code", "Markdown", "HTML", "ColorPicker"]);

async function readValue(
  where: string,
  spec: ComponentSpec,
  text: string,
  cwd: string,
  importFile: ImportFile,
): Promise<Result<Value, Refusal>> {
  const value = parsed(text);
  if (FILE_COMPONENTS.has(spec.component)) return withFiles(where, value, cwd, importFile);
  return success(TEXTS.has(spec.component) && typeof value !== "string" && value !== null ? text : value);
}

function parsed(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

/** A path, a list of paths, or a list of pairs of a path and its caption. */
async function withFiles(
  where: string,
  value: Value,
  cwd: string,
  importFile: ImportFile,
): Promise<Result<Value, Refusal>> {
  if (value === null) return success(null);
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
  if (typeof value !== "string") return misuse(`\`${where}\` takes the path of a file.`);
  const path = resolve(cwd, value);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return misuse(`\`${where}\`: there is no file ${value}.`);
  const file = await importFile(path);
  return file.ok ? success({ ...file.value }) : failed({ message: file.failure.message, exitCode: EXIT.failed });
}
