import { editsOf } from "../model/editedLists.js";
import type { Graph, NodeId } from "../model/graph.js";
import type { RunRequest } from "../model/plan.js";
import { fingerprintRecord, isKnown } from "./fingerprint.js";
import { indexOf } from "./graphIndex.js";
import { resolveInputs, type ControlValues } from "./inputValues.js";
import { closure } from "./plannerOrder.js";

/** What nodes are made from. */
export interface WorkBasis {
  readonly graph: Graph;
  readonly values: ControlValues;
}

/**
 * Whether every node that a request is about does the same on both bases: runs the same code, is wired the same way, and
 * gets the same values from controls and constants. What comes through edges is not looked at, for it follows from that, and
 * from what people made of it on the way.
 * Where something cannot be told without loading the file, only one and the same graph does the same.
 */
export function doesSameWork(then: WorkBasis, now: WorkBasis, request: RunRequest): boolean {
  for (const id of nodesOf(now.graph, request)) {
    const before = workOf(then, id);
    const after = workOf(now, id);
    if (!after || before?.text !== after.text) return false;
    if ((before.unknown || after.unknown) && then.graph !== now.graph) return false;
  }
  return true;
}

function nodesOf(graph: Graph, { scope, targets }: RunRequest): Iterable<NodeId> {
  switch (scope) {
    case "only":
      return targets;
    case "to":
    case "step":
      return closure(graph, targets, "upstream");
    case "downstream":
      return closure(graph, closure(graph, targets, "downstream"), "upstream");
    case "all":
    case "stale":
      return graph.nodes.map(({ id }) => id);
  }
}

/** `null`: there is no such node. */
function workOf({ graph, values }: WorkBasis, id: NodeId): { readonly text: string; readonly unknown: boolean } | null {
  const node = indexOf(graph).nodes.get(id);
  if (!node) return null;
  const { parts, missing, unknown } = resolveInputs(graph, node, values, () => undefined);
  const wires = missing.map(({ from, to }) => {
    const edits = editsOf(values, from.node, from.port).map(([control, { digest }]) => [control, digest]);
    return [to.port, from.node, from.port, edits.sort()];
  });
  const record = fingerprintRecord(graph, { ...node, code: node.code ?? null }, parts);
  const text = JSON.stringify([record, wires, node.limits]);
  return { text, unknown: !isKnown(node) || unknown.length > 0 };
}
