import type { Failure } from "../../src/model/failure.js";
import type { Edge, NodeId, NodeKind } from "../../src/model/graph.js";
import type { NodeState } from "../../src/model/workflowState.js";
import { unreachable } from "../../src/model/unreachable.js";
import { duration, elapsed } from "../../src/model/duration.js";
import { countsOf, doneWords, failedItems, inThrees } from "../items/itemWords.js";

/** The few colours that a state has, on cards, edges, ports and the minimap alike. */
export type Tone = "quiet" | "fresh" | "stale" | "failed" | "running";

export interface CardStatus {
  readonly tone: Tone;
  /** Name of an icon. */
  readonly icon: "check" | "circleSlash" | "error" | "pause" | "pinned" | "running" | "stale" | "watch" | null;
  readonly word: string;
}

/** The mark in a card's header: never a colour without a word. `now`: ms since the epoch. */
export function statusOf(state: NodeState, kind: NodeKind, now: number): CardStatus | null {
  if (kind === "input") return null;
  const { activity, outcome, freshness } = state;
  if (activity.kind === "waiting") return { tone: "running", icon: "watch", word: waitingWord(activity) };
  if (activity.kind === "running") {
    const place = activity.progress?.queuePosition;
    const items = activity.progress?.items;
    if (asksYou(activity)) return { tone: "running", icon: "pause", word: "waiting for you" };
    if (items) return { tone: "running", icon: "running", word: doneWords(items) };
    const time = elapsed(now - activity.startedAt);
    return { tone: "running", icon: "running", word: place ? `queue ${place} · ${time}` : time };
  }
  if (state.pinned) return { tone: "fresh", icon: "pinned", word: "pinned" };
  switch (outcome.kind) {
    case "failed": {
      const some = failedItems(state);
      const of = some > 0 ? `${inThrees(some)} of ${inThrees(countsOf(state)?.total ?? some)} failed` : "failed";
      return { tone: "failed", icon: "error", word: of };
    }
    case "blocked":
      return { tone: "failed", icon: "circleSlash", word: "blocked" };
    case "cancelled":
      return { tone: "quiet", icon: "circleSlash", word: "stopped" };
    case "never":
    case "reused":
    case "succeeded":
      break;
    default:
      return unreachable(outcome);
  }
  if (freshness.kind === "stale") return { tone: "stale", icon: "stale", word: "stale" };
  // Its results were cleared, or lost with the disk.
  if (!state.result) return { tone: "quiet", icon: null, word: state.count > 0 ? "no result" : "not run" };
  if (freshness.kind !== "fresh") return { tone: "quiet", icon: null, word: duration(state.result.durationMs) };
  const word = outcome.kind === "reused" ? "reused" : duration(state.result.durationMs);
  return { tone: "fresh", icon: "check", word };
}

function waitingWord({ queued, elsewhere }: Extract<NodeState["activity"], { kind: "waiting" }>): string {
  if (elsewhere) return "in another run";
  return queued ? "queued" : "waiting";
}

/** Whether {@link statusOf} says of how many items: `37 of 120`, `2 of 120 failed`. */
export function saysItems(state: NodeState): boolean {
  const { activity } = state;
  if (activity.kind === "running") return activity.progress?.items !== undefined && !asksYou(activity);
  return activity.kind === "idle" && !state.pinned && failedItems(state) > 0;
}

function asksYou({ question, progress }: Extract<NodeState["activity"], { kind: "running" }>): boolean {
  return question !== undefined || (progress?.items?.asking ?? 0) > 0;
}

/** Why the last attempt failed, until the next one. */
export function failureOf({ activity, outcome, pinned }: NodeState): Failure | null {
  return !pinned && activity.kind === "idle" && outcome.kind === "failed" ? outcome.failure : null;
}

/** What a node's outputs are worth, for ports, the minimap and what flows out of it. */
export function toneOf(state: NodeState, kind: NodeKind): Tone {
  if (kind === "input") return "fresh";
  if (state.activity.kind !== "idle") return "running";
  if (state.pinned) return "fresh";
  if (state.outcome.kind === "failed" || state.outcome.kind === "blocked") return "failed";
  if (!state.result) return "quiet";
  return state.freshness.kind === "stale" ? "stale" : state.freshness.kind === "fresh" ? "fresh" : "quiet";
}

/**
 * Green when the target's result was made from what the edge gives now, amber when it was made from something older,
 * grey before any run. `flowing`: its value is being made.
 */
export function edgeTone(edge: Edge, stateOf: (node: NodeId) => NodeState): { tone: Tone; flowing: boolean } {
  const target = stateOf(edge.to.node);
  const flowing = stateOf(edge.from.node).activity.kind === "running";
  if (target.activity.kind === "running") return { tone: "fresh", flowing };
  if (!target.result) return { tone: "quiet", flowing };
  if (target.freshness.kind === "fresh") return { tone: "fresh", flowing };
  return { tone: target.freshness.kind === "stale" ? "stale" : "quiet", flowing };
}
