import type { NodeKind, NodeLimits } from "../model/graph.js";
import { COMPONENT, ITEM_LIST, marked, NODE } from "./marks.js";
import { makePort, type Port } from "./port.js";

declare const ports: unique symbol;

/** Any node; `P` are its output ports by name. Ports are properties too, unless they are called `port`. */
export interface WorkflowNode<out P = unknown> {
  /** Never there at run time: it only tells the types. */
  readonly [ports]: P;
  /** An output port by its name, for names that are not identifiers or that collide with a member of the class. */
  readonly port: <Name extends keyof P & string>(name: Name) => P[Name];
}

/** A node with its ports as properties. */
export type WithPorts<P> = WorkflowNode<P> & { readonly [Name in Exclude<keyof P, "port">]: P[Name] };

/** What a node calls, as the author wrote it. */
export type Callee =
  | {
      readonly kind: "gradio";
      readonly space: string;
      readonly apiName: string | number;
      readonly runLocally: boolean;
      readonly validate: boolean;
    }
  | { readonly kind: "fn"; readonly fn: CallableFunction }
  | {
      readonly kind: "inference";
      readonly model: string;
      readonly provider: string | null;
      readonly task: string | null;
    }
  | { readonly kind: "input" | "approve" | "choose-one" }
  | { readonly kind: "choice"; readonly variants: readonly object[] };

/** What a node is made of, for the runner. */
export interface NodeInfo {
  readonly name: string | null;
  readonly callee: Callee & { readonly kind: NodeKind };
  readonly limits: NodeLimits;
  /** By port: as the author wrote it. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** By port: a component, an item list or `null`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly preprocess?: CallableFunction | undefined;
  readonly postprocess?: CallableFunction | undefined;
}

/** Options that every node which calls something has. */
export interface LimitOptions {
  /**
   * How often it is tried again, after a pause that grows from about a second, when the network or the server failed, when an attempt
   * took longer than its `timeout` or, of a function, when it threw. What is paid for may be charged for every attempt. Default 0.
   */
  readonly retries?: number;
  /** Seconds that an attempt may take; then it is stopped, a remote side is told so, and it has failed. Default: none. */
  readonly timeout?: number;
  /** Let it run beside other functions. By default functions run one at a time. */
  readonly concurrent?: boolean;
  /** Nodes of the same group share `maxConcurrent`; implies `concurrent`. */
  readonly concurrencyGroup?: string;
  /** How many executions may be under way at a time, in the group or of this node. */
  readonly maxConcurrent?: number;
}

/** The runtime class behind every node. */
export class NodeObject {
  readonly [NODE]: NodeInfo;

  /** @param where the construct as its author knows it, for messages */
  constructor(where: string, info: NodeInfo) {
    for (const [name, source] of Object.entries(info.inputs)) checkInput(where, name, source);
    for (const [name, spec] of Object.entries(info.outputs)) checkOutput(where, name, spec);
    if (Object.hasOwn(info.inputs, "__proto__") || Object.hasOwn(info.outputs, "__proto__")) {
      throw new TypeError(
        `${where}: a port cannot be called \`__proto__\`, which JavaScript takes for something else.`,
      );
    }
    this[NODE] = info;
    for (const name of Object.keys(info.outputs)) {
      // A port called `port` is reachable through `port("port")` only; any other name may hide what objects inherit.
      if (name !== "port") Object.defineProperty(this, name, { value: this.port(name), enumerable: true });
    }
  }

  /** Also one that the node doesn't have: that is the fault of the node that reads it, and the others run all the same. */
  port(name: string): Port<unknown> {
    const { outputs } = this[NODE];
    const fields = Object.hasOwn(outputs, name) ? marked(outputs[name], ITEM_LIST) : undefined;
    return makePort(this, name, fields ? Object.keys(fields) : []);
  }
}

/** Whatever else is read of a node is such a port. Nothing that it has is looked for here, nor what every object has. */
const otherPorts = new Proxy(Object.prototype, {
  get: (inherited, key, node): unknown =>
    typeof key === "symbol" || key in inherited || !(node instanceof NodeObject)
      ? Reflect.get(inherited, key, node)
      : node.port(key),
});
Object.setPrototypeOf(NodeObject.prototype, otherPorts);

function checkInput(where: string, name: string, source: unknown): void {
  if (source === undefined) {
    throw new TypeError(
      `${where}: input \`${name}\` is undefined. If it is wired to a port, look at how the port's name is spelt; if a node is declared further down, move it up.`,
    );
  }
  if (marked(source, NODE)) {
    throw new TypeError(
      `${where}: input \`${name}\` is a whole node; name one of its ports, as in \`node.${firstPort(source)}\`.`,
    );
  }
  if (marked(source, ITEM_LIST)) {
    throw new TypeError(`${where}: input \`${name}\` is an itemList; those declare outputs. Use a gr component.`);
  }
}

function checkOutput(where: string, name: string, spec: unknown): void {
  if (spec !== null && !marked(spec, COMPONENT) && !marked(spec, ITEM_LIST)) {
    throw new TypeError(`${where}: output \`${name}\` must be a gr component, an itemList, or null to not show it.`);
  }
}

function firstPort(node: unknown): string {
  return Object.keys(marked(node, NODE)?.outputs ?? {})[0] ?? "port";
}

/** The given ones of the options that limit executions. */
export function limitsOf(options: LimitOptions): NodeLimits {
  const { retries, timeout, concurrent, concurrencyGroup, maxConcurrent } = options;
  return {
    ...(retries !== undefined && { retries }),
    ...(timeout !== undefined && { timeout }),
    ...(concurrent !== undefined && { concurrent }),
    ...(concurrencyGroup !== undefined && { concurrencyGroup }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
  };
}
