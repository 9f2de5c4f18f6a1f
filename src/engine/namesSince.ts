import type { NodeId } from "../model/graph.js";
import type { RunEvent } from "../model/runEvent.js";

/** A run calls its nodes what they were called when it began; those who watch it, what they are called now. */
export interface NamesSince {
  readonly now: (then: NodeId) => NodeId;
  readonly then: (now: NodeId) => NodeId;
}

export const SAME_NAMES: NamesSince = { now: (id) => id, then: (id) => id };

/** What a run tells, for those who watch it. */
export function asNamedNow(event: RunEvent, { now }: NamesSince): RunEvent {
  if (!("node" in event)) return event;
  const node = now(event.node);
  if (event.type === "node-blocked") return { ...event, node, by: now(event.by) };
  return node === event.node ? event : { ...event, node };
}
