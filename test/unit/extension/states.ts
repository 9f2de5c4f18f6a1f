import type { Failure } from "../../../src/model/failure.js";
import type { Graph, GraphNode, NodeKind, NodeTarget } from "../../../src/model/graph.js";
import { initialWorkflowState } from "../../../src/model/reduceWorkflow.js";
import type { ResultView } from "../../../src/model/runEvent.js";
import type { SourceRange } from "../../../src/model/source.js";
import { IDLE_NODE, type NodeState, type WorkflowState } from "../../../src/model/workflowState.js";

export const FILE = "/w/story.daggr.ts";

export function lines(from: number, to = from, file = FILE): SourceRange {
  return { file, start: { line: from, column: 1 }, end: { line: to, column: 10 } };
}

export function graphNode(id: string, line: number, more: Partial<GraphNode> = {}): GraphNode {
  const target: NodeTarget = { kind: "fn", functionName: `${id}Of` };
  const kind: NodeKind = "fn";
  return { id, kind, name: id, inputs: [], outputs: [], target, limits: {}, range: lines(line, line + 3), ...more };
}

/** A trusted workflow: `scene` (inputs) → `image` → `cutout`, and the graph at line 30. */
export function state(
  nodes: Record<string, Partial<NodeState>> = {},
  more: Partial<WorkflowState> = {},
): WorkflowState {
  const graph: Graph = {
    file: FILE,
    name: "Story",
    persistKey: null,
    roots: ["cutout"],
    nodes: [
      graphNode("scene", 3, { kind: "input", target: { kind: "input" } }),
      graphNode("image", 10, { name: "Paint" }),
      graphNode("cutout", 20),
    ],
    edges: [
      { from: { node: "scene", port: "place" }, to: { node: "image", port: "place" }, mode: "single" },
      { from: { node: "image", port: "image" }, to: { node: "cutout", port: "image" }, mode: "single" },
    ],
    complete: true,
    range: lines(30),
    files: [FILE],
  };
  const full = Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { ...IDLE_NODE, ...node }]));
  return { ...initialWorkflowState(FILE, true), graph, nodes: full, ...more };
}

export function result(durationMs: number, outputs: ResultView["outputs"] = {}): ResultView {
  return { id: "r1", fingerprint: "f", outputs, drawn: {}, finishedAt: 0, durationMs };
}

export function fresh(durationMs: number): Partial<NodeState> {
  return {
    outcome: { kind: "succeeded", durationMs },
    freshness: { kind: "fresh" },
    result: result(durationMs),
    count: 1,
  };
}

export function failure(message: string, more: Partial<Failure> = {}): Failure {
  return { reason: "thrown", message, ...more };
}
