/** How the runner reads what a workflow file made: the same shape as the static graph, with the live functions. */
import type { ComponentSpec, ItemListSpec } from "../model/component.js";
import type { EdgeMode, NodeKind, NodeLimits } from "../model/graph.js";
import type { Json } from "../model/json.js";
import type { ComponentInfo } from "./component.js";
import { COMPONENT, GRAPH, ITEM_LIST, marked, NODE, WIRE } from "./marks.js";
import type { NodeInfo } from "./node.js";

export interface RuntimeGraph {
  readonly name: string;
  readonly persistKey: string | false | null;
  /** As listed by the author; the nodes upstream of them are reached through their inputs. */
  readonly nodes: readonly RuntimeNode[];
}

export interface RuntimeNode {
  /** Identity of the author's node object. */
  readonly key: object;
  readonly kind: NodeKind;
  readonly name: string | null;
  readonly target: RuntimeTarget;
  readonly limits: NodeLimits;
  readonly inputs: readonly { readonly name: string; readonly source: RuntimeInput }[];
  readonly outputs: readonly RuntimeOutput[];
  readonly fn?: CallableFunction;
  readonly preprocess?: CallableFunction;
  readonly postprocess?: CallableFunction;
}

export type RuntimeTarget =
  | {
      readonly kind: "gradio";
      readonly space: string;
      /** With its leading slash; a number for an unnamed endpoint. */
      readonly apiName: string | number;
      readonly runLocally: boolean;
      readonly validate: boolean;
    }
  | { readonly kind: "fn"; readonly functionName: string | null }
  | {
      readonly kind: "inference";
      readonly model: string;
      readonly provider: string | null;
      readonly task: string | null;
    }
  | { readonly kind: "input" | "approve" | "choose-one" }
  | { readonly kind: "choice"; readonly variants: readonly RuntimeNode[] };

export interface RuntimeOutput {
  readonly name: string;
  readonly spec: ComponentSpec | ItemListSpec | null;
  /** Identity of the author's component object: one object used twice is one control. */
  readonly component?: object;
}

export type RuntimeInput =
  | {
      readonly kind: "edge";
      readonly node: RuntimeNode;
      readonly port: string;
      readonly mode: EdgeMode;
      readonly field?: string;
      readonly skipFailed?: boolean;
    }
  | { readonly kind: "component"; readonly spec: ComponentSpec; readonly component: object }
  | { readonly kind: "fixed"; readonly value: unknown }
  | { readonly kind: "callable"; readonly call: () => unknown };

/**
 * Reads a workflow module's default export; `null` when that is no graph. The same author's node is the same
 * {@link RuntimeNode} wherever it is reached.
 */
export function readGraph(defaultExport: unknown): RuntimeGraph | null {
  const info = marked(defaultExport, GRAPH);
  if (!info) return null;
  const read = new Map<object, RuntimeNode>();
  return { name: info.name, persistKey: info.persistKey, nodes: info.nodes.map((node) => readNode(node, read)) };
}

/** Nodes exist before what is wired to them, so there are no cycles; chains may be long, so upstream is read first, in a loop. */
function readNode(node: object, read: Map<object, RuntimeNode>): RuntimeNode {
  const pending = [node];
  for (let key = pending.at(-1); key !== undefined; key = pending.at(-1)) {
    const missing = read.has(key) ? [] : upstreamOf(key).filter((upstream) => !read.has(upstream));
    if (missing.length > 0) {
      pending.push(...missing);
      continue;
    }
    if (!read.has(key)) read.set(key, toRuntime(key, read));
    pending.pop();
  }
  return found(read, node);
}

function upstreamOf(node: object): object[] {
  const { inputs, callee } = infoOf(node);
  const wired = Object.values(inputs).flatMap((source) => marked(source, WIRE)?.node ?? []);
  return callee.kind === "choice" ? [...wired, ...callee.variants] : wired;
}

function toRuntime(key: object, read: Map<object, RuntimeNode>): RuntimeNode {
  const { name, callee, limits, inputs, outputs, preprocess, postprocess } = infoOf(key);
  return {
    key,
    kind: callee.kind,
    name,
    target: targetOf(callee, read),
    limits,
    inputs: Object.entries(inputs).map(([port, source]) => ({ name: port, source: inputOf(source, read) })),
    outputs: Object.entries(outputs).map(([port, spec]) => outputOf(port, spec)),
    ...(callee.kind === "fn" && { fn: callee.fn }),
    ...(preprocess && { preprocess }),
    ...(postprocess && { postprocess }),
  };
}

function targetOf(callee: NodeInfo["callee"], read: Map<object, RuntimeNode>): RuntimeTarget {
  if (callee.kind === "fn") return { kind: "fn", functionName: callee.fn.name || null };
  if (callee.kind === "choice") {
    return { kind: "choice", variants: callee.variants.map((variant) => found(read, variant)) };
  }
  return callee;
}

function inputOf(source: unknown, read: Map<object, RuntimeNode>): RuntimeInput {
  const wire = marked(source, WIRE);
  if (wire) return { ...wire, kind: "edge", node: found(read, wire.node) };
  const component = marked(source, COMPONENT);
  // `marked` answers for objects only.
  if (component) return { kind: "component", spec: specOf(component), component: source as object };
  // Authors write functions without parameters here: the types ask for it.
  if (typeof source === "function") return { kind: "callable", call: source as () => unknown };
  return { kind: "fixed", value: source };
}

function outputOf(name: string, spec: unknown): RuntimeOutput {
  const component = marked(spec, COMPONENT);
  // `marked` answers for objects only.
  if (component) return { name, spec: specOf(component), component: spec as object };
  const fields = marked(spec, ITEM_LIST);
  if (!fields) return { name, spec: null };
  const specs = Object.entries(fields).flatMap(([field, of]) => {
    const info = marked(of, COMPONENT);
    return info ? [[field, specOf(info)] as const] : [];
  });
  return { name, spec: { component: "ItemList", fields: Object.fromEntries(specs) } };
}

/** Options that are not JSON cannot leave the process; they are left out. */
function specOf({ component, options }: ComponentInfo): ComponentSpec {
  const { value, ...rest } = options;
  const props = Object.fromEntries(
    Object.entries(rest).flatMap(([name, option]) => {
      const json = toJson(option);
      return json === undefined ? [] : [[name, json]];
    }),
  );
  const json = toJson(value);
  return { component, props, ...(json !== undefined && { value: json }) };
}

function toJson(value: unknown): Json | undefined {
  // For `undefined`, functions and symbols this gives `undefined`, whatever its declared type says.
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}

function infoOf(node: object): NodeInfo {
  const info = marked(node, NODE);
  if (!info) throw new TypeError("Only nodes have ports.");
  return info;
}

function found(read: ReadonlyMap<object, RuntimeNode>, node: object): RuntimeNode {
  const runtime = read.get(node);
  if (!runtime) throw new Error("A node was read before what it is wired to.");
  return runtime;
}
