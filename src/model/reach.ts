import { chosenGraph, chosenRequest, neededNodes, staleNodes } from "./chosenGraph.js";
import { labelOf } from "./component.js";
import type { Graph, GraphNode, NodeId } from "./graph.js";
import type { RunRequest } from "./plan.js";
import type { WorkflowState } from "./workflowState.js";

/** The nodes whose controls a run may read, in the graph's order: those that it may execute, and the input nodes that feed them. */
export function nodesInReach(state: WorkflowState, request: RunRequest): GraphNode[] {
  if (!state.graph) return [];
  const graph = chosenGraph(state.graph, state.sheet.values);
  const { scope, targets } = chosenRequest(graph, request);
  const reached = idsInReach(state, graph, scope, targets);
  return graph.nodes.filter(({ id }) => reached.has(id));
}

function idsInReach(
  state: WorkflowState,
  graph: Graph,
  scope: RunRequest["scope"],
  targets: readonly NodeId[],
): ReadonlySet<NodeId> {
  switch (scope) {
    case "all":
      return neededNodes(graph);
    case "to":
      return closure(graph, targets, "up");
    case "downstream":
      return closure(graph, closure(graph, targets, "down"), "up");
    case "stale":
      return closure(graph, staleNodes(state), "up");
    case "step":
      return stepReach(state, graph, targets);
    case "only": {
      // What is upstream stands as it is, apart from input nodes, which have no results that could stand.
      const inputs = new Set(graph.nodes.filter(({ kind }) => kind === "input").map(({ id }) => id));
      const feeding = graph.edges.filter(({ from, to }) => targets.includes(to.node) && inputs.has(from.node));
      return new Set([...targets, ...feeding.map(({ from }) => from.node)]);
    }
  }
}

/** The targets and what they need that has no result, with the input nodes that feed those. */
function stepReach({ nodes }: WorkflowState, graph: Graph, targets: readonly NodeId[]): ReadonlySet<NodeId> {
  const into = Map.groupBy(graph.edges, ({ to }) => to.node);
  // Their values are what their controls hold, whatever the results of those that are pinned.
  const inputs = new Set(graph.nodes.filter(({ kind }) => kind === "input").map(({ id }) => id));
  const found = new Set(targets);
  // A set that grows while it is walked yields what is added, too.
  for (const id of found) {
    for (const { from } of into.get(id) ?? [])
      if (inputs.has(from.node) || !nodes[from.node]?.result) found.add(from.node);
  }
  return found;
}

function closure({ edges }: Graph, from: Iterable<NodeId>, way: "up" | "down"): ReadonlySet<NodeId> {
  const next = Map.groupBy(edges, (edge) => (way === "up" ? edge.to.node : edge.from.node));
  const found = new Set(from);
  // A set that grows while it is walked yields what is added, too.
  for (const id of found)
    for (const edge of next.get(id) ?? []) found.add(way === "up" ? edge.from.node : edge.to.node);
  return found;
}

/** The controls that a node draws, with the words on them. */
export function controlsOn({ id, inputs, outputs }: GraphNode): { readonly control: string; readonly label: string }[] {
  const own = inputs.flatMap(({ name, source }) =>
    source.kind === "component" ? [{ control: source.control, label: labelOf(source.spec, name) }] : [],
  );
  const given = outputs.flatMap(({ name, spec, control = `${id}.${name}` }) =>
    spec && spec.component !== "ItemList" ? [{ control, label: labelOf(spec, name) }] : [],
  );
  return [...own, ...given];
}
