/** The graph as a person reads it in a terminal: node by node, what goes in and what comes out. */
import { withoutLogin } from "../model/appAddress.js";
import type { ComponentSpec, ItemListSpec } from "../model/component.js";
import type { Json } from "../model/json.js";
import { count } from "../model/quantities.js";
import { plainText } from "./plainText.js";
import { edgesInto, type Edge, type Graph, type GraphNode, type InputPort, type NodeTarget } from "../model/graph.js";
import { unreachable } from "../model/unreachable.js";
import type { Colours } from "./colours.js";

export function outline(graph: Graph, colours: Colours): string {
  const counts = `${count(graph.nodes.length, "node")}, ${count(graph.edges.length, "edge")}`;
  const partly = graph.complete ? "" : "; some of it is known only when the file runs";
  const head = `${colours.bold(plainText(graph.name))} ${colours.dim(`(${counts}${partly})`)}`;
  return `${[head, ...graph.nodes.map((node) => nodeOutline(graph, node, colours))].join("\n\n")}\n`;
}

function nodeOutline(graph: Graph, node: GraphNode, colours: Colours): string {
  const edges = edgesInto(graph, node.id);
  const width = Math.max(0, ...[...node.inputs, ...node.outputs].map(({ name }) => plainText(name).length));
  const title = node.name === node.id ? "" : ` “${plainText(node.name)}”`;
  const variant = node.variantOf === undefined ? "" : colours.dim(` (a variant of ${node.variantOf})`);
  return [
    `${colours.bold(node.id)}${title}  ${colours.cyan(plainText(targetText(node.target)))}${variant}`,
    ...node.inputs.map((input) => {
      const edge = edges.find(({ to }) => to.port === input.name);
      return `  ${colours.dim("←")} ${plainText(input.name).padEnd(width)}  ${sourceText(input, edge, colours)}`;
    }),
    ...node.outputs.map(
      ({ name, spec }) =>
        `  ${colours.dim("→")} ${plainText(name).padEnd(width)}  ${spec ? specText(spec, colours) : colours.dim("not shown")}`,
    ),
  ].join("\n");
}

function targetText(target: NodeTarget): string {
  switch (target.kind) {
    case "gradio":
      return `Gradio app ${withoutLogin(target.space)} ${typeof target.apiName === "number" ? `endpoint ${target.apiName}` : target.apiName}`;
    case "fn":
      return `function${target.functionName === null ? "" : ` ${target.functionName}`}`;
    case "inference":
      return [`model ${target.model}`, target.provider && `at ${target.provider}`, target.task]
        .filter(Boolean)
        .join(", ");
    case "input":
      return "inputs";
    case "choice":
      return `one of ${target.variants.join(", ")}`;
    case "approve":
      return "waits for approval";
    case "choose-one":
      return "waits for a choice";
    default:
      return unreachable(target);
  }
}

function sourceText({ source }: InputPort, edge: Edge | undefined, colours: Colours): string {
  switch (source.kind) {
    case "component":
      return specText(source.spec, colours);
    case "edge":
      return edge ? colours.green(edgeText(edge)) : colours.red("wired to something unknown");
    case "fixed":
      return source.value === undefined ? "fixed, known when the file runs" : `= ${valueText(source.value)}`;
    case "callable":
      return "drawn for every run";
    default:
      return unreachable(source);
  }
}

function specText(spec: ComponentSpec | ItemListSpec, { dim }: Colours): string {
  if (spec.component === "ItemList") return `list of ${plainText(Object.keys(spec.fields).join(", "))}`;
  return spec.value === undefined ? spec.component : `${spec.component} ${dim(valueText(spec.value))}`;
}

function edgeText({ from, mode, field, skipFailed }: Edge): string {
  const port = plainText(`${from.node}.${from.port}`);
  if (mode === "scatter") return `${port}, each item${field === undefined ? "" : `'s ${plainText(field)}`}`;
  if (mode === "gather") return `${port}, all items${skipFailed ? " that succeeded" : ""}`;
  return port;
}

/** A value on one short line. */
export function valueText(value: Json): string {
  const text = plainText(JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
