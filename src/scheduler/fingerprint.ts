import { withoutPassword } from "../model/appAddress.js";
import { keyOf, type Graph, type GraphNode, type NodeTarget } from "../model/graph.js";
import { givesItems } from "../model/items.js";
import type { Json, JsonObject } from "../model/json.js";
import { readingOf } from "../model/outputReading.js";
import type { FingerprintRecord, InputPart } from "../model/result.js";
import { unreachable } from "../model/unreachable.js";
import { digestOf } from "../store/storedValue.js";
import { indexOf } from "./graphIndex.js";

/** An option that no node has: it marks the record of a result that was made while files changed that it counts. */
export const CHANGED_MEANWHILE = "changed meanwhile";

/** Likewise of a result some of whose items failed: it is what there is, but nothing to be found again. */
export const FAILED_ITEMS = "failed items";

/** Likewise where some were not run, for others were asked for. */
export const LEFT_ITEMS = "items not run";

/** Whether all that a fingerprint is made of, but for the inputs, can be told without loading the file. */
export function isKnown(node: GraphNode): boolean {
  return node.code !== undefined && node.untold !== true;
}

/**
 * All that a result of the node depends on. What doesn't change a result isn't in it: names, labels, limits, checks made
 * before a call, where values came from.
 *
 * @param inputs - the part of each input that has a value.
 * @throws Error where the node's code isn't known: see {@link isKnown}.
 */
export function fingerprintRecord(
  graph: Graph,
  node: GraphNode,
  inputs: Readonly<Record<string, InputPart>>,
): FingerprintRecord {
  const { codeParts } = node;
  return { ...recordOf(graph, node, inputs, edgeOptions(graph, node)), ...(codeParts && { codeParts }) };
}

/**
 * All that the result of one item depends on: the same as of a node that runs once, with the item's values for its inputs.
 *
 * @param repetition - how many items before it are given the same: each is a result of its own.
 */
export function itemRecord(
  graph: Graph,
  node: GraphNode,
  inputs: Readonly<Record<string, InputPart>>,
  repetition: number,
): FingerprintRecord {
  return recordOf(graph, node, inputs, repetition > 0 ? { repetition } : {});
}

function recordOf(
  graph: Graph,
  node: GraphNode,
  inputs: Readonly<Record<string, InputPart>>,
  options: JsonObject,
): FingerprintRecord {
  if (node.code === undefined) throw new Error(`The code of ${node.id} is not known.`);
  return {
    format: 1,
    kind: node.kind,
    options: { ...targetOptions(node.target), ...options, ...drawOptions(node, inputs), ...askOptions(graph, node) },
    code: node.code,
    outputs: node.outputs.map(({ name, spec }) => [name, readingOf(spec)]),
    inputs,
    revision: null,
  };
}

/** SHA-256 of the canonical JSON of what counts in the record. */
export function fingerprintOf(record: FingerprintRecord): string {
  const { codeParts: _said, ...counted } = record;
  return digestOf(counted);
}

function targetOptions(target: NodeTarget): JsonObject {
  switch (target.kind) {
    case "gradio":
      // Another user may get something else. A password is nothing to keep, nor does a new one change what comes back.
      return { space: withoutPassword(target.space), apiName: target.apiName, runLocally: target.runLocally };
    case "inference":
      return { model: target.model, provider: target.provider, task: target.task };
    case "choice":
      return { variants: [...target.variants] };
    case "fn":
    case "input":
    case "approve":
    case "choose-one":
      return {};
    default:
      return unreachable(target);
  }
}

/** What one node drew is no answer for another, however alike they are: two candidates with a seed each are two. A renamed one is the same. */
function drawOptions(node: GraphNode, inputs: Readonly<Record<string, InputPart>>): JsonObject {
  return Object.values(inputs).some((part) => "callable" in part) ? { drawnBy: keyOf(node) } : {};
}

/** What a person answers to one node is no answer to another, nor to another workflow's, though it be given the same. */
function askOptions({ persistKey, name }: Graph, node: GraphNode): JsonObject {
  const { kind } = node;
  return kind === "approve" || kind === "choose-one" ? { question: [persistKey ?? name, keyOf(node)] } : {};
}

/** How lists are taken apart and put together decides what a node gives, beside the lists' values. */
function edgeOptions(graph: Graph, node: GraphNode): JsonObject {
  const options: Record<string, Json> = {};
  for (const edge of indexOf(graph).into.get(node.id) ?? []) {
    const { to, field, skipFailed } = edge;
    const mode = edge.mode === "single" && givesItems(graph, edge) ? "item" : edge.mode;
    if (mode === "single") continue;
    options[`edge ${to.port}`] = { mode, ...(field !== undefined && { field }), ...(skipFailed && { skipFailed }) };
  }
  return options;
}
