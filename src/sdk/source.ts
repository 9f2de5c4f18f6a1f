import type { Component, ItemList } from "./component.js";
import type { ItemListPort, Port, Wire } from "./port.js";
import type { Untyped } from "./untyped.js";

/** What may be written for an input of type `T`: a fixed value, a wire, a control, or a function called once for every run. */
export type Source<T> = T | Wire<T> | Component<T, never> | (() => T | Promise<T>);

/** The inputs of a function whose parameter is `P`. */
export type Sources<P> = { readonly [Name in keyof P]: Source<P[Name]> };

/** Inputs of apps and models, whose parameter types are known on the other side only. `undefined` is a slip: a misspelt port. */
export type Inputs = Readonly<Record<string, object | string | number | bigint | boolean | null>>;

/** What is written where `inputs` is left out. */
export type NoInputs = Readonly<Record<string, never>>;

/** What the call gets for what was written in `inputs`. */
export type ValuesOf<I> = { readonly [Name in keyof I]: ValueOf<I[Name]> };

export type ValueOf<S> =
  S extends Wire<infer T> ? T : S extends Component<infer T, never> ? T : S extends () => infer T ? Awaited<T> : S;

/** Outputs as declared: a component shows the value on the card, `null` does not, both can be wired. */
export type Outputs = Readonly<Record<string, Component<unknown, never> | ItemList<object> | null>>;

/** The ports of declared outputs, where only the declaration tells their types. */
export type PortsOf<O> = { readonly [Name in keyof O]: PortOf<O[Name]> };

export type PortOf<S> =
  S extends ItemList<infer Item> ? ItemListPort<Item> : S extends Component<infer V, never> ? Port<V> : Port<Untyped>;
