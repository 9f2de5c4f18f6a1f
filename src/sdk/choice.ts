import { marked, NODE } from "./marks.js";
import { NodeObject, type NodeInfo, type WithPorts, type WorkflowNode } from "./node.js";
import { aText, checkOptions } from "./options.js";

/** One of several nodes, as a sheet selects it. Its ports are the union of the variants'. */
export type ChoiceNode<P = unknown> = WithPorts<P>;

/** By port name: the port of each variant that has it. */
type UnionPorts<V> = { readonly [Name in PortNames<V>]: V extends WorkflowNode<infer P> ? At<P, Name> : never };
type PortNames<V> = V extends WorkflowNode<infer P> ? keyof P : never;
type At<P, Name> = Name extends keyof P ? P[Name] : never;

class ChoiceNodeObject extends NodeObject {
  constructor(variants: readonly object[], { name }: { readonly name?: string }) {
    super("choice", {
      name: name ?? null,
      callee: { kind: "choice", variants: [...variants] },
      limits: {},
      inputs: {},
      outputs: Object.assign({}, ...variants.map((variant) => marked(variant, NODE)?.outputs)) as NodeInfo["outputs"],
    });
  }
}

/**
 * Declares nodes as alternatives: one is selected per sheet, the first to begin with, and whatever is wired to the
 * choice's ports gets that one's values.
 */
export function choice<const V extends readonly [WorkflowNode, ...WorkflowNode[]]>(
  variants: V,
  options: { readonly name?: string } = {},
): ChoiceNode<UnionPorts<V[number]>> {
  checkOptions("choice", options, { name: aText });
  // Authors may write plain JavaScript, or cast.
  if (!Array.isArray(variants) || variants.length === 0)
    throw new TypeError("choice takes an array of nodes: choice([a, b]).");
  variants.forEach((variant, index) => {
    const info = marked(variant, NODE);
    if (!info) throw new TypeError(`choice: element ${index} is not a node.`);
    if (info.callee.kind === "choice")
      throw new TypeError(`choice: element ${index} is itself a choice; list its variants instead.`);
    if (variants.indexOf(variant) !== index) throw new TypeError(`choice: element ${index} is listed twice.`);
  });
  // The ports exist on each instance, which a class cannot say.
  return new ChoiceNodeObject(variants, options) as unknown as ChoiceNode<UnionPorts<V[number]>>;
}
