import type { CodeParts, Edge, Graph, GraphNode, NodeId } from "../model/graph.js";
import { isEditable } from "../model/editedLists.js";
import { SOME_ITEMS_FAILED, SOME_ITEMS_LEFT } from "../model/items.js";
import type { Json } from "../model/json.js";
import type { FingerprintRecord, InputPart, ResultRecord } from "../model/result.js";
import type { Freshness } from "../model/workflowState.js";
import { CHANGED_MEANWHILE, FAILED_ITEMS, LEFT_ITEMS, fingerprintRecord, isKnown } from "./fingerprint.js";
import { indexOf } from "./graphIndex.js";
import { resolveInputs, type ControlValues, type ResolvedInputs } from "./inputValues.js";
import { upstreamFirst } from "./plannerOrder.js";
import { isRejection } from "./questions.js";

/**
 * Whether the selected result of each node is what the node would give now. Pure; takes a few milliseconds for a
 * thousand nodes.
 *
 * @param typed - what the sheet holds, by control.
 * @param selected - the selected result of every node that has one.
 */
export function freshnessOf(
  graph: Graph,
  typed: ControlValues,
  selected: ReadonlyMap<NodeId, ResultRecord>,
): Record<NodeId, Freshness> {
  const freshness = new Map<NodeId, Freshness>();
  for (const node of upstreamFirst(graph))
    freshness.set(node.id, freshnessOfNode(graph, node, typed, selected, freshness));
  return Object.fromEntries(freshness);
}

/**
 * The same for one node.
 *
 * @param upstream - how the nodes that feed it stand.
 */
export function freshnessOfNode(
  graph: Graph,
  node: GraphNode,
  typed: ControlValues,
  selected: ReadonlyMap<NodeId, ResultRecord>,
  upstream: Pick<ReadonlyMap<NodeId, Freshness>, "get">,
): Freshness {
  // Its outputs are what its controls hold, always.
  if (node.kind === "input") return { kind: "fresh" };
  const result = selected.get(node.id);
  if (!result) return { kind: "none" };
  const inputs = resolveInputs(graph, node, typed, (id) => selected.get(id));
  const edges = indexOf(graph).into.get(node.id) ?? [];
  const partial = missingItems(result.record) !== null;
  // Absent: upstream of itself, in a cycle.
  const stateOf = ({ from }: Edge): Freshness => upstream.get(from.node) ?? { kind: "unknown" };
  // What it was made from are the items that there are, and those are what they were; or its own failed items tell it.
  const standsAsItWas = (edge: Edge) =>
    lacksItemsOnly(stateOf(edge)) && (partial || (edge.mode === "gather" && edge.skipFailed === true));
  const stale = edges.find((edge) => stateOf(edge).kind === "stale" && !standsAsItWas(edge));
  const [missing] = inputs.missing;
  const reason = withMissingItems(
    result.record,
    knownDifference(graph, node, result.record, inputs) ??
      (stale && staleUpstream(stale, stateOf(stale))) ??
      (missing ? `${sourceName(missing)} ${whyNothing(selected.get(missing.from.node))}` : null),
  );
  if (reason !== null) return { kind: "stale", reason };
  const someUnknown =
    !isKnown(node) || inputs.unknown.length > 0 || edges.some((edge) => stateOf(edge).kind === "unknown");
  return someUnknown ? { kind: "unknown" } : { kind: "fresh" };
}

function whyNothing(result: ResultRecord | undefined): string {
  return result && isRejection(result) ? "was rejected" : "has no result";
}

function staleUpstream(edge: Edge, state: Freshness): string {
  return lacksItemsOnly(state) ? `some items of ${sourceName(edge)} failed` : `${sourceName(edge)} is stale`;
}

/** Nothing of it has changed. */
function lacksItemsOnly(state: Freshness): boolean {
  return state.kind === "stale" && state.reason === SOME_ITEMS_FAILED;
}

/** Why a result is stale, with the items that it lacks. What has changed comes first: it may be what they need. */
function withMissingItems(record: FingerprintRecord, reason: string | null): string | null {
  const items = missingItems(record);
  return items !== null && reason !== null ? `${reason}, and ${items}` : (items ?? reason);
}

/** Why some of its items gave nothing; `null`: all did. */
function missingItems(record: FingerprintRecord): string | null {
  if (has(record, FAILED_ITEMS)) return SOME_ITEMS_FAILED;
  return has(record, LEFT_ITEMS) ? SOME_ITEMS_LEFT : null;
}

/**
 * In words, what of that which an execution of a node was made from is known to be different now; `null`: nothing.
 *
 * @param before - what it was made from.
 */
export function changeSince(
  graph: Graph,
  node: GraphNode,
  typed: ControlValues,
  selected: ReadonlyMap<NodeId, ResultRecord>,
  before: FingerprintRecord,
): string | null {
  return knownDifference(
    graph,
    node,
    before,
    resolveInputs(graph, node, typed, (id) => selected.get(id)),
  );
}

/** What is not known is taken to be as it was, so that what is known to differ still shows. */
function knownDifference(
  graph: Graph,
  node: GraphNode,
  before: FingerprintRecord,
  inputs: ResolvedInputs,
): string | null {
  const parts = withoutPrototype(inputs.parts);
  for (const port of [...inputs.unknown, ...inputs.missing.map(({ to }) => to.port)]) {
    const part = partNamed(before.inputs, port);
    if (part) parts[port] = part;
  }
  return changeIn(graph, node, before, recordAsKnown(graph, node, before, parts));
}

/** The node's fingerprint, with what isn't known of it as it was before. */
function recordAsKnown(
  graph: Graph,
  node: GraphNode,
  before: FingerprintRecord,
  parts: Readonly<Record<string, InputPart>>,
): FingerprintRecord {
  const code = node.code === undefined ? before.code : node.code;
  if (node.untold !== true) return fingerprintRecord(graph, { ...node, code }, parts);
  const { options, outputs } = before;
  return { ...fingerprintRecord(graph, { ...node, code }, withoutPrototype(before.inputs, parts)), options, outputs };
}

/**
 * In words, what the first difference between two fingerprint records of a node is; `null`: there is none.
 *
 * @param node - as it is now.
 */
export function differenceOf(
  graph: Graph,
  node: GraphNode,
  before: FingerprintRecord,
  now: FingerprintRecord,
): string | null {
  return withMissingItems(before, changeIn(graph, node, before, now));
}

/** The same, whether items failed or not. */
function changeIn(graph: Graph, node: GraphNode, before: FingerprintRecord, now: FingerprintRecord): string | null {
  if (before.kind !== now.kind) return `\`${node.id}\` is another kind of node now`;
  return (
    differentOption(before.options, now.options) ??
    (before.code === now.code ? null : (filesChanged(before.codeParts, now.codeParts) ?? codeChanged(node))) ??
    differentInput(graph, node, before.inputs, now.inputs) ??
    (isSame(before.outputs, now.outputs) ? null : "outputs changed") ??
    (before.revision === now.revision ? null : `${node.kind === "gradio" ? "Space" : "model"} updated`)
  );
}

function has({ options }: FingerprintRecord, mark: string): boolean {
  return Object.hasOwn(asObject(options), mark);
}

/** What an option is called by the people who set it. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  space: "Space",
  apiName: "endpoint",
  runLocally: "`runLocally`",
  variants: "list of variants",
};

function differentOption(before: Json, now: Json): string | null {
  const [a, b] = [asObject(before), asObject(now)];
  for (const key of new Set([...Object.keys(b), ...Object.keys(a)])) {
    if (key === FAILED_ITEMS || key === LEFT_ITEMS || isSame(a[key], b[key])) continue;
    if (key === CHANGED_MEANWHILE) return "a file that its code reads changed while it ran";
    return key.startsWith("edge ")
      ? `wiring of \`${key.slice(5)}\` changed`
      : `${(Object.hasOwn(OPTION_NAMES, key) ? OPTION_NAMES[key] : undefined) ?? key} changed`;
  }
  return null;
}

function differentInput(
  graph: Graph,
  node: GraphNode,
  before: FingerprintRecord["inputs"],
  now: FingerprintRecord["inputs"],
): string | null {
  for (const { name, source } of node.inputs) {
    const [a, b] = [partNamed(before, name), partNamed(now, name)];
    if (isSamePart(a, b)) continue;
    if (a && b && "callable" in a && "callable" in b) return `code of \`${name}\` changed`;
    const edge = source.kind === "edge" && (indexOf(graph).into.get(node.id) ?? []).find(({ to }) => to.port === name);
    if (edge && a && b && isEditablePort(graph, edge)) return `the items of ${sourceName(edge)} changed`;
    return edge && a && isOutputOf(graph, edge.from.node)
      ? `${sourceName(edge)} ${b ? "gave another value" : `gives no \`${edge.from.port}\``}`
      : `input \`${name}\` changed`;
  }
  const removed = Object.keys(before).find(
    (name) => !Object.hasOwn(now, name) && !node.inputs.some((port) => port.name === name),
  );
  return removed === undefined ? null : `input \`${removed}\` was removed`;
}

/** Whether somebody may have edited what the edge hands over. */
function isEditablePort(graph: Graph, { from }: Edge): boolean {
  return isEditable(
    indexOf(graph)
      .nodes.get(from.node)
      ?.outputs.find(({ name }) => name === from.port),
  );
}

/** What an edge comes from, as the author wrote it, and which variant that is. */
function sourceName({ choice, from }: Edge): string {
  return choice === undefined ? `\`${from.node}\`` : `\`${choice}\` (\`${from.node}\`)`;
}

/** Whether a node's values are made by running it; an InputNode's are typed. */
function isOutputOf(graph: Graph, id: NodeId): boolean {
  return indexOf(graph).nodes.get(id)?.kind !== "input";
}

/** Ports may be called as any object's members are. */
function partNamed(parts: FingerprintRecord["inputs"], name: string): InputPart | undefined {
  return Object.hasOwn(parts, name) ? parts[name] : undefined;
}

function withoutPrototype(...parts: readonly Readonly<Record<string, InputPart>>[]): Record<string, InputPart> {
  // A fresh object without any key.
  return Object.assign(Object.create(null) as Record<string, InputPart>, ...parts) as Record<string, InputPart>;
}

function isSamePart(a: InputPart | undefined, b: InputPart | undefined): boolean {
  if (!a || !b) return a === b;
  if ("value" in a) return "value" in b && a.value === b.value;
  return "callable" in b && a.callable === b.callable;
}

function codeChanged(node: GraphNode): string {
  return node.codeStandsIn
    ? `code of the workflow changed, and what of it \`${node.id}\` runs can't be told from the text`
    : `code of \`${codeName(node)}\` changed`;
}

/** The names of files that differ, in order. */
export function changedFiles(before: CodeParts, now: CodeParts): string[] {
  const names = Object.keys({ ...before.files, ...now.files });
  return names.filter((name) => (before.files[name] ?? null) !== (now.files[name] ?? null)).sort();
}

/** So many are named. */
const FILES_NAMED = 3;

/** Which files differ that the code reads, where nothing else of it does; `null`: something else does, or it can't be told. */
function filesChanged(before: CodeParts | undefined, now: CodeParts | undefined): string | null {
  if (!before || before.own !== now?.own) return null;
  const changed = changedFiles(before, now);
  if (changed.length === 0) return null;
  const names = changed.slice(0, FILES_NAMED).map((name) => `\`${name}\``);
  const more = changed.length - names.length;
  const rest = more > 0 ? ` and ${more} more` : "";
  return `${changed.length === 1 ? "file" : "files"} ${names.join(", ")}${rest} changed`;
}

function codeName(node: GraphNode): string {
  return node.target.kind === "fn" ? (node.target.functionName ?? node.id) : node.id;
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  // A list is compared by its indexes, which are its keys.
  const [left, right] = [a as Readonly<Record<string, Json>>, b as Readonly<Record<string, Json>>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => isSame(left[key], right[key]));
}

function asObject(value: Json): Readonly<Record<string, Json>> {
  // Neither a list nor null: what is left of the objects is one with keys.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}
