import type { ComponentSpec } from "./component.js";
import { findNode, type Graph, type GraphNode, type NodeId } from "./graph.js";
import type { StoredValue } from "./value.js";
import type { WorkflowState } from "./workflowState.js";

/** The control by which a sheet selects one of a choice's variants; kept and sent like any other. A choice has no inputs that it could clash with. */
export function variantControl(choice: NodeId): string {
  return `${choice}.variant`;
}

/** What that control is: the variants' ids by their names, the first one selected unless a sheet says otherwise. */
export function variantSpec(graph: Graph, choice: GraphNode): ComponentSpec | null {
  if (choice.target.kind !== "choice") return null;
  const { variants } = choice.target;
  const choices = variants.map((id) => [findNode(graph, id)?.name ?? id, id]);
  return {
    component: variants.length > 4 ? "Dropdown" : "Radio",
    props: { label: "Variant", choices },
    value: variants[0] ?? null,
  };
}

/** The variant that stands in for a choice; `null`: the node is no choice, or its variants are not known. */
export function selectedVariant(node: GraphNode, values: Readonly<Record<string, StoredValue>>): NodeId | null {
  if (node.target.kind !== "choice") return null;
  const control = variantControl(node.id);
  const stored = Object.hasOwn(values, control) ? values[control] : undefined;
  const { variants } = node.target;
  // One that is no longer there counts only when it is there again.
  return variants.find((id) => stored?.kind === "inline" && stored.value === id) ?? variants[0] ?? null;
}

/** The node that does a node's work: the selected variant of a choice, or else the node itself. */
export function workerOf({ graph, sheet }: Pick<WorkflowState, "graph" | "sheet">, id: NodeId): NodeId {
  const node = graph && findNode(graph, id);
  return (node && selectedVariant(node, sheet.values)) ?? id;
}

/** The node on whose card a node shows: a variant shows on its choice's. */
export function cardOf({ id, variantOf }: Pick<GraphNode, "id" | "variantOf">): NodeId {
  return variantOf ?? id;
}
