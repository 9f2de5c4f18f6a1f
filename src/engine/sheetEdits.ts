/** What people enter on a sheet: values of controls, items of lists, and what they pin to outputs. */
import { chosenGraph } from "../model/chosenGraph.js";
import { controlsOf } from "../model/controls.js";
import { editControl, editedList } from "../model/editedLists.js";
import { findNode, type Graph, type NodeId } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import { pinControl, pinnedOutput, pinsOf, unpinnable } from "../model/pins.js";
import type { Failure } from "../model/failure.js";
import type { Value } from "../model/value.js";
import { unfit, unfitList, unfitPin } from "./controls.js";
import type { OpenSheet } from "./openSheet.js";
import { held } from "./storeInUse.js";

/** Keeps a value, or with `null` goes back to the default; a pin is taken away. */
export async function enterValue(
  sheet: OpenSheet,
  graph: Graph,
  control: string,
  value: Value | null,
): Promise<Result<void>> {
  const problem = await problemWith(sheet, graph, control, value);
  if (problem) return failed(problem);
  return sheet.setInput(control, value === null ? null : await held(sheet.store, value));
}

/** Pins what a node gave last to its outputs, lists as they have been edited since. */
export async function pinResult(sheet: OpenSheet, graph: Graph, id: NodeId): Promise<Result<void>> {
  const node = findNode(graph, id);
  const problem = node ? whyNotPin(graph, sheet, id) : missing(id);
  if (problem) return failed(problem);
  const result = sheet.selected.get(id);
  // From when it ran once an item: one list of values is no value.
  const outputs = result && !result.items ? result.outputs : {};
  const given = node?.outputs.flatMap(({ name }) => {
    const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    if (!value) return [];
    const edits = editControl(id, name, value.digest);
    const edited = Object.hasOwn(sheet.state.values, edits) ? sheet.state.values[edits] : undefined;
    return [{ name, value: edited ?? value }];
  });
  if (!given || given.length === 0) {
    const message = `\`${id}\` has no result that could be pinned.`;
    return failed({ reason: "not-found", message, hint: "Run it first, or give its outputs values of your own." });
  }
  return all(given.map(({ name, value }) => sheet.setInput(pinControl(id, name), value)));
}

/** Takes away whatever is pinned to a node. */
export async function unpin(sheet: OpenSheet, graph: Graph, id: NodeId): Promise<Result<void>> {
  const node = findNode(graph, id);
  if (!node) return failed(missing(id));
  return all([...pinsOf(node, sheet.state.values).keys()].map((port) => sheet.setInput(pinControl(id, port), null)));
}

async function problemWith(
  sheet: OpenSheet,
  graph: Graph,
  control: string,
  value: Value | null,
): Promise<Failure | null> {
  const pinned = pinnedOutput(graph, control);
  if (pinned) {
    const { node, output } = pinned;
    if (value === null) return null;
    return whyNotPin(graph, sheet, node.id) ?? unfitPin(node.id, output, value);
  }
  const spec = controlsOf(graph).get(control);
  if (spec) return value === null ? null : unfit(control, spec, value);
  const list = editedList(graph, control);
  if (!list) return unknown(control);
  if (value === null) return null;
  return unfitList(list, value) && unfitList(list, value, await sheet.itemsOf(list, control));
}

/** Pins are about nodes as they are without any: what is pinned already can be pinned to something else. */
function whyNotPin(graph: Graph, { state: { values } }: OpenSheet, id: NodeId): Failure | null {
  const unpinned = Object.fromEntries(Object.entries(values).filter(([control]) => !pinnedOutput(graph, control)));
  const chosen = chosenGraph(graph, unpinned);
  const node = findNode(chosen, id) ?? findNode(graph, id);
  return node ? unpinnable(chosen, node) : missing(id);
}

/** The first failure counts. */
async function all(edits: readonly Promise<Result<void>>[]): Promise<Result<void>> {
  const ends = await Promise.all(edits);
  return ends.find(({ ok }) => !ok) ?? success(undefined);
}

function unknown(control: string): Failure {
  return { reason: "invalid-input", message: `The workflow has no control \`${control}\`.` };
}

function missing(id: NodeId): Failure {
  return { reason: "not-found", message: `There is no node \`${id}\`.` };
}
