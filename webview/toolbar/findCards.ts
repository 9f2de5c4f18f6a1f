import { withoutLogin } from "../../src/model/appAddress.js";
import type { Graph, NodeId } from "../../src/model/graph.js";
import { cardOf } from "../flow/drawnGraph.js";

/** The nodes whose name, id, target or ports hold the text, best first. */
export function findCards(graph: Graph, text: string): readonly NodeId[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const found = graph.nodes.flatMap((node) => {
    const rank = [
      [node.name, node.id],
      targetWords(node.target),
      [...node.inputs, ...node.outputs].map(({ name }) => name),
    ].findIndex((words) => words.some((word) => word.toLowerCase().includes(wanted)));
    return rank === -1 ? [] : [{ id: cardOf(node), rank }];
  });
  return [...new Set(found.sort((a, b) => a.rank - b.rank).map(({ id }) => id))];
}

function targetWords(target: Graph["nodes"][number]["target"]): string[] {
  if (target.kind === "gradio") return [withoutLogin(target.space), String(target.apiName)];
  if (target.kind === "inference") return [target.model];
  if (target.kind === "fn" && target.functionName !== null) return [target.functionName];
  return [];
}
