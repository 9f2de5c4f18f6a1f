import { findNode, type Edge, type Graph, type GraphNode, type NodeId } from "./graph.js";
import { pinGraph, pinnedOutput } from "./pins.js";
import type { RunRequest } from "./plan.js";
import type { StoredValue } from "./value.js";
import { selectedVariant } from "./variants.js";
import type { WorkflowState } from "./workflowState.js";

/**
 * The graph with its choices made and its pins in place: what is wired to a choice is wired to the variant that the sheet selects,
 * and the choice itself is gone; a pinned node is an input node. This is what is planned and run, so that nothing after it needs to
 * know of either. A choice whose variants are not known stays.
 *
 * @returns one and the same graph as long as the selection and the pins stay.
 */
export function chosenGraph(graph: Graph, values: Readonly<Record<string, StoredValue>>): Graph {
  const selection = selectionOf(graph, values);
  const pinned = pinnedControls(graph, values);
  if (selection.size + pinned.length === 0) return graph;
  const key = JSON.stringify([[...selection], pinned]);
  const last = made.get(graph);
  if (last?.key === key) return last.graph;
  const chosen = pinGraph(selection.size === 0 ? graph : choose(graph, selection), values);
  made.set(graph, { key, graph: chosen });
  return chosen;
}

/** The same request for a graph whose choices have been made: who asks for a choice asks for its selected variant. */
export function chosenRequest(chosen: Graph, request: RunRequest): RunRequest {
  const targets = request.targets.map((id) => variantFor(chosen, id) ?? id);
  return targets.every((id, i) => id === request.targets[i]) ? request : { ...request, targets: [...new Set(targets)] };
}

function variantFor(chosen: Graph, choice: NodeId): NodeId | undefined {
  if (findNode(chosen, choice)) return undefined;
  return chosen.nodes.find(({ selected, variantOf }) => selected === true && variantOf === choice)?.id;
}

const made = new WeakMap<Graph, { readonly key: string; readonly graph: Graph }>();

/** By choice. */
function selectionOf(graph: Graph, values: Readonly<Record<string, StoredValue>>): ReadonlyMap<NodeId, NodeId> {
  return new Map(
    graph.nodes.flatMap((node): [NodeId, NodeId][] => {
      const variant = selectedVariant(node, values);
      return variant === null ? [] : [[node.id, variant]];
    }),
  );
}

/** What the sheet has pinned to outputs that there are; the values themselves don't make another graph. */
function pinnedControls(graph: Graph, values: Readonly<Record<string, StoredValue>>): string[] {
  return Object.keys(values).filter((control) => pinnedOutput(graph, control) !== null);
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

/**
 * The nodes that "everything" means in a graph whose choices have been made: what nobody takes anything from and what the author
 * lists, with all that these need. Authors list all their nodes, so that one is no reason to run what only a pinned node would take. A variant that is not selected runs only when somebody asks for it by name; so does what serves
 * nothing else, or nothing but pinned nodes.
 */
export function neededNodes(chosen: Graph): ReadonlySet<NodeId> {
  let found = needed.get(chosen);
  if (!found) needed.set(chosen, (found = findNeeded(chosen)));
  return found;
}

const needed = new WeakMap<Graph, ReadonlySet<NodeId>>();

function findNeeded({ nodes, edges, roots }: Graph): ReadonlySet<NodeId> {
  if (!nodes.some((node) => isIdle(node) || node.spared)) return new Set(nodes.map(({ id }) => id));
  const into = Map.groupBy(edges, ({ to }) => to.node);
  const feeding = new Set(edges.map(({ from }) => from.node));
  const listed = new Set(roots);
  const ends = nodes.filter(
    (node) => !isIdle(node) && node.spared !== true && (listed.has(node.id) || !feeding.has(node.id)),
  );
  const found = new Set(ends.map(({ id }) => id));
  // A set that grows while it is walked yields what is added, too.
  for (const id of found) for (const { from } of into.get(id) ?? []) found.add(from.node);
  return found;
}

function isIdle({ variantOf, selected }: GraphNode): boolean {
  return variantOf !== undefined && selected !== true;
}

/** What "Run stale" brings up to date, in the graph's order: nodes with a result that is no longer fresh. */
export function staleNodes({ graph, sheet, nodes }: WorkflowState): NodeId[] {
  if (!graph) return [];
  const chosen = chosenGraph(graph, sheet.values);
  const counts = neededNodes(chosen);
  return chosen.nodes.map(({ id }) => id).filter((id) => counts.has(id) && nodes[id]?.freshness.kind === "stale");
}
