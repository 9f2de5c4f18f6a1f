/** `--pin NODE.PORT=VALUE` and `--unpin NODE`: what stands in for running a node, for one run. */
import { chosenGraph } from "../model/chosenGraph.js";
import { unfitPin } from "../engine/controls.js";
import { findNode, type Graph } from "../model/graph.js";
import { success, type Result } from "../model/outcome.js";
import { pinControl, pinSpec, unpinnable } from "../model/pins.js";
import type { Value } from "../model/value.js";
import { misuse, type Refusal } from "./context.js";
import { findNamedNode, suggestion } from "./givenInputs.js";
import { givenValue, type ImportFile } from "./givenValue.js";

/** What takes away, for one run, whatever the sheet has pinned to these nodes. */
export function givenUnpins(graph: Graph, names: readonly string[]): Result<Record<string, null>, Refusal> {
  const values: Record<string, null> = {};
  for (const name of names) {
    const found = findNamedNode(graph, name);
    if (!found.ok) return misuse(`--unpin: ${found.failure.message}`);
    const { target } = found.value;
    // A choice gives what its variants give, which are what is pinned.
    const nodes =
      target.kind === "choice" ? graph.nodes.filter(({ id }) => target.variants.includes(id)) : [found.value];
    for (const { id, outputs } of nodes) for (const output of outputs) values[pinControl(id, output.name)] = null;
  }
  return success(values);
}

/**
 * The values by control, as a run request takes them.
 * @param written each as `NODE.PORT=VALUE`; of a node with one output also `NODE=VALUE`
 */
export async function givenPins(
  graph: Graph,
  written: readonly string[],
  cwd: string,
  importFile: ImportFile,
): Promise<Result<Record<string, Value>, Refusal>> {
  const values: Record<string, Value> = {};
  const chosen = chosenGraph(graph, {});
  for (const text of written) {
    const [, id, named, value] = /^([^.=]+)(?:\.([^=]+))?=(.*)$/s.exec(text) ?? [];
    if (id === undefined || value === undefined) return misuse(`--pin ${text}: write it as NODE.PORT=VALUE.`);
    const found = findNamedNode(graph, id);
    if (!found.ok) return misuse(`--pin: ${found.failure.message}`);
    const node = found.value;
    const why = unpinnable(chosen, findNode(chosen, id) ?? node);
    if (why) return misuse(`--pin: ${why.message} ${why.hint ?? ""}`);
    const ports = node.outputs.map(({ name }) => name);
    const port = named ?? (ports.length === 1 ? ports[0] : undefined);
    const output = node.outputs.find(({ name }) => name === port);
    if (!output)
      return misuse(
        port === undefined
          ? `--pin: \`${id}\` has several outputs (${ports.join(", ")}); write NODE.PORT=VALUE.`
          : `--pin: \`${id}\` has no output \`${port}\`.${suggestion(port, ports, "It gives")}`,
      );
    const where = `${id}.${output.name}`;
    const spec = pinSpec(output);
    const read = await givenValue(where, spec, value, cwd, importFile);
    if (!read.ok) return read;
    const problem = unfitPin(id, output, read.value);
    if (problem) return misuse(problem.message);
    const control = pinControl(id, output.name);
    if (Object.hasOwn(values, control)) return misuse(`--pin: \`${where}\` is given twice.`);
    values[control] = read.value;
  }
  return success(values);
}
