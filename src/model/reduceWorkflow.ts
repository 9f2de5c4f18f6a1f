import type { NodeId } from "./graph.js";
import { appendLog } from "./logLines.js";
import type { Failure } from "./failure.js";
import { type ItemCounts, SOME_ITEMS_FAILED } from "./items.js";
import type { ResultView } from "./runEvent.js";
import { FIRST_SHEET } from "./sheets.js";
import { unreachable } from "./unreachable.js";
import {
  type Activity,
  IDLE_NODE,
  type NodeState,
  type Outcome,
  type WorkflowEvent,
  type WorkflowState,
} from "./workflowState.js";

export function initialWorkflowState(file: string, trusted: boolean): WorkflowState {
  return {
    file,
    graph: null,
    graphStatus: "current",
    diagnostics: [],
    sheet: { id: FIRST_SHEET, name: FIRST_SHEET, values: {} },
    sheets: [],
    view: null,
    nodes: {},
    run: null,
    queue: [],
    lastRun: null,
    notices: [],
    trusted,
  };
}

/** The one way in which a workflow's state changes. Pure; events about nodes that are not there are kept for when they are. */
export function reduceWorkflow(state: WorkflowState, event: WorkflowEvent): WorkflowState {
  return reduceWorkflowAll(state, [event]);
}

/**
 * The same for several events in turn. A run over a thousand nodes sends thousands of events, and copying the state of a
 * thousand nodes for each would cost more than the run: here they are copied once.
 */
export function reduceWorkflowAll(state: WorkflowState, events: Iterable<WorkflowEvent>): WorkflowState {
  const draft: Draft = { state, nodes: null };
  for (const event of events) apply(draft, event);
  return draft.nodes ? { ...draft.state, nodes: draft.nodes } : draft.state;
}

/** A state in the making. `nodes` stands in for `state.nodes` once something in it has changed, and is nobody else's. */
interface Draft {
  state: WorkflowState;
  nodes: Record<NodeId, NodeState> | null;
}

function apply(draft: Draft, event: WorkflowEvent): void {
  switch (event.type) {
    case "graph-changed": {
      const { graph, graphStatus, diagnostics } = event;
      draft.state = { ...draft.state, graph, graphStatus, diagnostics };
      return;
    }
    case "freshness-changed":
      for (const [id, freshness] of Object.entries(event.nodes)) change(draft, id, (node) => ({ ...node, freshness }));
      for (const [id, changed] of Object.entries(event.sinceFailure ?? {}))
        change(draft, id, (node) => ({ ...node, outcome: withChange(node.outcome, changed) }));
      return;
    case "nodes-restored":
      Object.assign(ownNodes(draft), event.nodes);
      return;
    case "queue-changed":
      draft.state = { ...draft.state, queue: event.queue };
      return;
    case "sheet-changed": {
      // A run belongs to the sheet that it was on.
      const lastRun = event.sheet.id === draft.state.sheet.id ? draft.state.lastRun : null;
      draft.state = { ...draft.state, sheet: event.sheet, lastRun };
      return;
    }
    case "sheets-changed":
      draft.state = { ...draft.state, sheets: event.sheets };
      return;
    case "view-changed":
      draft.state = { ...draft.state, view: event.view };
      return;
    case "notices-changed":
      draft.state = { ...draft.state, notices: event.notices };
      return;
    case "trust-changed":
      draft.state = { ...draft.state, trusted: event.trusted };
      return;
    case "started": {
      for (const { node, action } of event.plan.steps) {
        if (action !== "reuse") change(draft, node, (state) => ({ ...state, activity: { kind: "waiting" } }));
      }
      const total = event.plan.steps.length + (event.plan.blocked?.length ?? 0);
      const run = { runId: event.runId, startedAt: event.at, total, done: 0 };
      draft.state = { ...draft.state, run };
      return;
    }
    case "node-waits":
      change(draft, event.node, (node) => ({ ...node, activity: { kind: "waiting", elsewhere: true } }));
      return;
    case "node-started":
      change(draft, event.node, ({ logCut: _gone, ...node }) => ({
        ...node,
        activity: { kind: "running", startedAt: event.at },
        count: event.count,
        log: [],
      }));
      return;
    case "node-asks":
      change(draft, event.node, (node) =>
        node.activity.kind === "running" ? { ...node, activity: { ...node.activity, question: event.question } } : node,
      );
      return;
    case "node-progress":
      change(draft, event.node, (node) =>
        node.activity.kind === "running" ? { ...node, activity: { ...node.activity, progress: event.progress } } : node,
      );
      return;
    case "node-partial":
      change(draft, event.node, (node) =>
        node.activity.kind === "running" ? { ...node, activity: { ...node.activity, partial: event.outputs } } : node,
      );
      return;
    case "node-log":
      change(draft, event.node, (node) => ({ ...node, ...appendLog(node, event.lines) }));
      return;
    case "node-reused":
      finish(draft, event.node, { outcome: { kind: "reused" }, freshness: { kind: "fresh" }, result: event.result });
      return;
    case "node-succeeded":
      finish(draft, event.node, { ...succeeded(event.result, event.failure), result: event.result });
      return;
    case "node-failed":
      finish(draft, event.node, {
        outcome: {
          kind: "failed",
          failure: event.failure,
          durationMs: event.durationMs,
          ...itemsOf(event),
          ...partialOf(draft, event.node),
        },
        ...(event.result && { result: event.result, freshness: { kind: "fresh" } }),
      });
      return;
    case "node-cancelled":
      finish(draft, event.node, {
        outcome: {
          kind: "cancelled",
          durationMs: event.durationMs,
          ...itemsOf(event),
          ...partialOf(draft, event.node),
        },
      });
      return;
    case "node-blocked":
      finish(draft, event.node, { outcome: { kind: "blocked", by: event.by, failure: event.failure } });
      return;
    case "finished": {
      for (const [id, { activity }] of Object.entries(draft.nodes ?? draft.state.nodes)) {
        if (activity.kind !== "idle") change(draft, id, (node) => ({ ...node, activity: { kind: "idle" } }));
      }
      const { status, executed, reused, savedMs, failure } = event;
      const lastRun = { status, executed, reused, savedMs, ...(failure && { failure }) };
      draft.state = { ...draft.state, run: null, lastRun };
      return;
    }
    default:
      return unreachable(event);
  }
}

function succeeded({ durationMs }: ResultView, failure: Failure | undefined): Pick<NodeState, "outcome" | "freshness"> {
  if (!failure) return { outcome: { kind: "succeeded", durationMs }, freshness: { kind: "fresh" } };
  const freshness = { kind: "stale", reason: SOME_ITEMS_FAILED } as const;
  return { outcome: { kind: "failed", failure, durationMs }, freshness };
}

function itemsOf({ items }: { readonly items?: ItemCounts }): { readonly items?: ItemCounts } {
  return items ? { items } : {};
}

/** What a node has given so far, of an execution that comes to no end of its own. */
function partialOf({ state, nodes }: Draft, id: NodeId): Pick<Extract<Activity, { kind: "running" }>, "partial"> {
  const activity = (nodes ?? state.nodes)[id]?.activity;
  return activity?.kind === "running" && activity.partial ? { partial: activity.partial } : {};
}

function withChange(outcome: Outcome, changed: string | null): Outcome {
  if (outcome.kind !== "failed") return outcome;
  const { changed: _before, ...failed } = outcome;
  return changed === null ? failed : { ...failed, changed };
}

function ownNodes(draft: Draft): Record<NodeId, NodeState> {
  return (draft.nodes ??= { ...draft.state.nodes });
}

function change(draft: Draft, id: NodeId, edit: (node: NodeState) => NodeState): void {
  const nodes = ownNodes(draft);
  nodes[id] = edit(nodes[id] ?? IDLE_NODE);
}

function finish(draft: Draft, id: NodeId, end: Partial<NodeState>): void {
  change(draft, id, (node) => ({ ...node, ...end, activity: { kind: "idle" } }));
  const { run } = draft.state;
  if (run) draft.state = { ...draft.state, run: { ...run, done: run.done + 1 } };
}
