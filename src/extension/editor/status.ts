import { duration, elapsed } from "../../model/duration.js";
import type { GraphNode, NodeId } from "../../model/graph.js";
import type { Progress } from "../../model/runEvent.js";
import { unreachable } from "../../model/unreachable.js";
import { nodeStateOf } from "../../model/nodeState.js";
import type { Activity, NodeState, RunSummary, WorkflowState } from "../../model/workflowState.js";

/** How a node stands, in a few characters, and in full. */
export interface NodeStatus {
  readonly kind: "none" | "waiting" | "running" | "pinned" | "fresh" | "stale" | "failed" | "blocked" | "cancelled";
  /** `✓ 4.2 s`, `◌ stale: input prompt changed`; empty when there is nothing to say. */
  readonly text: string;
  /** What the text leaves out: the whole message of a failure. */
  readonly detail?: string;
}

/** @param now ms since the epoch */
export function nodeStatus(state: WorkflowState, node: NodeId, now: number): NodeStatus {
  const { activity, outcome, freshness, result, pinned }: NodeState = nodeStateOf(state, node);
  if (activity.kind === "waiting" && activity.elsewhere)
    return {
      kind: "waiting",
      text: "◔ in another run",
      detail: "Another run is making the same. Its result is taken.",
    };
  if (activity.kind === "waiting") return { kind: "waiting", text: activity.queued ? "◔ queued" : "◔ waiting" };
  if (activity.kind === "running") {
    if (isAsking(activity))
      return { kind: "running", text: "⏸ waiting for you", detail: "Answer on its card in the graph." };
    const progress = activity.progress && progressText(activity.progress);
    const text = ["◔ " + elapsed(now - activity.startedAt), progress].filter(Boolean).join(" · ");
    return { kind: "running", text };
  }
  if (pinned)
    return { kind: "pinned", text: "◆ pinned", detail: "What is pinned to its outputs stands in for running it." };
  switch (outcome.kind) {
    case "failed": {
      const { failure, changed } = outcome;
      if (changed === undefined) return { kind: "failed", text: "✕ failed", detail: failure.message };
      const text = `✕ failed; ${plain(changed)} since`;
      return { kind: "failed", text, detail: `${failure.message}\n\nSince this failure: ${changed}.` };
    }
    case "blocked":
      return { kind: "blocked", text: `⊘ blocked by ${outcome.by}`, detail: outcome.failure.message };
    case "cancelled":
      if (freshness.kind !== "fresh")
        return {
          kind: "cancelled",
          text: "⊘ stopped",
          detail: `Stopped, ${duration(outcome.durationMs)} after it began${outcome.closed ? ", when the window was reloaded or closed" : ""}.`,
        };
      break;
    case "never":
    case "succeeded":
    case "reused":
      break;
    default:
      return unreachable(outcome);
  }
  if (freshness.kind === "stale")
    return { kind: "stale", text: `◌ stale: ${plain(freshness.reason)}`, detail: freshness.reason };
  if (result === null) return { kind: "none", text: "" };
  return { kind: "fresh", text: `✓ ${duration(result.durationMs)}${outcome.kind === "reused" ? " (reused)" : ""}` };
}

/** Whether a node, or an item of it, waits for a person. */
export function isAsking(activity: Activity): boolean {
  return (
    activity.kind === "running" && (activity.question !== undefined || (activity.progress?.items?.asking ?? 0) > 0)
  );
}

/** `37 of 120 · half way`, `place 3 in the queue`, `42 %`. */
export function progressText(progress: Progress): string {
  const { fraction, message, queuePosition, step, steps, unit } = progress;
  const parts: string[] = [];
  if (queuePosition !== undefined) parts.push(`place ${queuePosition} in the queue`);
  if (step !== undefined)
    parts.push(
      [
        step.toLocaleString("en"),
        ...(steps === undefined ? [] : [`of ${steps.toLocaleString("en")}`]),
        ...(unit ? [unit] : []),
      ].join(" "),
    );
  else if (fraction !== undefined) parts.push(`${Math.round(fraction * 100)} %`);
  if (message) parts.push(firstLine(message));
  return parts.join(" · ");
}

/** How a run ended: `3 nodes run, 2 reused, 41 s saved`. */
export function summaryText({
  executed,
  reused,
  savedMs,
}: Pick<RunSummary, "executed" | "reused" | "savedMs">): string {
  const parts = [`${executed} ${executed === 1 ? "node" : "nodes"} run`];
  if (reused > 0) parts.push(`${reused} reused`);
  if (reused > 0 && savedMs >= 100) parts.push(`${duration(savedMs)} saved`);
  return parts.join(", ");
}

/** The nodes that are being executed, in the graph's order. */
export function runningNodes(state: WorkflowState): NodeId[] {
  return (state.graph?.nodes ?? []).map(({ id }) => id).filter((id) => state.nodes[id]?.activity.kind === "running");
}

/** Whether a node has something of its own to execute. */
export function isRunnable(node: GraphNode): boolean {
  return node.kind !== "input";
}

export function firstLine(text: string, limit = 80): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** Without the marks that a reason puts around names; they mean nothing where text is shown as it is. */
function plain(reason: string): string {
  return firstLine(reason.replaceAll("`", "").replace(/\.$/, ""), 60);
}
