import type { Failure } from "../../model/failure.js";
import type { Edge, Graph, GraphNode } from "../../model/graph.js";
import { givesItems, isLeft, itemName, type ItemOutcome } from "../../model/items.js";
import type { JsonObject } from "../../model/json.js";
import { failed, success, type Result } from "../../model/outcome.js";
import type { ResultRecord } from "../../model/result.js";
import { isFileRef, type StoredValue, type Value } from "../../model/value.js";
import type { BlobStore } from "../../store/blobs.js";
import { loadValue } from "../../store/storedValue.js";
import { indexOf } from "../graphIndex.js";
import type { ResultOf } from "../inputValues.js";
import { outcomesOf } from "./outcomes.js";

/** What one item's execution is given, beside what all items are given. */
export interface ItemInputs {
  /** An index for each level of nested lists. */
  readonly path: readonly number[];
  /** By input port. */
  readonly values: Readonly<Record<string, Value>>;
  /** Why it cannot be executed. */
  readonly failure?: Failure;
}

/** A list that is taken apart. */
interface List {
  readonly edge: Edge;
  /** Levels of nesting: the length of every entry's path. */
  readonly depth: number;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly path: readonly number[];
  readonly value: Value | Failed;
}

class Failed {
  constructor(readonly failure: Failure) {}
}

/**
 * Takes the lists apart that a node runs once an item of. Several lists are zipped by index. A list that is nested less deep gives
 * its item to all that lie within: what is made once a chapter goes with each of the chapter's lines.
 *
 * @param values - the node's inputs, those as whole lists that are to be taken apart.
 * @returns as failures, reason `invalid-input`: what is no list, and lists of unequal lengths.
 */
export async function itemInputs(
  graph: Graph,
  node: GraphNode,
  values: Readonly<Record<string, StoredValue>>,
  resultOf: ResultOf,
  blobs: BlobStore,
): Promise<Result<readonly ItemInputs[]>> {
  const lists: List[] = [];
  for (const edge of itemEdges(graph, node)) {
    const whole = Object.hasOwn(values, edge.to.port) ? values[edge.to.port] : undefined;
    if (!whole) continue; // an alternative that doesn't give it: left out
    const value = await loadValue(whole, blobs);
    if (!value.ok) return value;
    const list = await listFrom(node, edge, value.value, resultOf(edge.from.node), blobs);
    if (!list.ok) return list;
    lists.push(list.value);
  }
  return zip(node, lists);
}

/** The edges that hand a node one item a run, in the order of its inputs. */
export function itemEdges(graph: Graph, { id }: GraphNode): readonly Edge[] {
  return (indexOf(graph).into.get(id) ?? []).filter((edge) => givesItems(graph, edge));
}

async function listFrom(
  node: GraphNode,
  edge: Edge,
  value: Value,
  result: ResultRecord | undefined,
  blobs: BlobStore,
): Promise<Result<List>> {
  if (!Array.isArray(value)) return failed(noList(node, edge, value));
  const given = value as readonly Value[]; // `isArray` does not narrow readonly arrays
  const { items } = result ?? {};
  if (!items)
    return success(withField({ edge, depth: 1, entries: given.map((item, i) => ({ path: [i], value: item })) }));
  const outcomes = await outcomesOf(items, blobs);
  if (!outcomes.ok) return outcomes;
  const made = spread(edge, outcomes.value, given);
  const depth = Math.max(1, ...outcomes.value.slice(0, 1).map(({ path }) => path?.length ?? 1));
  if (edge.mode !== "scatter") return success({ edge, depth, entries: made });
  return success(withField({ edge, depth: depth + 1, entries: made.flatMap((entry) => within(edge, entry)) }));
}

/** What the items of the node upstream gave: those that failed gave nothing, and are not in the list of what was given. */
function spread({ from }: Edge, outcomes: readonly ItemOutcome[], given: readonly Value[]): Entry[] {
  let next = 0;
  return outcomes.map(({ path, failure }, index): Entry => {
    const own = path ?? [index];
    if (!failure) return { path: own, value: given[next++] ?? null };
    const what = isLeft({ failure }) ? "has not been run" : "failed";
    const message = `Item ${itemName(index, path)} of \`${from.node}\` ${what}.`;
    return { path: own, value: new Failed({ reason: "missing-upstream", message }) };
  });
}

/** The items of one item that is a list itself. */
function within({ from }: Edge, { path, value }: Entry): Entry[] {
  if (value instanceof Failed) return [{ path: [...path, 0], value }];
  // As above.
  if (Array.isArray(value)) return (value as readonly Value[]).map((item, i) => ({ path: [...path, i], value: item }));
  const message = `What \`${from.node}\` gave as \`${from.port}\` for item ${itemName(0, path)} is ${described(value)}, not a list.`;
  return [{ path: [...path, 0], value: new Failed({ reason: "invalid-input", message }) }];
}

function withField(list: List): List {
  const { field, from } = list.edge;
  if (field === undefined) return list;
  const entries = list.entries.map(({ path, value }): Entry => {
    if (value instanceof Failed) return { path, value };
    const object = typeof value === "object" && value !== null && !Array.isArray(value) && !isFileRef(value);
    // What is left of JSON is an object with keys.
    if (object && Object.hasOwn(value, field)) return { path, value: (value as JsonObject)[field] ?? null };
    const message = `Item ${itemName(0, path)} of \`${from.node}.${from.port}\` ${object ? "has no field" : `is ${described(value)} and has no field`} \`${field}\`.`;
    return { path, value: new Failed({ reason: "invalid-input", message }) };
  });
  return { ...list, entries };
}

function zip(node: GraphNode, lists: readonly List[]): Result<readonly ItemInputs[]> {
  const depth = Math.max(1, ...lists.map((list) => list.depth));
  const lead = lists.find((list) => list.depth === depth);
  if (!lead) return success([{ path: [0], values: {} }]);
  const outer = new Map<List, ReadonlyMap<string, Entry>>();
  for (const list of lists) {
    if (list.depth === depth && !sameLengths(list, lead)) return failed(unequal(node, lead, list));
    if (list.depth < depth) outer.set(list, new Map(list.entries.map((entry) => [entry.path.join(), entry])));
  }
  for (const [list, entries] of outer) {
    const heads = new Set(lead.entries.map(({ path }) => path[0]));
    if (list.depth === 1 && [...heads].some((head) => !entries.has(String(head))))
      return failed(unequal(node, lead, list));
  }
  return success(
    lead.entries.map(({ path }, index): ItemInputs => {
      // Ports may be called as any object's members are.
      const values = Object.create(null) as Record<string, Value>;
      let failure: Failure | undefined;
      for (const list of lists) {
        const around = outer.get(list);
        const entry = around ? around.get(path.slice(0, list.depth).join()) : list.entries[index];
        if (!entry) continue;
        if (entry.value instanceof Failed) failure ??= entry.value.failure;
        else values[list.edge.to.port] = entry.value;
      }
      return { path, values, ...(failure && { failure }) };
    }),
  );
}

function sameLengths(a: List, b: List): boolean {
  if (a.entries.length !== b.entries.length) return false;
  return a.depth === 1 || a.entries.every(({ path }, i) => path.join() === b.entries[i]?.path.join());
}

function noList({ id }: GraphNode, { from, to }: Edge, value: Value): Failure {
  return {
    reason: "invalid-input",
    message: `\`${id}\` runs once for each item of \`${from.node}.${from.port}\` (\`${to.port}\`), but that is ${described(value)}, not a list.`,
    hint: `Give a list as \`${from.port}\`, or wire \`${from.node}.${from.port}\` without \`.each\`.`,
  };
}

function unequal({ id }: GraphNode, a: List, b: List): Failure {
  const [left, right] = [a, b].map(({ edge: { from, to }, entries, depth }) => {
    const count = depth < a.depth ? new Set(entries.map(({ path }) => path[0])).size : entries.length;
    return `\`${to.port}\` (\`${from.node}.${from.port}\`) has ${count} item${count === 1 ? "" : "s"}`;
  });
  return {
    reason: "invalid-input",
    message: `\`${id}\` runs once an item of several lists that don't match: ${left ?? ""} and ${right ?? ""}.`,
    hint: "Lists that are taken apart together need the same number of items.",
  };
}

function described(value: Value): string {
  if (value === null) return "null";
  if (isFileRef(value)) return `the file ${value.name}`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return "a text";
  return typeof value === "number" ? "a number" : "true or false";
}
