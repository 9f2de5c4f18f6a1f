import type { Edge, Graph, GraphNode, InputPort, NodeLimits } from "../../../src/model/graph.js";

/** A function node: `inputs` are its ports, each either an edge from another node's `output` or a control. */
export function fn(
  id: string,
  upstream: readonly string[] = [],
  limits: NodeLimits = {},
): GraphNode & { readonly edges: Edge[] } {
  const inputs: InputPort[] = upstream.map((name) => ({ name, source: { kind: "edge" } }));
  return {
    id,
    kind: "fn",
    name: id,
    inputs,
    outputs: [{ name: "output", spec: null }],
    target: { kind: "fn", functionName: id },
    limits,
    code: id.padEnd(64, "0"),
    edges: upstream.map((from) => ({
      from: { node: from, port: "output" },
      to: { node: id, port: from },
      mode: "single",
    })),
  };
}

/** A node that draws its only input from a control of the same name. */
export function controlled(id: string): GraphNode & { readonly edges: Edge[] } {
  const spec = { component: "Textbox", props: {}, value: "default" } as const;
  return { ...fn(id), inputs: [{ name: "text", source: { kind: "component", control: id, spec } }] };
}

export function graphOf(
  nodes: readonly (GraphNode & { readonly edges: Edge[] })[],
  file = "/flow/test.daggr.ts",
): Graph {
  return {
    file,
    name: "test",
    persistKey: null,
    roots: nodes.map(({ id }) => id),
    nodes: nodes.map(({ edges: _edges, ...node }) => node),
    edges: nodes.flatMap(({ edges }) => edges),
    complete: true,
    files: [file],
  };
}
