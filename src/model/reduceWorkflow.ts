import type { NodeId } from "./graph.js";
import { unreachable } from "./unreachable.js";
import { IDLE_NODE, LOG_LIMIT, type NodeState, type WorkflowEvent, type WorkflowState } from "./workflowState.js";

export function initialWorkflowState(file: string, trusted: boolean): WorkflowState {
  return {
    file,
    graph: null,
    graphStatus: "current",
    diagnostics: [],
    sheet: { name: "main", values: {} },
    nodes: {},
    run: null,
    lastRun: null,
    notices: [],
    trusted,
  };
}

/** The one way in which a workflow's state changes. Pure; events about nodes that are not there are kept for when they are. */
export function reduceWorkflow(state: WorkflowState, event: WorkflowEvent): WorkflowState {
  switch (event.type) {
    case "graph-changed":
      return { ...state, graph: event.graph, graphStatus: event.graphStatus, diagnostics: event.diagnostics };
    case "freshness-changed": {
      const nodes = { ...state.nodes };
      for (const [id, freshness] of Object.entries(event.nodes)) nodes[id] = { ...(nodes[id] ?? IDLE_NODE), freshness };
      return { ...state, nodes };
    }
    case "nodes-restored":
      return { ...state, nodes: { ...state.nodes, ...event.nodes } };
    case "sheet-changed":
      return { ...state, sheet: event.sheet };
    case "notices-changed":
      return { ...state, notices: event.notices };
    case "trust-changed":
      return { ...state, trusted: event.trusted };
    case "started": {
      const nodes = { ...state.nodes };
      for (const { node, action } of event.plan.steps) {
        if (action !== "reuse") nodes[node] = { ...(nodes[node] ?? IDLE_NODE), activity: { kind: "waiting" } };
      }
      const run = { runId: event.runId, startedAt: event.at, total: event.plan.steps.length, done: 0 };
      return { ...state, nodes, run };
    }
    case "node-started":
      return withNode(state, event.node, (node) => ({
        ...node,
        activity: { kind: "running", startedAt: event.at },
        count: event.count,
        log: [],
      }));
    case "node-progress":
      return withNode(state, event.node, (node) =>
        node.activity.kind === "running" ? { ...node, activity: { ...node.activity, progress: event.progress } } : node,
      );
    case "node-partial":
      return withNode(state, event.node, (node) =>
        node.activity.kind === "running" ? { ...node, activity: { ...node.activity, partial: event.outputs } } : node,
      );
    case "node-log":
      return withNode(state, event.node, (node) => ({ ...node, log: [...node.log, ...event.lines].slice(-LOG_LIMIT) }));
    case "node-reused":
      return finishNode(state, event.node, {
        outcome: { kind: "reused" },
        freshness: { kind: "fresh" },
        result: event.result,
      });
    case "node-succeeded":
      return finishNode(state, event.node, {
        outcome: { kind: "succeeded", durationMs: event.result.durationMs },
        freshness: { kind: "fresh" },
        result: event.result,
      });
    case "node-failed":
      return finishNode(state, event.node, {
        outcome: { kind: "failed", failure: event.failure, durationMs: event.durationMs },
      });
    case "node-cancelled":
      return finishNode(state, event.node, { outcome: { kind: "cancelled", durationMs: event.durationMs } });
    case "node-blocked":
      return finishNode(state, event.node, { outcome: { kind: "blocked", by: event.by, failure: event.failure } });
    case "finished": {
      const nodes = { ...state.nodes };
      for (const [id, node] of Object.entries(nodes)) {
        if (node.activity.kind !== "idle") nodes[id] = { ...node, activity: { kind: "idle" } };
      }
      const { status, executed, reused, savedMs, failure } = event;
      return {
        ...state,
        nodes,
        run: null,
        lastRun: { status, executed, reused, savedMs, ...(failure && { failure }) },
      };
    }
    default:
      return unreachable(event);
  }
}

function withNode(state: WorkflowState, id: NodeId, change: (node: NodeState) => NodeState): WorkflowState {
  return { ...state, nodes: { ...state.nodes, [id]: change(state.nodes[id] ?? IDLE_NODE) } };
}

function finishNode(state: WorkflowState, id: NodeId, end: Partial<NodeState>): WorkflowState {
  const finished = withNode(state, id, (node) => ({ ...node, ...end, activity: { kind: "idle" } }));
  return finished.run ? { ...finished, run: { ...finished.run, done: finished.run.done + 1 } } : finished;
}
