import type { GraphNode } from "../../src/model/graph.js";
import { pinControl } from "../../src/model/pins.js";
import type { NodeState } from "../../src/model/workflowState.js";
import type { Canvas } from "../state/canvas.svelte.js";

interface PinningItem {
  readonly label: string;
  readonly note?: string;
  readonly disabled?: boolean;
  readonly act: () => void;
}

/** What a card's menu offers to let values stand in for running its node. */
export function pinningItems(canvas: Canvas, { id }: GraphNode, state: NodeState): readonly PinningItem[] {
  if (!canvas.pinnable(id)) return [];
  const busy = state.activity.kind !== "idle";
  const give = {
    label: state.pinned ? "Change what is pinned…" : "Give outputs by hand…",
    note: "Values of your own, which stand in for running it",
    disabled: busy || canvas.giving.has(id) || canvas.workflow?.trusted === false,
    act: () => canvas.give(id, true),
  };
  if (state.pinned) return [give, { label: "Unpin outputs", act: () => unpin(canvas, id) }];
  const pin = {
    label: "Pin outputs",
    note: "Its result stands in for running it, until it is unpinned",
    disabled: busy || !state.result,
    act: () => canvas.host.pin(id, true),
  };
  return [pin, give];
}

/** Lets a card's node run again. */
export function unpin(canvas: Canvas, id: GraphNode["id"]): void {
  canvas.give(id, false);
  // What could not be pinned is nobody's to correct any more.
  const worker = canvas.worker(id);
  for (const { name } of worker?.outputs ?? []) canvas.unsent.delete(pinControl(worker?.id ?? id, name));
  canvas.host.pin(id, false);
}
