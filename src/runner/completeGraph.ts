import { createHash } from "node:crypto";
import type { ComponentSpec, ItemListSpec } from "../model/component.js";
import {
  type Edge,
  edgesInto,
  type Graph,
  type GraphNode,
  type InputPort,
  type InputSource,
  type NodeId,
  type NodeTarget,
  type OutputPort,
} from "../model/graph.js";
import { failed, type Result, success } from "../model/outcome.js";
import type { RuntimeGraph, RuntimeInput, RuntimeNode } from "../sdk/runtime.js";
import { type Matching, mismatch } from "./match.js";
import { describe } from "./values/describe.js";
import { NotPlain, toPlain } from "./values/plain.js";

/** The graph as the running program has it, and the node object behind each id. */
export interface Program {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<NodeId, RuntimeNode>;
}

/**
 * Fills in what the text could not tell: values, options, nodes. What it did tell (ids, ranges, code) stays.
 *
 * @param code stands in as the code digest where the text gives none: of all that was loaded from local files, so that any
 *   change to that counts
 */
export function completeGraph(
  graph: Graph,
  program: RuntimeGraph,
  matching: Matching,
  files: readonly string[],
  code: string,
): Result<Program> {
  const all = reachable(program);
  const lost = graph.nodes.find(({ id }) => !matching.nodes.has(id));
  if (lost && graph.complete) return failed(mismatch(lost.id, "the running program does not hold it"));

  const ids = new Map(matching.ids);
  const taken = new Set<NodeId>(graph.nodes.map(({ id }) => id));
  for (const node of all) {
    if (ids.has(node)) continue;
    const id = freeId(node, taken);
    ids.set(node, id);
    taken.add(id);
  }
  const idOf = (node: RuntimeNode) => ids.get(node) ?? ""; // all reachable nodes have one
  const byId = new Map(all.map((node) => [idOf(node), node]));
  const told = graph.nodes.filter(({ id }) => byId.has(id)).map(({ id }) => id);
  const added = all.filter((node) => !matching.ids.has(node)).map(idOf);
  const statics = new Map(graph.nodes.map((node) => [node.id, node]));
  const controls = controlNames(graph, byId);

  const nodes: GraphNode[] = [];
  const edges: Edge[] = [];
  try {
    for (const id of [...told, ...added]) {
      const node = byId.get(id);
      if (!node) continue;
      nodes.push(completeNode(id, node, statics.get(id), controls, idOf, code));
      edges.push(...edgesOf(id, node, graph, idOf));
    }
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    const message = `${error.path} is ${error.what}.`;
    return failed({ reason: "invalid-input", message, hint: `${error.instead} Or make it within the function.` });
  }
  for (const [i, node] of nodes.entries()) {
    if (node.target.kind !== "choice") continue;
    for (const variant of node.target.variants) {
      const at = nodes.findIndex(({ id }) => id === variant);
      const found = nodes[at];
      if (found && at !== i) nodes[at] = { ...found, variantOf: node.id };
    }
  }
  const complete: Graph = {
    ...graph,
    name: program.name,
    persistKey: program.persistKey,
    roots: program.nodes.map(idOf),
    nodes,
    edges,
    complete: true,
    files: [...new Set([...graph.files, ...files])],
  };
  return success({ graph: complete, nodes: byId });
}

/** Listed nodes and whatever is upstream of them; upstream first. */
function reachable(program: RuntimeGraph): RuntimeNode[] {
  const found = new Set<RuntimeNode>();
  const visited = new Set<RuntimeNode>();
  const stack = [...program.nodes].reverse().map((node) => ({ node, ready: false }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { node, ready } = next;
    if (ready) found.add(node);
    if (visited.has(node)) continue;
    visited.add(node);
    stack.push({ node, ready: true });
    const upstream = node.inputs.flatMap(({ source }) => (source.kind === "edge" ? [source.node] : []));
    const variants = node.target.kind === "choice" ? node.target.variants : [];
    for (const each of [...upstream, ...variants].reverse())
      if (!visited.has(each)) stack.push({ node: each, ready: false });
  }
  return [...found];
}

/** From the node's name or its function's, or else its kind; numbered where that is taken. */
function freeId(node: RuntimeNode, taken: ReadonlySet<NodeId>): NodeId {
  const named = node.name ?? (node.target.kind === "fn" ? node.target.functionName : null) ?? node.kind;
  const words = named.normalize("NFKD").match(/[\p{L}\p{N}]+/gu) ?? [node.kind];
  const base = words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
  const id = /^\p{N}/u.test(base) ? `${node.kind.replace(/-/g, "")}${base}` : base;
  for (let i = 2, candidate = id; ; i++) {
    if (!taken.has(candidate)) return candidate;
    candidate = `${id}${i}`;
  }
}

type Controls = Map<object, string>;

/** The controls' names that the text gives; a control it doesn't know is named after the first port that has it. */
function controlNames(graph: Graph, byId: ReadonlyMap<NodeId, RuntimeNode>): Controls {
  const names: Controls = new Map();
  for (const { id, inputs, outputs } of graph.nodes) {
    const node = byId.get(id);
    for (const { name, source } of inputs) {
      const live = node?.inputs.find((input) => input.name === name)?.source;
      if (source.kind === "component" && live?.kind === "component") names.set(live.component, source.control);
    }
    for (const { name, control } of outputs) {
      const component = node?.outputs.find((output) => output.name === name)?.component;
      if (control !== undefined && component) names.set(component, control);
    }
  }
  return names;
}

function controlOf(component: object, port: string, controls: Controls): string {
  const name = controls.get(component) ?? port;
  controls.set(component, name);
  return name;
}

function completeNode(
  id: NodeId,
  node: RuntimeNode,
  own: GraphNode | undefined,
  controls: Controls,
  idOf: (node: RuntimeNode) => NodeId,
  code: string,
): GraphNode {
  const runsCode = node.fn !== undefined || node.preprocess !== undefined || node.postprocess !== undefined;
  const isCalled = node.kind === "gradio" || node.kind === "inference";
  const { untold: _told, ...text } = own ?? {};
  return {
    ...text,
    id,
    kind: node.kind,
    name: node.name ?? id,
    inputs: node.inputs.map(({ name, source }): InputPort => {
      const told = own?.inputs.find((input) => input.name === name);
      return { ...told, name, source: completeSource(id, name, source, told?.source, controls, idOf, code) };
    }),
    outputs: node.outputs.map(({ name, spec, component }): OutputPort => {
      const told = own?.outputs.find((output) => output.name === name);
      const control = node.kind === "input" && component ? controlOf(component, `${id}.${name}`, controls) : undefined;
      return { ...told, name, spec: withRange(spec, told?.spec), ...(control !== undefined && { control }) };
    }),
    target: completeTarget(node, own?.target, idOf),
    limits: node.limits,
    ...(own?.code !== undefined
      ? { code: own.code }
      : runsCode
        ? { code: standIn(code, id), codeStandsIn: true }
        : { code: null }),
    ...(isCalled && { call: own?.call !== undefined ? own.call : node.preprocess ? standIn(code, id, "call") : null }),
  };
}

function completeSource(
  id: NodeId,
  port: string,
  source: RuntimeInput,
  told: InputSource | undefined,
  controls: Controls,
  idOf: (node: RuntimeNode) => NodeId,
  code: string,
): InputSource {
  switch (source.kind) {
    case "edge":
      return hasPort(source)
        ? { kind: "edge" }
        : { kind: "edge", lost: { node: idOf(source.node), port: source.port } };
    case "component": {
      const range = told?.kind === "component" ? told.spec : undefined;
      const spec = withRange<ComponentSpec>(source.spec, range);
      return { kind: "component", spec, control: controlOf(source.component, `${id}.${port}`, controls) };
    }
    case "fixed":
      return { kind: "fixed", value: plainInput(id, port, source.value) };
    case "callable": {
      const known = told?.kind === "callable" || told?.kind === "fixed" ? told.code : undefined;
      return { kind: "callable", code: known ?? standIn(code, id, port) };
    }
  }
}

/** A misspelt port's wire starts nowhere. */
function hasPort({ node, port }: Extract<RuntimeInput, { readonly kind: "edge" }>): boolean {
  return node.outputs.some(({ name }) => name === port);
}

function plainInput(id: NodeId, port: string, value: unknown) {
  try {
    return toPlain(value);
  } catch (error) {
    const label = `Input \`${id}.${port}\``;
    if (error instanceof NotPlain) throw new NotPlain(label + error.path, error.what, error.instead);
    // A getter of its own, or a toJSON.
    throw new NotPlain(label, `a value that cannot be read: doing so threw ${describe(error)}`, "Write plain values.");
  }
}

function completeTarget(
  node: RuntimeNode,
  told: NodeTarget | undefined,
  idOf: (node: RuntimeNode) => NodeId,
): NodeTarget {
  const { target } = node;
  if (target.kind === "choice") return { kind: "choice", variants: target.variants.map(idOf) };
  return told?.kind === target.kind ? { ...told, ...target } : target;
}

function withRange<T extends ComponentSpec | ItemListSpec | null>(
  spec: T,
  told: ComponentSpec | ItemListSpec | null | undefined,
): T {
  return spec && told?.range ? { ...spec, range: told.range } : spec;
}

function edgesOf(id: NodeId, node: RuntimeNode, graph: Graph, idOf: (node: RuntimeNode) => NodeId): Edge[] {
  const told = edgesInto(graph, id);
  return node.inputs.flatMap(({ name, source }) => {
    if (source.kind !== "edge" || !hasPort(source)) return [];
    const { mode, field, skipFailed } = source;
    const range = told.find(({ to }) => to.port === name)?.range;
    return {
      from: { node: idOf(source.node), port: source.port },
      to: { node: id, port: name },
      mode,
      ...(field !== undefined && { field }),
      ...(skipFailed !== undefined && { skipFailed }),
      ...(range && { range }),
    };
  });
}

/** All files together don't tell two nodes apart whose functions a factory or a loop has made: their places do. */
function standIn(code: string, ...place: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([code, ...place]))
    .digest("hex");
}
