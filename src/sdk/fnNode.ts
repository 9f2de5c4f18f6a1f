import type { FnContext } from "./fnContext.js";
import { type LimitOptions, limitsOf, NodeObject, type WithPorts } from "./node.js";
import { aFunction, anObject, aText, checkOptions, limitRules, say } from "./options.js";
import type { FnPorts, OutputsFor, Returned, Returns } from "./returned.js";
import type { Outputs, Sources } from "./source.js";

/**
 * `P`: the function's parameter; `R`: what it returns; `O`: its outputs; `Raw`: the inputs that `preprocess` gets; `Q`: what
 * `postprocess` returns; `Given`: the names of the options that are written.
 */
export interface FnOptions<P, R, O extends Outputs, Raw, Q, Given> extends LimitOptions {
  /** Display name; the variable's name if left out. */
  readonly name?: string;
  /** By the parameter's keys; what is left out takes the function's own default. */
  readonly inputs?: "preprocess" extends Given ? Sources<Raw> : Sources<P>;
  /** One: takes the return value. Several: take an object's keys, or a tuple's elements in order. None: one port `output`. */
  readonly outputs?: O & Checked<R, O, Q, Given>;
  /** Gets the inputs, returns those that the function gets. */
  readonly preprocess?: (inputs: Raw) => P | Promise<P>;
  /** Gets what the function returned, returns what the outputs take. */
  readonly postprocess?: (...returns: Returns<R, O>) => Q;
}

/** Stands for what `postprocess` returns where there is none. */
interface AsReturned {
  readonly [asReturned]: true;
}
declare const asReturned: unique symbol;

/** What the outputs take. */
type Shown<R, Q> = [Q] extends [AsReturned] ? Returned<R> : Awaited<Q>;

/** TypeScript looks at the outputs once before it looks into a `postprocess` without annotations: too early to compare. */
type Checked<R, O, Q, Given> = [Q, "postprocess"] extends [AsReturned, Given] ? unknown : OutputsFor<Shown<R, Q>, O>;

/** A function. */
export type FnNode<P = unknown> = WithPorts<P>;

type OptionName = keyof FnOptions<unknown, unknown, Outputs, unknown, unknown, never>;

/** @param fn gets one object with a key per input, and a context; it may be async, or an async generator that streams */
type FnNodeConstructor = new <
  P,
  R,
  O extends Outputs = { readonly output: null },
  Raw = P,
  Q = AsReturned,
  Given extends OptionName = never,
>(
  fn: (inputs: P, context: FnContext) => R,
  options?: FnOptions<P, R, O, Raw, Q, Given> & Readonly<Partial<Record<Given, unknown>>>,
) => FnNode<FnPorts<Shown<R, Q>, O>>;

const rules = {
  name: aText,
  inputs: anObject,
  outputs: anObject,
  preprocess: aFunction,
  postprocess: aFunction,
  ...limitRules,
};

class FnNodeObject extends NodeObject {
  constructor(fn: CallableFunction, options: FnOptions<unknown, unknown, Outputs, unknown, unknown, never> = {}) {
    if (typeof fn !== "function") throw new TypeError(`FnNode: the first argument must be a function, not ${say(fn)}.`);
    const where = `FnNode(${fn.name || "…"})`;
    checkOptions(where, options, rules);
    super(where, {
      name: options.name ?? null,
      callee: { kind: "fn", fn },
      limits: limitsOf(options),
      inputs: { ...options.inputs },
      outputs: options.outputs ? { ...options.outputs } : { output: null },
      preprocess: options.preprocess,
      postprocess: options.postprocess,
    });
  }
}

/** Calls a function: `new FnNode(speak, { inputs: { … }, outputs: { … } })`; its inputs are the keys of the function's parameter. */
export const FnNode =
  // The ports exist on each instance, which a class cannot say.
  FnNodeObject as unknown as FnNodeConstructor;
