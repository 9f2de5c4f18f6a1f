/** Small words for making graphs and states of them. */
import type { ComponentName, ComponentSpec } from "../../src/model/component.js";
import type { Edge, EdgeMode, Graph, GraphNode, InputPort, NodeTarget, OutputPort } from "../../src/model/graph.js";
import type { Json, JsonObject } from "../../src/model/json.js";
import { initialWorkflowState } from "../../src/model/reduceWorkflow.js";
import type { ItemView } from "../../src/model/items.js";
import type { ResultView } from "../../src/model/runEvent.js";
import type { SourceRange } from "../../src/model/source.js";
import type { Value } from "../../src/model/value.js";
import { IDLE_NODE, type NodeState, type WorkflowState } from "../../src/model/workflowState.js";
import { inline } from "./fakeHost.js";

export const FILE = "/project/sample.daggr.ts";

export function at(line: number): SourceRange {
  return { file: FILE, start: { line, column: 1 }, end: { line, column: 20 } };
}

export function gr(component: ComponentName, props: JsonObject = {}, value?: Json): ComponentSpec {
  return { component, props, ...(value !== undefined && { value }) };
}

export const FN = (functionName: string, line = 41): NodeTarget => ({
  kind: "fn",
  functionName,
  functionRange: at(line),
});
export const SPACE = (space: string, apiName = "/predict"): NodeTarget => ({
  kind: "gradio",
  space,
  apiName,
  runLocally: false,
  validate: true,
});

type Inputs = Readonly<
  Record<
    string,
    | ComponentSpec
    | { readonly control: string; readonly spec: ComponentSpec }
    | "edge"
    | "callable"
    | { readonly fixed: Json }
  >
>;

export function node(
  id: string,
  target: NodeTarget,
  inputs: Inputs,
  outputs: Readonly<Record<string, OutputPort["spec"]>>,
  extra: Partial<GraphNode> = {},
): GraphNode {
  const inputPorts = Object.entries(inputs).map(([name, input]): InputPort => {
    if (input === "edge") return { name, source: { kind: "edge" } };
    if (input === "callable") return { name, source: { kind: "callable" } };
    if ("fixed" in input) return { name, source: { kind: "fixed", value: input.fixed } };
    if ("control" in input) return { name, source: { kind: "component", spec: input.spec, control: input.control } };
    return { name, source: { kind: "component", spec: input, control: `${id}.${name}` } };
  });
  const outputPorts = Object.entries(outputs).map(([name, spec]): OutputPort => ({
    name,
    spec,
    ...(target.kind === "input" && { control: `${id}.${name}` }),
  }));
  return {
    id,
    kind: target.kind,
    name: id,
    inputs: inputPorts,
    outputs: outputPorts,
    target,
    limits: {},
    nameRange: at(10),
    range: at(10),
    ...extra,
  };
}

/** `"a.out -> b.in"` */
export function wire(words: string, mode: EdgeMode = "single", extra: Partial<Edge> = {}): Edge {
  const [from = "", to = ""] = words.split(" -> ").map((end) => end.trim());
  const port = (end: string): Edge["from"] => ({ node: end.split(".")[0] ?? "", port: end.split(".")[1] ?? "" });
  return { from: port(from), to: port(to), mode, ...extra };
}

export function graph(nodes: readonly GraphNode[], edges: readonly Edge[]): Graph {
  return {
    file: FILE,
    name: "sample",
    persistKey: null,
    roots: nodes.map(({ id }) => id),
    nodes,
    edges,
    complete: true,
    range: at(60),
    files: [FILE],
  };
}

export function result(
  outputs: Readonly<Record<string, Value>>,
  durationMs = 4200,
  drawn: Readonly<Record<string, Value>> = {},
): ResultView {
  const stored = (values: Readonly<Record<string, Value>>): ResultView["outputs"] =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inline(value)]));
  return { id: "r1", fingerprint: "f", outputs: stored(outputs), drawn: stored(drawn), finishedAt: 0, durationMs };
}

export function fresh(outputs: Readonly<Record<string, Value>>, extra: Partial<NodeState> = {}): NodeState {
  const view = result(outputs);
  return {
    ...IDLE_NODE,
    outcome: { kind: "succeeded", durationMs: view.durationMs },
    freshness: { kind: "fresh" },
    count: 1,
    result: view,
    ...extra,
  };
}

/** One item as the host tells of it, by what it gave, why it failed, or how else it stands. */
export function itemView(
  index: number,
  inputs: Readonly<Record<string, Value>>,
  end: Readonly<Record<string, Value>> | Error | "running" | "waiting",
  extra: Partial<ItemView> = {},
): ItemView {
  const given = result(inputs).outputs;
  if (typeof end === "string") {
    const startedAt = end === "running" ? { startedAt: Date.now() - 3000 } : {};
    return { index, status: end, inputs: end === "running" ? given : {}, outputs: {}, log: [], ...startedAt, ...extra };
  }
  const durationMs = 80 + index;
  const log = [{ level: "log" as const, text: `item ${index}`, at: 0, item: index }];
  if (!(end instanceof Error)) {
    return { index, status: "succeeded", inputs: given, outputs: result(end).outputs, durationMs, log, ...extra };
  }
  const failure = { reason: "thrown" as const, message: end.message, location: at(12) };
  return { index, status: "failed", inputs: given, outputs: {}, durationMs, log, failure, ...extra };
}

export function workflow(
  of: Graph | null,
  nodes: Readonly<Record<string, NodeState>> = {},
  extra: Partial<WorkflowState> = {},
): WorkflowState {
  return { ...initialWorkflowState(FILE, true), graph: of, nodes, ...extra };
}

/** `size` functions in rows of ten, each fed by the one before it in its row. */
export function wideWorkflow(size: number): WorkflowState {
  const id = (index: number): string => `step${index}`;
  const nodes = Array.from({ length: size }, (_, index) =>
    node(
      id(index),
      FN(`step${index}`),
      { text: index % 10 === 0 ? gr("Textbox", { label: "Text" }, "hello") : "edge", times: gr("Number", {}, 2) },
      { output: gr("Textbox", { label: "Text" }) },
    ),
  );
  const edges = nodes.flatMap(({ id: to }, index) =>
    index % 10 === 0 ? [] : [wire(`${id(index - 1)}.output -> ${to}.text`)],
  );
  return workflow(
    graph(nodes, edges),
    Object.fromEntries(nodes.map((each, index) => [each.id, fresh({ output: `line ${index}` })])),
  );
}
