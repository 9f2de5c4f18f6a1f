import type { ComponentInfo, ItemListInfo } from "./component.js";
import type { GraphInfo } from "./graph.js";
import type { NodeInfo } from "./node.js";
import type { WireInfo } from "./port.js";

/**
 * Where the SDK's objects keep what the runner reads. The symbols are registered ones, so that objects made by one copy of
 * the SDK (a workspace's own package) are understood by another (the one the runner was built with).
 */
export const WIRE: unique symbol = Symbol.for("daggr.wire");
export const COMPONENT: unique symbol = Symbol.for("daggr.component");
export const ITEM_LIST: unique symbol = Symbol.for("daggr.itemList");
export const NODE: unique symbol = Symbol.for("daggr.node");
export const GRAPH: unique symbol = Symbol.for("daggr.graph");

interface Marks {
  readonly [WIRE]: WireInfo;
  readonly [COMPONENT]: ComponentInfo;
  readonly [ITEM_LIST]: ItemListInfo;
  readonly [NODE]: NodeInfo;
  readonly [GRAPH]: GraphInfo;
}

/** What `value` keeps under `mark`, or `undefined` when it is not such an object. */
export function marked<Mark extends keyof Marks>(value: unknown, mark: Mark): Marks[Mark] | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  // Only the SDK writes under its own symbols.
  return (value as Partial<Marks>)[mark];
}
