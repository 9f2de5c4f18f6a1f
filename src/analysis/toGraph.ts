import type { ComponentSpec, ItemListSpec } from "../model/component.js";
import type {
  Edge,
  Graph,
  GraphNode,
  InputPort,
  InputSource,
  NodeTarget,
  OutputPort,
  PortRef,
} from "../model/graph.js";
import type { CodeDigests } from "./code/digest.js";
import { Controls } from "./controls.js";
import { rangeOf } from "./place.js";
import type { CodeRoot, ComponentReading, InputReading, OutputReading } from "./readers/reader.js";
import type { SourceModule } from "./sourceModule.js";
import { isKnown, unnamedNodes, wholeNodes } from "./wholeNodes.js";
import type { Workflow, WorkflowEdge, WorkflowNode } from "./workflow.js";

/** The workflow as plain data. `null` when the file has no graph. */
export function toGraph(workflow: Workflow, digests: CodeDigests, complete: boolean): Graph | null {
  const { graph, entry, edges, closure } = workflow;
  if (!graph) return null;
  const controls = new Controls(entry);
  const ids = new Map(workflow.nodes.map((node) => [node.reading.site, node.id]));
  const variantOf = new Map(workflow.nodes.flatMap((node) => node.variants.map((variant) => [variant, node.id])));
  const unseen = unseenPorts(edges);
  const lost = lostPorts(edges);
  const codes = codesOf(workflow.nodes, digests);
  const nodes = workflow.nodes.map((node, index) =>
    toNode(node, codes[index], variantOf.get(node), unseen.get(node) ?? [], lost, controls, digests),
  );
  const known = complete && nodes.every(isKnown);
  const rest = known ? null : digests.ofRest(closure, unnamedNodes(workflow), wholeNodes(workflow, nodes));
  const late = new Set([
    ...workflow.nodes.flatMap(codeRoots).flatMap((root) => digests.importedWhileRunning(root)),
    ...(rest?.late ?? []),
  ]);
  const modules = [entry, ...closure, ...[...late].flatMap((module) => workflow.modules.closure(module))];
  const paths = [...new Set(modules.map(({ path }) => path))];
  return {
    file: entry.path,
    name: graph.name ?? nameOfFile(entry.path),
    persistKey: graph.persistKey,
    roots: graph.roots.map((root) => (root && ids.get(root.site)) ?? null),
    nodes,
    edges: edges.filter(leadsSomewhere).map(toEdge),
    complete: known,
    range: rangeOf({ module: graph.site.module, node: graph.site.expression }),
    files: paths,
    ...(rest && {
      rest: {
        digest: rest.digest,
        modules: [...new Set(modules.filter(parses).map(({ path }) => path))],
        reads: rest.data,
      },
    }),
  };
}

/**
 * The digest of what each node runs. The same call may give another function each time (`next()`), so that of nodes which
 * make theirs by the same expression each counts as one of its own, in the order in which they are declared.
 */
function codesOf(nodes: readonly WorkflowNode[], digests: CodeDigests): (string | null | undefined)[] {
  const seen = new Map<string, number>();
  return nodes.map(({ reading: { code } }) => {
    const digest = digests.ofNode(code);
    const made = [code.fn, code.preprocess, code.postprocess].some((root) => root?.kind === "made");
    if (!digest || !made) return digest;
    const before = seen.get(digest) ?? 0;
    seen.set(digest, before + 1);
    return before === 0 ? digest : digests.again(digest, before);
  });
}

/** Of what doesn't parse, text doesn't tell all. */
function parses({ tooDeep, syntaxErrors }: SourceModule): boolean {
  return tooDeep === null && syntaxErrors.length === 0;
}

/** Whether what a node does is done by a server. */
function isCalled(kind: WorkflowNode["reading"]["target"]["kind"]): boolean {
  return kind === "gradio" || kind === "inference";
}

/** All the code that a node runs. */
export function codeRoots({ reading: { code, inputs } }: WorkflowNode): NonNullable<CodeRoot>[] {
  return [
    ...[code.fn, code.preprocess, code.postprocess].flatMap((root) => root ?? []),
    ...inputs.ports.flatMap(({ source }) => {
      if (source.kind === "callable") return source.code ?? [];
      return source.kind === "fixed" ? (source.made ?? []) : [];
    }),
  ];
}

/** An edge from a port that exists, or may exist for all that text tells. */
function leadsSomewhere({ output, from }: WorkflowEdge): boolean {
  return output !== null || from.open;
}

/** Ports that are wired, but among those that text doesn't tell. */
function unseenPorts(edges: readonly WorkflowEdge[]): Map<WorkflowNode, string[]> {
  const ports = new Map<WorkflowNode, string[]>();
  for (const { from, output, port } of edges) {
    if (output || !from.open) continue;
    const names = ports.get(from) ?? [];
    if (!names.includes(port.port)) ports.set(from, [...names, port.port]);
  }
  return ports;
}

/** Inputs that are wired to what is no port, and to what. */
function lostPorts(edges: readonly WorkflowEdge[]): Map<InputReading, PortRef> {
  const nowhere = edges.filter((edge) => !leadsSomewhere(edge));
  return new Map(nowhere.map(({ input, from, port }) => [input, { node: from.id, port: port.port }]));
}

/** The digest of what makes a call of the inputs; `undefined`: what is kept of one node's call may be no other's. */
function callOf(preprocess: CodeRoot | undefined, digests: CodeDigests): string | null | undefined {
  if (preprocess === undefined) return digests.ofNode({});
  // The same expression may give another function each time.
  return preprocess?.kind === "made" ? undefined : digests.ofNode({ preprocess });
}

function toNode(
  node: WorkflowNode,
  code: string | null | undefined,
  variantOf: string | undefined,
  unseen: readonly string[],
  lost: ReadonlyMap<InputReading, PortRef>,
  controls: Controls,
  digests: CodeDigests,
): GraphNode {
  const { reading, id } = node;
  const { site, target } = reading;
  const call = isCalled(target.kind) ? callOf(reading.code.preprocess, digests) : undefined;
  const reads = [...new Set(codeRoots(node).flatMap((root) => digests.readWhileRunning(root)))];
  const codeParts = code ? digests.partsOf(reading.code) : null;
  const writes = codeParts ? digests.writtenBy(reading.code) : [];
  const isInput = target.kind === "input";
  const nameNode = site.holder.kind === "none" ? null : site.holder.nameNode;
  return {
    id,
    kind: target.kind,
    name: reading.name ?? id,
    inputs: reading.inputs.ports.map((input) => toInput(input, id, lost.get(input), controls, digests)),
    outputs: [
      ...node.outputs.map((output) => toOutput(output, isInput ? id : null, controls)),
      ...unseen.map((name) => ({ name, spec: null })),
    ],
    target: toTarget(node),
    limits: reading.limits,
    ...(code !== undefined && { code }),
    ...(codeParts && { codeParts }),
    ...(writes.length > 0 && { writes }),
    ...(call !== undefined && { call }),
    ...(reads.length > 0 && { reads }),
    ...(reading.untold && { untold: true }),
    ...(variantOf !== undefined && { variantOf }),
    range: rangeOf({ module: site.module, node: nameNode ?? site.expression, to: site.expression }),
    ...(nameNode && { nameRange: rangeOf({ module: site.module, node: nameNode }) }),
  };
}

function toTarget({ reading: { target }, variants }: WorkflowNode): NodeTarget {
  if (target.kind === "choice") return { kind: "choice", variants: variants.map(({ id }) => id) };
  if (target.kind !== "fn") return target;
  const { functionName, functionAt } = target;
  return { kind: "fn", functionName, ...(functionAt && { functionRange: rangeOf(functionAt) }) };
}

function toInput(
  { name, at, source }: InputReading,
  node: string,
  lost: PortRef | undefined,
  controls: Controls,
  digests: CodeDigests,
): InputPort {
  return { name, source: toSource(), range: rangeOf(at) };

  function toSource(): InputSource {
    switch (source.kind) {
      case "component":
        return {
          kind: "component",
          spec: toComponent(source.component),
          control: controls.of(source.component, node, name),
        };
      case "port":
      case "broken":
      case "node":
        return { kind: "edge", ...(lost && { lost }) };
      case "fixed": {
        const { value, made } = source;
        const code = made && digests.of(made);
        return { kind: "fixed", ...(value !== undefined && { value }), ...(code && { code }) };
      }
      case "callable": {
        const code = digests.of(source.code);
        return { kind: "callable", ...(code !== undefined && { code }) };
      }
    }
  }
}

/** @param inputNode the id of the `InputNode` whose port it is, if any */
function toOutput(
  { name, at, spec, undeclared }: OutputReading,
  inputNode: string | null,
  controls: Controls,
): OutputPort {
  const isControl = inputNode !== null && spec?.kind === "component";
  return {
    name,
    spec: spec === null ? null : spec.kind === "component" ? toComponent(spec) : toItemList(spec),
    ...(undeclared && { undeclared }),
    ...(isControl && { control: controls.of(spec, inputNode, name) }),
    range: rangeOf(at),
  };
}

function toComponent({ component, props, value, unknown, site }: ComponentReading): ComponentSpec {
  return {
    component,
    props,
    ...(value !== undefined && { value }),
    ...(unknown.length > 0 && { unknown }),
    range: rangeOf({ module: site.module, node: site.expression }),
  };
}

function toItemList({ fields, site }: Extract<OutputReading["spec"], { kind: "item-list" }>): ItemListSpec {
  return {
    component: "ItemList",
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, toComponent(field)])),
    range: rangeOf({ module: site.module, node: site.expression }),
  };
}

function toEdge({ from, to, input, port }: WorkflowEdge): Edge {
  return {
    from: { node: from.id, port: port.port },
    to: { node: to.id, port: input.name },
    mode: port.mode,
    ...(port.field !== undefined && { field: port.field }),
    ...(port.skipFailed && { skipFailed: true }),
    range: rangeOf(input.valueAt),
  };
}

/** `notes.daggr.ts` → `notes`. */
function nameOfFile(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/(\.daggr)?\.[a-z]+$/, "");
}
