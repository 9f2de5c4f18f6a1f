/**
 * Pinned outputs: values that stand in for running a node. A person gave them, or kept those of a result. The sheet keeps each like
 * what is typed into a control; as long as one is there, the node is not executed, and its outputs are what is pinned to them.
 */
import type { ComponentSpec } from "./component.js";
import type { Failure } from "./failure.js";
import type { Graph, GraphNode, NodeId, OutputPort } from "./graph.js";
import { mappedNodes } from "./items.js";
import type { StoredValue } from "./value.js";

type Values = Readonly<Record<string, StoredValue>>;

/** The control under which a sheet keeps what is pinned to an output. */
export function pinControl(node: NodeId, port: string): string {
  return `${node}.${port} @pin`;
}

/** What is pinned to a node's outputs, by port, in the order of its ports. */
export function pinsOf({ id, outputs }: GraphNode, values: Values): ReadonlyMap<string, StoredValue> {
  return new Map(
    outputs.flatMap(({ name }): [string, StoredValue][] => {
      const control = pinControl(id, name);
      const value = Object.hasOwn(values, control) ? values[control] : undefined;
      return value ? [[name, value]] : [];
    }),
  );
}

/** The output that a control of {@link pinControl} is about; `null`: it is about none of the graph's. */
export function pinnedOutput(
  graph: Graph,
  control: string,
): { readonly node: GraphNode; readonly output: OutputPort } | null {
  if (!control.endsWith(" @pin")) return null;
  for (const node of graph.nodes) {
    const output = node.outputs.find(({ name }) => pinControl(node.id, name) === control);
    if (output) return { node, output };
  }
  return null;
}

/** What an output takes when somebody pins a value to it: what its component takes; anything where it has none. */
export function pinSpec({ name, spec }: OutputPort): ComponentSpec {
  if (!spec || spec.component === "ItemList") return { component: "JSON", props: { label: name } };
  // What the author wrote for showing results: no value to begin with, and nothing that keeps people from typing.
  const { interactive: _interactive, visible: _visible, ...props } = spec.props;
  return { component: spec.component, props, ...(spec.unknown && { unknown: spec.unknown }) };
}

/**
 * Why nothing can be pinned to a node's outputs; `null`: it can.
 *
 * @param graph - with its choices made, but not its pins.
 */
export function unpinnable(graph: Graph, { id, kind }: GraphNode): Failure | null {
  const refuse = (message: string, hint: string): Failure => ({ reason: "unsupported", message, hint });
  switch (kind) {
    case "input":
      return refuse(`\`${id}\` is an input: what it gives is what its controls hold.`, "Change it there.");
    case "choice":
      return refuse(`\`${id}\` is a choice, which gives what its selected variant gives.`, "Pin that variant.");
    case "approve":
    case "choose-one":
      return refuse(`\`${id}\` gives what a person answers.`, "Run it and answer.");
    case "gradio":
    case "fn":
    case "inference":
      if (!mappedNodes(graph).has(id)) return null;
      return refuse(`\`${id}\` runs once an item, so one value cannot stand in for it.`, "Run single items instead.");
  }
}

/** The ids of the nodes that are pinned, in the graph's order. */
export function pinnedNodes(graph: Graph, values: Values): NodeId[] {
  return graph.nodes
    .filter((node) => unpinnable(graph, node) === null && pinsOf(node, values).size > 0)
    .map(({ id }) => id);
}

/**
 * The graph with its pins in place: a pinned node is an input node whose ports hold what is pinned to them; ports to which nothing is
 * pinned have no control. What served nothing but pinned nodes is spared.
 *
 * @param graph - with its choices made.
 */
export function pinGraph(graph: Graph, values: Values): Graph {
  const pinned = new Set(pinnedNodes(graph, values));
  if (pinned.size === 0) return graph;
  const edges = graph.edges.filter(({ to }) => !pinned.has(to.node));
  const [fed, feeding] = [graph.edges, edges].map((all) => new Set(all.map(({ from }) => from.node)));
  const nodes = graph.nodes.map((node): GraphNode => {
    if (pinned.has(node.id)) return inputOf(node, values);
    return fed?.has(node.id) && !feeding?.has(node.id) ? { ...node, spared: true } : node;
  });
  return { ...graph, nodes, edges };
}

function inputOf(node: GraphNode, values: Values): GraphNode {
  const pins = pinsOf(node, values);
  const outputs = node.outputs.map((output): OutputPort => {
    const { name } = output;
    return pins.has(name) ? { ...output, spec: pinSpec(output), control: pinControl(node.id, name) } : output;
  });
  const {
    code: _code,
    codeParts: _parts,
    writes: _writes,
    call: _call,
    reads: _reads,
    untold: _untold,
    ...rest
  } = node;
  return { ...rest, kind: "input", target: { kind: "input" }, inputs: [], outputs, pinned: true };
}
