import { createHash } from "node:crypto";
import { withoutPassword } from "../model/appAddress.js";
import type { EdgeMode, GraphNode, InputSource, NodeId, OutputPort, PortRef } from "../model/graph.js";

/** As `alike` of `KnownNode`. */
export function alikeness(node: GraphNode): string | null {
  const { kind, target, code, untold, codeStandsIn, inputs, outputs } = node;
  if (code === undefined || untold) return null;
  const called =
    target.kind === "gradio"
      ? [withoutPassword(target.space), target.apiName]
      : target.kind === "inference"
        ? [target.model, target.provider, target.task]
        : null;
  // What stands in for code changes with every name in the file.
  const runs = codeStandsIn ? "?" : code;
  return digest([kind, called, runs, inputs.map(({ name }) => name), outputs.map(outputShape)]);
}

/** How an output is shown doesn't make it another one; but an input node is nothing but its controls. */
function outputShape({ name, spec, control }: OutputPort): unknown {
  return control === undefined ? name : [name, spec?.component];
}

/**
 * As `detail` of `KnownNode`.
 *
 * @param sourceOf - what an input is wired to.
 * @param nameOf - what a node is kept under.
 */
export function detailOf(
  node: GraphNode,
  sourceOf: (port: string) => Wire | undefined,
  nameOf: (id: NodeId) => NodeId,
): string {
  const wire = (port: string) => {
    const source = sourceOf(port);
    return source ? [source.mode, source.port, nameOf(source.node)] : null;
  };
  const inputs = node.inputs.map(({ name, source }) => [name, sourceDetail(source), wire(name)]);
  const shown = node.outputs.map(({ control, spec }) => (control === undefined ? null : specDetail(spec)));
  const called = node.name === node.id ? null : node.name;
  const variants = node.target.kind === "choice" ? node.target.variants.map(nameOf) : null;
  return digest([inputs, shown, called, variants]);
}

/** Where an input comes from. */
export interface Wire extends PortRef {
  readonly mode: EdgeMode;
}

function sourceDetail(source: InputSource): unknown {
  switch (source.kind) {
    case "component":
      return specDetail(source.spec);
    case "fixed":
      return [source.value, source.code];
    case "callable":
      return source.code;
    case "edge":
      return null;
  }
}

/** Where it is written doesn't matter. */
function specDetail(spec: OutputPort["spec"]): unknown {
  return spec && { ...spec, range: null };
}

function digest(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 20);
}
