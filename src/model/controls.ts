import type { ComponentSpec } from "./component.js";
import type { Graph } from "./graph.js";
import { variantControl, variantSpec } from "./variants.js";

/** Every control of the graph, by the name that identifies it, in the order of first use; what selects a choice's variant too. */
export function controlsOf(graph: Graph): ReadonlyMap<string, ComponentSpec> {
  const controls = new Map<string, ComponentSpec>();
  for (const node of graph.nodes) {
    for (const { source } of node.inputs) if (source.kind === "component") controls.set(source.control, source.spec);
    for (const { control, spec } of node.outputs) {
      if (control !== undefined && spec && spec.component !== "ItemList") controls.set(control, spec);
    }
    const variants = variantSpec(graph, node);
    if (variants) controls.set(variantControl(node.id), variants);
  }
  return controls;
}
