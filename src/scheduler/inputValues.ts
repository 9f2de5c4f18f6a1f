import { FILE_COMPONENTS, type ComponentSpec } from "../model/component.js";
import { editControl } from "../model/editedLists.js";
import type { Edge, Graph, GraphNode, InputPort, NodeId, OutputPort } from "../model/graph.js";
import { type ItemsRecord, mappedNodes } from "../model/items.js";
import type { InputPart, ResultRecord } from "../model/result.js";
import type { Json } from "../model/json.js";
import { tableOf } from "../model/table.js";
import { untouchedValue } from "../model/untouchedValue.js";
import { escaped, type StoredValue, type Value } from "../model/value.js";
import { digestOf } from "../store/storedValue.js";
import { indexOf } from "./graphIndex.js";

/** What was typed, by control; defaults that are files too, where the author gave any (`inputValuesFromFiles.ts`). */
export type ControlValues = Readonly<Record<string, StoredValue>>;

/** The result whose outputs count as a node's; `undefined`: it has none. */
export type ResultOf = (node: NodeId) => ResultRecord | undefined;

/** What a node's inputs are at the moment. */
export interface ResolvedInputs {
  /** Every input that has a value. Callables are not here: theirs is drawn anew by each execution. */
  readonly values: Readonly<Record<string, StoredValue>>;
  /** What each input contributes to the fingerprint; an input that was left empty contributes nothing. */
  readonly parts: Readonly<Record<string, InputPart>>;
  /** For each wired input: the result that its value came from. An InputNode's ports have none. */
  readonly upstream: Readonly<Record<string, string>>;
  /** Wired inputs for which there is no value, for the node upstream has no result (with this port) yet. */
  readonly missing: readonly Edge[];
  /** Wired inputs that gather all items, though some of them failed. */
  readonly incomplete: readonly Edge[];
  /** Inputs that cannot be known without loading the file. */
  readonly unknown: readonly string[];
}

/**
 * A node's inputs: what was typed into a port's control (or, as `node.port`, for the port itself), over what is wired to
 * it, over the component's default, over a fixed value.
 */
export function resolveInputs(graph: Graph, node: GraphNode, typed: ControlValues, resultOf: ResultOf): ResolvedInputs {
  const values = byName<StoredValue>();
  const parts = byName<InputPart>();
  const upstream = byName<string>();
  const missing: Edge[] = [];
  const incomplete: Edge[] = [];
  const unknown: string[] = [];
  const give = (port: InputPort, value: StoredValue): void => {
    values[port.name] = value;
    parts[port.name] = { value: value.digest };
  };
  const edges = indexOf(graph).into.get(node.id) ?? [];
  for (const port of node.inputs) {
    const { source } = port;
    const own = valueNamed(typed, `${node.id}.${port.name}`);
    if (source.kind !== "component" && own) {
      give(port, own);
      continue;
    }
    switch (source.kind) {
      case "component": {
        const value = controlValue(source.control, source.spec, typed);
        if (value === "unknown") unknown.push(port.name);
        else if (value) give(port, value);
        break;
      }
      case "fixed":
        if (source.value === undefined) unknown.push(port.name);
        else give(port, constant(source, source.value));
        break;
      case "callable":
        if (source.code === undefined) unknown.push(port.name);
        else parts[port.name] = { callable: source.code };
        break;
      case "edge": {
        const edge = edges.find(({ to }) => to.port === port.name);
        // The selected alternative does not give it: the port is left out, as one that was never wired.
        if (edge && givesNothing(graph, edge)) break;
        const found = edge && wiredValue(graph, edge, typed, resultOf);
        if (!edge || found === "unknown") unknown.push(port.name);
        else if (!found) missing.push(edge);
        else {
          give(port, found.value);
          const { items, id } = found.result ?? {};
          if (items) parts[port.name] = { value: digestOfItems(edge, found.value.digest, items) };
          if (id !== undefined) upstream[port.name] = id;
          if (edge.mode === "gather" && edge.skipFailed !== true && items && items.failed.length > 0)
            incomplete.push(edge);
        }
        break;
      }
    }
  }
  return { values, parts, upstream, missing, incomplete, unknown };
}

/** Ports may be called as any object's members are (`__proto__`, `constructor`), so these objects have none of their own. */
function byName<T>(): Record<string, T> {
  // A fresh object without any key.
  return Object.create(null) as Record<string, T>;
}

function valueNamed(values: ControlValues, name: string): StoredValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The value of an InputNode's port: that of its control. `null`: left empty; `"unknown"`: only the running file can tell. */
export function inputNodeValue(port: OutputPort, typed: ControlValues): StoredValue | "unknown" | null {
  if (port.control === undefined || !port.spec || port.spec.component === "ItemList") return "unknown";
  return controlValue(port.control, port.spec, typed);
}

/**
 * What a control gives: what was typed, or else its default, or else what such a control shows when nobody has touched
 * it. `null`: nothing (an image that nobody has chosen); `"unknown"`: only the running file can tell.
 */
export function controlValue(
  control: string,
  spec: ComponentSpec,
  typed: ControlValues,
): StoredValue | "unknown" | null {
  const own = valueNamed(typed, control);
  if (own) return own;
  const untold = (options: readonly string[]) => spec.unknown?.some((option) => options.includes(option)) ?? false;
  // "…": any option at all.
  if (untold(["value", "…"])) return "unknown";
  if (spec.value === undefined || spec.value === null) {
    if (untold(UNTOUCHED_OPTIONS[spec.component] ?? [])) return "unknown";
    const untouched = untouchedValue(spec);
    return untouched === null ? null : constant(spec, untouched);
  }
  // A path says nothing about what is in the file; addresses are given to the node as they are.
  if (FILE_COMPONENTS.has(spec.component) && !isAddress(spec.value)) return "unknown";
  // However its author wrote it, a table is given as one.
  const table = spec.component === "Dataframe" ? tableOf(escaped(spec.value), spec.props.headers) : null;
  return constant(spec, table ? { headers: table.headers, data: table.rows } : spec.value);
}

/** Values that hold for as long as the graph does are digested once. */
const constants = new WeakMap<object, StoredValue>();

function constant(owner: object, json: Json): StoredValue {
  let stored = constants.get(owner);
  if (!stored) {
    const value = escaped(json);
    stored = { kind: "inline", digest: digestOf(value), value };
    constants.set(owner, stored);
  }
  return stored;
}

/** Whether an edge leaves a choice by a port that its selected variant doesn't have. */
export function givesNothing(graph: Graph, { choice, from }: Edge): boolean {
  if (choice === undefined) return false;
  const variant = indexOf(graph).nodes.get(from.node);
  return variant !== undefined && variant.untold !== true && !variant.outputs.some(({ name }) => name === from.port);
}

function wiredValue(
  graph: Graph,
  edge: Edge,
  typed: ControlValues,
  resultOf: ResultOf,
): { readonly value: StoredValue; readonly result: ResultRecord | null } | "unknown" | null {
  const from = indexOf(graph).nodes.get(edge.from.node);
  if (from?.kind === "input") {
    const port = from.outputs.find(({ name }) => name === edge.from.port);
    // A pinned node gives only what is pinned.
    if (!port || (from.pinned && port.control === undefined)) return null;
    const value = inputNodeValue(port, typed);
    // A control that was left empty is a value as well, once it is wired: nothing upstream has to run for it.
    if (value === null) return { value: nothing, result: null };
    return value === "unknown" ? value : { value, result: null };
  }
  const result = resultOf(edge.from.node);
  // From before it ran once an item, or since it did.
  if (result && (result.items !== undefined) !== mappedNodes(graph).has(edge.from.node)) return null;
  const outputs = result?.outputs ?? {};
  const given = Object.hasOwn(outputs, edge.from.port) ? outputs[edge.from.port] : undefined;
  if (!result || !given) return null;
  return { value: valueNamed(typed, editControl(edge.from.node, edge.from.port, given.digest)) ?? given, result };
}

/**
 * Which item belongs to which item of another list depends on how the lists are nested, and on which items are missing from
 * them because they failed. Those are missing from what is made of them, too.
 */
function digestOfItems({ mode }: Edge, digest: string, { shape, failed }: ItemsRecord): string {
  if (mode === "gather" || failed.length === 0) return shape === undefined ? digest : digestOf([digest, shape]);
  return digestOf([digest, shape ?? null, failed]);
}

const nothing: StoredValue = { kind: "inline", digest: digestOf(null), value: null };

/** The options that {@link untouchedValue} depends on. */
const UNTOUCHED_OPTIONS: Readonly<Partial<Record<ComponentSpec["component"], readonly string[]>>> = {
  Slider: ["minimum"],
  Dropdown: ["multiselect", "choices"],
};

/** `https:`, `data:` and the like, as against a path or `file:`; a letter alone is a Windows drive. */
export function isAddress(value: Value): boolean {
  return typeof value === "string" && /^(?!file:)[a-z][a-z0-9+.-]+:/i.test(value);
}
