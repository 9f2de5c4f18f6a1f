import type { Edge, Graph, GraphNode, NodeId } from "../model/graph.js";
import type { RunRequest } from "../model/plan.js";
import { selectedVariant } from "../model/variants.js";
import { indexOf } from "./graphIndex.js";
import type { ControlValues } from "./inputValues.js";

/**
 * The graph with its choices made: what is wired to a choice is wired to the variant that the sheet selects, and the choice itself
 * is gone. This is what is planned and run, so that nothing after it needs to know of choices. A choice whose variants are not
 * known stays.
 *
 * @returns one and the same graph as long as the selection stays.
 */
export function chosenGraph(graph: Graph, values: ControlValues): Graph {
  const selection = selectionOf(graph, values);
  if (selection.size === 0) return graph;
  const key = JSON.stringify([...selection]);
  const last = made.get(graph);
  if (last?.key === key) return last.graph;
  const chosen = choose(graph, selection);
  made.set(graph, { key, graph: chosen });
  return chosen;
}

/** The same request for a graph whose choices have been made: who asks for a choice asks for its selected variant. */
export function chosenRequest(chosen: Graph, request: RunRequest): RunRequest {
  const targets = request.targets.map((id) => variantFor(chosen, id) ?? id);
  return targets.every((id, i) => id === request.targets[i]) ? request : { ...request, targets: [...new Set(targets)] };
}

function variantFor(chosen: Graph, choice: NodeId): NodeId | undefined {
  if (indexOf(chosen).nodes.has(choice)) return undefined;
  return chosen.nodes.find(({ selected, variantOf }) => selected === true && variantOf === choice)?.id;
}

const made = new WeakMap<Graph, { readonly key: string; readonly graph: Graph }>();

/** By choice. */
function selectionOf(graph: Graph, values: ControlValues): ReadonlyMap<NodeId, NodeId> {
  return new Map(
    graph.nodes.flatMap((node): [NodeId, NodeId][] => {
      const variant = selectedVariant(node, values);
      return variant === null ? [] : [[node.id, variant]];
    }),
  );
}

function choose(graph: Graph, selection: ReadonlyMap<NodeId, NodeId>): Graph {
  const selected = new Set(selection.values());
  const nodes = graph.nodes
    .filter(({ id }) => !selection.has(id))
    .map((node): GraphNode => (selected.has(node.id) ? { ...node, selected: true } : node));
  const edges = graph.edges.map((edge): Edge => {
    const variant = selection.get(edge.from.node);
    return variant === undefined
      ? edge
      : { ...edge, from: { node: variant, port: edge.from.port }, choice: edge.from.node };
  });
  return { ...graph, roots: graph.roots.map((id) => (id !== null ? (selection.get(id) ?? id) : null)), nodes, edges };
}
