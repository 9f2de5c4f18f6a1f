import type { ComponentSpec } from "../../src/model/component.js";
import type { Edge, Graph, GraphNode, InputPort } from "../../src/model/graph.js";
import type { Json } from "../../src/model/json.js";
import { nodeStateOf } from "../../src/model/nodeState.js";
import { pinsOf } from "../../src/model/pins.js";
import { workerOf } from "../../src/model/variants.js";
import type { StoredValue } from "../../src/model/value.js";
import type { WorkflowState } from "../../src/model/workflowState.js";

/** The rows of a card's inputs, each as what it shows. */
export interface InputRows {
  readonly controls: readonly ControlRow[];
  readonly wired: readonly WiredRow[];
  readonly callables: readonly InputPort[];
  readonly fixed: readonly { readonly name: string; readonly value: Json | undefined }[];
}

export interface ControlRow {
  readonly port: string;
  readonly control: string;
  readonly spec: ComponentSpec;
}

export interface WiredRow {
  readonly port: string;
  readonly edges: readonly Edge[];
}

/** In the order written, apart from fixed values, which fold away. */
export function inputRows(node: GraphNode, graph: Graph): InputRows {
  const controls: ControlRow[] = [];
  const wired: WiredRow[] = [];
  const callables: InputPort[] = [];
  const fixed: { name: string; value: Json | undefined }[] = [];
  for (const input of node.inputs) {
    const { source, name } = input;
    if (source.kind === "component") {
      if (source.spec.props.visible !== false)
        controls.push({ port: name, control: source.control, spec: source.spec });
    } else if (source.kind === "edge") {
      wired.push({ port: name, edges: graph.edges.filter(({ to }) => to.node === node.id && to.port === name) });
    } else if (source.kind === "callable") callables.push(input);
    else fixed.push({ name, value: source.value });
  }
  return { controls, wired, callables, fixed };
}

/** "from image", "each of lines", "each of lines · text", "all of speech". */
export function wiredFrom({ from, mode, field }: Edge, nodeName: string): string {
  const port = from.port === "output" ? "" : ` · ${from.port}`;
  if (mode === "scatter") return `each of ${nodeName}${field === undefined ? port : ` · ${field}`}`;
  return mode === "gather" ? `all of ${nodeName}${port}` : `from ${nodeName}`;
}

/** The value that an edge hands over at the moment, as far as there is one. */
export function valueOn(edge: Edge, workflow: WorkflowState): StoredValue | Json | undefined {
  const { graph, sheet } = workflow;
  const source = graph?.nodes.find(({ id }) => id === edge.from.node);
  const output = source?.outputs.find(({ name }) => name === edge.from.port);
  if (source?.kind === "input" && output?.control !== undefined) {
    return sheet.values[output.control] ?? (output.spec?.component === "ItemList" ? undefined : output.spec?.value);
  }
  // Of a choice its selected variant gives it.
  const giver = graph?.nodes.find(({ id }) => id === workerOf(workflow, edge.from.node));
  const state = nodeStateOf(workflow, edge.from.node);
  return giver && state.pinned
    ? pinsOf(giver, sheet.values).get(edge.from.port)
    : state.result?.outputs[edge.from.port];
}

export function isStored(value: StoredValue | Json | undefined): value is StoredValue {
  return typeof value === "object" && value !== null && "digest" in value && "kind" in value;
}
