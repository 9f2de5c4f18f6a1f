/**
 * What is kept of nodes and controls stays under the name under which it was first kept, whatever its author calls them since: a rename
 * moves nothing, it changes what one name stands for. So it holds for every sheet and history at once, and is as easily taken back.
 */
import type { NodeId, NodeKind } from "./graph.js";

/** One workflow's names, as of the graph that was last looked at. */
export interface KeptNames {
  readonly nodes: readonly KnownNode[];
  /** What controls are kept under, of those that are kept under another name than their own. Both as in {@link KnownControl}. */
  readonly controls: Readonly<Record<string, string>>;
}

export interface KnownNode {
  readonly id: NodeId;
  /** The name that stands for it in what is kept: the id that it had at first, or one made from that where it was taken. No two have the same. */
  readonly kept: NodeId;
  readonly kind: NodeKind;
  /** Digest of what it calls and of its ports' names; `null`: not known without running the file. */
  readonly alike: string | null;
  /** Digest of what tells apart nodes that are alike: where their inputs come from, defaults, a display name. */
  readonly detail: string;
  /** By port: its control. Also of a port that has none at the moment. */
  readonly controls: Readonly<Record<string, KnownControl>>;
  /** It is not in the graph any more: a number, the higher the later it went. */
  readonly gone?: number;
}

export interface KnownControl {
  /** Its name, where that begins with a node's id with the node's `kept` in place of that. */
  readonly name: string;
  readonly component: string;
}

export const NO_NAMES: KeptNames = { nodes: [], controls: {} };

/** The first of `name`, `name~1`, `name~2`, … that isn't taken. Neither a variable nor a port's control has such a name. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let count = 1; isTaken(free); count++) free = `${name}~${count}`;
  return free;
}

/** The id that a control's name begins with, where it belongs to a node's port, and what follows it; `null`: it has a name of its own. */
export function splitControl(control: string): readonly [id: string, rest: string] | null {
  const dot = control.indexOf(".");
  return dot <= 0 ? null : [control.slice(0, dot), control.slice(dot)];
}
