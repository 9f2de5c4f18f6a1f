import type { EdgeMode } from "../model/graph.js";
import { marked, WIRE } from "./marks.js";
import type { IfUntyped, Untyped } from "./untyped.js";

declare const carries: unique symbol;

/** Whatever hands a value of another node over to an input: a port, one item of it, or all items of it. */
export interface Wire<out T> {
  /** Never there at run time: it only tells the type. */
  readonly [carries]: T;
}

/** An output of a node. Written as an input of another node it is an edge. */
export interface Port<T> extends Wire<T> {
  /** Scatter: the node runs once an item. `.each.field` takes one field of each item. */
  readonly each: Each<T>;
  /** Gather: all items' outputs as one array, in order. Failed items fail it, unless `skipFailed` leaves them out. */
  readonly all: (options?: GatherOptions) => Wire<T[]>;
}

export interface GatherOptions {
  /** Leave failed items out instead of failing. Default `false`. */
  readonly skipFailed?: boolean;
}

/** `port.each`: one item a run, with a wire for each field of an item. `never` for a port that holds no list. */
export type Each<T> = IfUntyped<T, Scatter<Untyped>, T extends readonly (infer Item)[] ? Scatter<Item> : never>;

export type Scatter<Item> = Wire<Item> &
  IfUntyped<
    Item,
    Readonly<Record<string, Wire<Untyped>>>,
    Item extends string | number | boolean | null | readonly unknown[]
      ? unknown
      : { readonly [Field in keyof Item]: Wire<Item[Field]> }
  >;

/** A port that was declared with `itemList`: its fields may be wired directly, `node.lines.text` for `node.lines.each.text`. */
export type ItemListPort<Item> = Port<Item[]> & {
  readonly [Field in Exclude<keyof Item, "each" | "all">]: Wire<Item[Field]>;
};

/** What a wire is made of, for the runner. */
export interface WireInfo {
  /** The author's node object. */
  readonly node: object;
  readonly port: string;
  readonly mode: EdgeMode;
  readonly field?: string;
  readonly skipFailed?: boolean;
}

class WireObject {
  readonly [WIRE]: WireInfo;

  constructor(info: WireInfo) {
    this[WIRE] = info;
  }
}

class PortObject extends WireObject {
  constructor(node: object, port: string, fields: readonly string[]) {
    super({ node, port, mode: "single" });
    for (const field of fields) {
      // A field called `each` or `all` stays reachable as `port.each.each`.
      if (field !== "each" && field !== "all")
        Object.defineProperty(this, field, { get: () => fieldOf(this[WIRE], field) });
    }
  }

  get each(): WireObject {
    const info = this[WIRE];
    const item = new WireObject({ node: info.node, port: info.port, mode: "scatter" });
    // Nothing tells an item's fields at run time, so every name is one.
    return new Proxy(item, {
      get: (target, key): unknown => (typeof key === "symbol" ? Reflect.get(target, key) : fieldOf(info, key)),
    });
  }

  get all(): (options?: GatherOptions) => WireObject {
    const { node, port } = this[WIRE];
    return ({ skipFailed = false } = {}) =>
      new WireObject({ node, port, mode: "gather", ...(skipFailed && { skipFailed }) });
  }
}

function fieldOf({ node, port }: WireInfo, field: string): WireObject {
  return new WireObject({ node, port, mode: "scatter", field });
}

/**
 * Makes a node's port.
 * @param fields the fields of its items, when it was declared with `itemList`
 * @internal
 */
export function makePort(node: object, port: string, fields: readonly string[]): Port<unknown> {
  // The phantom property of `Wire` exists in types only.
  return new PortObject(node, port, fields) as unknown as Port<unknown>;
}

/** @internal */
export function isWire(value: unknown): boolean {
  return marked(value, WIRE) !== undefined;
}
