/** `--input NODE.PORT=VALUE`: values for one run, in place of what the sheet holds. */
import { nearest } from "../analysis/suggestion.js";
import { unfit } from "../engine/controls.js";
import type { ComponentSpec } from "../model/component.js";
import type { Graph, GraphNode } from "../model/graph.js";
import { success, type Result } from "../model/outcome.js";
import type { Value } from "../model/value.js";
import { misuse, type Refusal } from "./context.js";
import { givenValue, type ImportFile } from "./givenValue.js";

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
  const given = new Map<string, Given>();
  for (const text of written) {
    const [, node, port, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? [];
    if (node === undefined || port === undefined || value === undefined) {
      return misuse(`--input ${text}: write it as NODE.PORT=VALUE.`);
    }
    const control = findControl(graph, node, port);
    if (!control.ok) return control;
    const where = `${node}.${port}`;
    const { id, spec } = control.value;
    const read = await givenValue(where, spec, value, cwd, importFile);
    if (!read.ok) return read;
    const problem = unfit(where, spec, read.value);
    if (problem) return misuse(problem.message);
    const clash = clashing(given.get(id), { where, text: value });
    if (clash !== null) return misuse(clash);
    given.set(id, { where, text: value });
    values[id] = read.value;
  }
  return success(values);
}

/** What was written for a control. */
interface Given {
  readonly where: string;
  readonly text: string;
}

function clashing(before: Given | undefined, now: Given): string | null {
  if (!before || before.text === now.text) return null;
  const both = `“${before.text}” and “${now.text}”`;
  return before.where === now.where
    ? `\`${now.where}\` is given twice: ${both}.`
    : `\`${before.where}\` and \`${now.where}\` are one control, which cannot be both ${both}.`;
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

/** What was probably meant, or what there is. */
export function suggestion(written: string, known: readonly string[], list: string): string {
  const near = nearest(written, known);
  if (near !== null) return ` Did you mean \`${near}\`?`;
  return known.length > 0 ? ` ${list}: ${known.join(", ")}.` : "";
}
