/**
 * Where the SDK's objects keep what the runner reads. The symbols are registered ones, so that objects made by one copy of
 * the SDK (a workspace's own package) are understood by another (the one the runner was built with).
 */
export const WIRE: unique symbol = Symbol.for("daggr.wire");
export const COMPONENT: unique symbol = Symbol.for("daggr.component");
export const ITEM_LIST: unique symbol = Symbol.for("daggr.itemList");
export const NODE: unique symbol = Symbol.for("daggr.node");
export const GRAPH: unique symbol = Symbol.for("daggr.graph");

/** What `value` keeps under `mark`, or `undefined` when it is not such an object. The type is the mark's owner's promise. */
export function marked<T>(value: unknown, mark: symbol): T | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  // Only the SDK writes under its own symbols, each always with one type.
  return (value as Readonly<Record<symbol, T | undefined>>)[mark];
}
