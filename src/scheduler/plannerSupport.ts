import { closest } from "fastest-levenshtein";
import type { Failure } from "../model/failure.js";
import type { Edge, Graph, GraphNode, NodeId } from "../model/graph.js";
import { mappedNodes } from "../model/items.js";
import type { BlockedStep } from "../model/plan.js";
import { indexOf } from "./graphIndex.js";

/**
 * Which nodes can't be executed, for what they are or for what they need.
 *
 * @param order - upstream first.
 * @param alone - nodes are executed with the results that there are, so that what is upstream need not be executable.
 */
export function blockedIn(graph: Graph, order: readonly GraphNode[], alone: boolean): ReadonlyMap<NodeId, BlockedStep> {
  const blocked = new Map<NodeId, BlockedStep>();
  for (const node of order) {
    const edges = indexOf(graph).into.get(node.id) ?? [];
    const own = lostPort(graph, node) ?? unpinnedPort(graph, node, edges) ?? unsupported(graph, node, edges);
    if (own) {
      blocked.set(node.id, { node: node.id, by: node.id, failure: own });
      continue;
    }
    const above = alone ? undefined : edges.map((edge) => blocked.get(edge.from.node)).find((step) => step);
    if (above) blocked.set(node.id, { node: node.id, by: above.by, failure: needs(node, above) });
  }
  return blocked;
}

/** What is wrong with an input that is wired to what is no port; `null`: none is. */
function lostPort(graph: Graph, { id, inputs }: GraphNode): Failure | null {
  const lost = inputs.flatMap(({ source }) => (source.kind === "edge" ? (source.lost ?? []) : []))[0];
  if (!lost) return null;
  const names =
    indexOf(graph)
      .nodes.get(lost.node)
      ?.outputs.map(({ name }) => name) ?? [];
  const meant = names.length > 0 ? ` Did you mean \`${closest(lost.port, names)}\`?` : "";
  const message = `\`${id}\` reads \`${lost.node}.${lost.port}\`, which \`${lost.node}\` does not have.${meant}`;
  return { reason: "missing-input", message };
}

/** What is wrong with reading an output of a pinned node to which nothing is pinned. */
function unpinnedPort(graph: Graph, { id }: GraphNode, edges: readonly Edge[]): Failure | null {
  for (const { from } of edges) {
    const node = indexOf(graph).nodes.get(from.node);
    const port = node?.outputs.find(({ name }) => name === from.port);
    if (node?.pinned !== true || !port || port.control !== undefined) continue;
    const message = `\`${id}\` takes \`${from.node}.${from.port}\`, but \`${from.node}\` is pinned without a value for it.`;
    return {
      reason: "missing-input",
      message,
      hint: `Pin a value to \`${from.port}\` as well, or unpin \`${from.node}\`.`,
    };
  }
  return null;
}

/** Why this version can't execute a node; `null`: it can. */
function unsupported(graph: Graph, node: GraphNode, edges: readonly Edge[]): Failure | null {
  switch (node.kind) {
    case "choice":
      return {
        reason: "unsupported",
        message: `\`${node.id}\` is a choice whose alternatives could not be read.`,
        hint: "List them where it is declared: `choice([a, b])`.",
      };
    case "approve":
    case "choose-one":
    case "gradio":
    case "fn":
    case "inference":
    case "input":
      return gatherOfSingle(graph, node, edges);
  }
}

/** What is wrong with gathering from a node that runs once. */
function gatherOfSingle(graph: Graph, { id }: GraphNode, edges: readonly Edge[]): Failure | null {
  const edge = edges.find(({ mode, from }) => mode === "gather" && !mappedNodes(graph).has(from.node));
  if (!edge) return null;
  const { from, to } = edge;
  return {
    reason: "unsupported",
    message: `\`${id}\` gathers all items of \`${from.node}.${from.port}\` for \`${to.port}\`, but \`${from.node}\` runs once, not once an item.`,
    hint: `Wire \`${from.node}.${from.port}\` itself, or scatter a list into \`${from.node}\` with \`.each\`.`,
  };
}

function needs(node: GraphNode, above: BlockedStep): Failure {
  return {
    reason: "unsupported",
    message: `\`${node.id}\` needs \`${above.by}\`, which can't run: ${above.failure.message}`,
  };
}
