import { closest } from "fastest-levenshtein";
import type { Failure } from "../model/failure.js";
import type { Edge, Graph, GraphNode, NodeId } from "../model/graph.js";
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
    const own = lostPort(graph, node) ?? unsupported(node, edges);
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

/** Why this version can't execute a node; `null`: it can. */
function unsupported(node: GraphNode, edges: readonly Edge[]): Failure | null {
  switch (node.kind) {
    case "choice":
      return {
        reason: "unsupported",
        message: `\`${node.id}\` is a choice whose alternatives could not be read.`,
        hint: "List them where it is declared: `choice([a, b])`.",
      };
    case "approve":
      return notYet(node.id, "a step at which a person approves", "leave it out");
    case "choose-one":
      return notYet(node.id, "a step at which a person chooses", "leave it out");
    case "gradio":
    case "fn":
    case "inference":
    case "input": {
      const edge = edges.find(({ mode }) => mode !== "single");
      if (!edge) return null;
      const how = edge.mode === "scatter" ? "runs once for each item" : "gathers all items";
      const what = `a node that ${how} of \`${edge.from.node}.${edge.from.port}\``;
      return notYet(node.id, what, "hand the whole list to one function that loops over it");
    }
  }
}

function notYet(id: NodeId, what: string, instead: string): Failure {
  return {
    reason: "unsupported",
    message: `\`${id}\` is ${what}, which this version of Daggr shows but can't run.`,
    hint: `Until then, ${instead}. The nodes that don't depend on it run all the same.`,
  };
}

function needs(node: GraphNode, above: BlockedStep): Failure {
  return {
    reason: "unsupported",
    message: `\`${node.id}\` needs \`${above.by}\`, which can't run: ${above.failure.message}`,
  };
}
