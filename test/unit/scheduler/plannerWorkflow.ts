import type { Edge, EdgeMode, Graph, GraphNode, InputSource, NodeKind, NodeTarget } from "../../../src/model/graph.js";
import type { Plan, RunRequest } from "../../../src/model/plan.js";
import type { ResultRecord } from "../../../src/model/result.js";
import type { StoredValue, Value } from "../../../src/model/value.js";
import type { Json } from "../../../src/model/json.js";
import { fingerprintOf, fingerprintRecord } from "../../../src/scheduler/fingerprint.js";
import { freshnessOf } from "../../../src/scheduler/freshness.js";
import { resolveInputs } from "../../../src/scheduler/inputValues.js";
import { makePlan } from "../../../src/scheduler/planner.js";
import { inlineValue } from "../../../src/store/storedValue.js";
import { newResultId } from "../../../src/store/workflowStore.js";

/** `"a.output"`: an edge; anything else as in the graph. */
export type Inputs = Readonly<Record<string, string | InputSource | { edge: string; mode: EdgeMode }>>;
type Declared = GraphNode & { readonly edges: readonly Edge[] };

export function control(name: string, value: Json = "default"): InputSource {
  return { kind: "component", control: name, spec: { component: "Textbox", props: {}, value } };
}
export const fixed = (value: Json): InputSource => ({ kind: "fixed", value });
export const callable = (code: string): InputSource => ({ kind: "callable", code });

/** A node with one output, `output`, unless `more` says otherwise. */
export function node(id: string, inputs: Inputs = {}, more: Partial<GraphNode> = {}): Declared {
  const edges: Edge[] = [];
  const ports = Object.entries(inputs).map(([name, source]) => {
    if (typeof source !== "string" && "kind" in source) return { name, source };
    const { edge, mode } = typeof source === "string" ? { edge: source, mode: "single" as const } : source;
    const [from = "", port = ""] = edge.split(".");
    edges.push({ from: { node: from, port }, to: { node: id, port: name }, mode });
    return { name, source: { kind: "edge" } as const };
  });
  const target: NodeTarget = { kind: "fn", functionName: id };
  const outputs = [{ name: "output", spec: { component: "Textbox", props: {} } }] as const;
  return {
    id,
    kind: "fn",
    name: id,
    inputs: ports,
    outputs,
    target,
    limits: {},
    code: `code of ${id}`,
    ...more,
    edges,
  };
}

export function inputNode(id: string, ports: Readonly<Record<string, Json>>): Declared {
  const outputs = Object.entries(ports).map(([name, value]) => ({
    name,
    control: `${id}.${name}`,
    spec: { component: "Textbox", props: {}, value } as const,
  }));
  return node(id, {}, { kind: "input", target: { kind: "input" }, outputs, code: null });
}

export function other(id: string, kind: NodeKind, target: NodeTarget, inputs: Inputs = {}): Declared {
  return node(id, inputs, { kind, target, code: null });
}

export function graphOf(...nodes: readonly Declared[]): Graph {
  return {
    file: "/flow/main.daggr.ts",
    name: "Flow",
    persistKey: null,
    roots: nodes.map(({ id }) => id),
    nodes: nodes.map(({ edges: _edges, ...rest }) => rest),
    edges: nodes.flatMap(({ edges }) => edges),
    complete: true,
    files: ["/flow/main.daggr.ts"],
  };
}

export function stored(value: Value): StoredValue {
  return inlineValue(value)!;
}

/**
 * A workflow with its sheet and results in memory: runs plans as the scheduler does, with outputs made from the inputs, the same
 * for every port.
 */
export class Workflow {
  readonly values: Record<string, StoredValue> = {};
  readonly selected = new Map<string, ResultRecord>();
  readonly results: ResultRecord[] = [];
  /** What a node gives, where that is not simply its inputs. */
  readonly gives: Record<string, (inputs: Readonly<Record<string, Value>>) => Value> = {};
  readonly durations: Record<string, number> = {};

  constructor(public graph: Graph) {}

  type(control: string, value: Value): void {
    this.values[control] = stored(value);
  }

  findFresh(fingerprint: string, preferred?: string): Promise<ResultRecord | null> {
    const found = this.results.filter((result) => result.fingerprint === fingerprint);
    return Promise.resolve(found.find(({ id }) => id === preferred) ?? found.at(-1) ?? null);
  }

  plan(scope: RunRequest["scope"], targets: string[] = [], reuse: RunRequest["reuse"] = "fresh") {
    const findFresh = (fingerprint: string, preferred?: string) => this.findFresh(fingerprint, preferred);
    return makePlan(this.graph, { scope, targets, reuse }, { values: this.values, selected: this.selected, findFresh });
  }

  /** Each step as `node: action (reason)`. */
  async planned(scope: RunRequest["scope"], targets: string[] = [], reuse: RunRequest["reuse"] = "fresh") {
    const plan = await this.plan(scope, targets, reuse);
    if (!plan.ok) throw new Error(plan.failure.message);
    return plan.value.steps.map(({ node, action, reason }) => `${node}: ${action} (${reason})`);
  }

  /** Runs it and answers the nodes that were executed. */
  async run(scope: RunRequest["scope"] = "all", targets: string[] = [], reuse: RunRequest["reuse"] = "fresh") {
    const plan = await this.plan(scope, targets, reuse);
    if (!plan.ok) throw new Error(plan.failure.message);
    return this.#carryOut(plan.value);
  }

  freshness() {
    const states = freshnessOf(this.graph, this.values, this.selected);
    return Object.fromEntries(Object.entries(states).map(([id, f]) => [id, f.kind === "stale" ? f.reason : f.kind]));
  }

  /** The same graph, changed as an edit of the file would. */
  edit(id: string, change: (node: GraphNode) => Partial<GraphNode>): void {
    const nodes = this.graph.nodes.map((each) => (each.id === id ? { ...each, ...change(each) } : each));
    this.graph = { ...this.graph, nodes };
  }

  async #carryOut(plan: Plan): Promise<string[]> {
    const executed: string[] = [];
    for (const { node: id, action } of plan.steps) {
      const each = this.graph.nodes.find((candidate) => candidate.id === id)!;
      const inputs = resolveInputs(this.graph, each, this.values, (from) => this.selected.get(from));
      if (inputs.missing.length > 0 || inputs.unknown.length > 0) throw new Error(`${id} lacks inputs`);
      const record = fingerprintRecord(this.graph, each, inputs.parts);
      const fingerprint = fingerprintOf(record);
      const last = this.selected.get(id);
      const fresh = last?.fingerprint === fingerprint ? last : await this.findFresh(fingerprint);
      if (action === "reuse" && !fresh) throw new Error(`${id} was to be reused and there is nothing`);
      if (action !== "run" && fresh) {
        this.selected.set(id, fresh);
        continue;
      }
      const given = Object.entries(inputs.values).map(([port, value]) => [
        port,
        value.kind === "inline" ? value.value : null,
      ]);
      const values = Object.fromEntries(given) as Record<string, Value>;
      const output = this.gives[id]?.(values) ?? { by: id, values };
      const result: ResultRecord = {
        format: 1,
        id: newResultId(fingerprint),
        node: id,
        fingerprint,
        record,
        outputs: Object.fromEntries(each.outputs.map(({ name }) => [name, stored(output)])),
        inputs: inputs.values,
        upstream: inputs.upstream,
        runId: "run",
        startedAt: 0,
        durationMs: this.durations[id] ?? 10,
        versions: {},
      };
      this.results.push(result);
      this.selected.set(id, result);
      executed.push(id);
    }
    return executed;
  }
}
