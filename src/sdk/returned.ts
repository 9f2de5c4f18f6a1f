/** The types between a function's return value and its node's ports. */
import type { Component, ItemList } from "./component.js";
import type { FilePath } from "./filePath.js";
import type { ItemListPort, Port } from "./port.js";
import type { PortOf } from "./source.js";
import type { IfUntyped } from "./untyped.js";

/** What a call comes to: awaited; of an async generator, what it yields. */
export type Returned<R> = R extends AsyncGenerator<infer Item, unknown, never> ? Item : Awaited<R>;

/** `postprocess`'s arguments: one each where several outputs are declared and a tuple is returned, or else one. */
export type Returns<R, O> =
  IsSeveral<O> extends true
    ? Returned<R> extends readonly [unknown, ...unknown[]]
      ? Returned<R>
      : [Returned<R>]
    : [Returned<R>];

/**
 * What the output `S` must be to show `T`. Only what is an item list is held against one, so that a component that doesn't fit is
 * told in terms of the values that it takes.
 */
type Shows<T, S> = S extends { readonly fields: readonly string[] } ? ListOf<T> : Component<unknown, T> | null;
type ListOf<T> = T extends readonly (infer Item extends object)[] ? ItemList<Item> : never;

/** What the declared outputs must be for a function that comes to `Q`; a port that `Q` lacks is a sentence nothing fits. */
export type OutputsFor<Q, O> = IfUntyped<
  Q,
  unknown,
  IsSeveral<O> extends true
    ? Q extends readonly unknown[]
      ? unknown
      : {
          readonly [Name in keyof O]: Name extends keyof Q
            ? Shows<Q[Name], O[Name]>
            : `${Name & string} is not returned`;
        } & {
          readonly [Name in Exclude<keyof Q, keyof O>]: Component<unknown, Q[Name]> | ListOf<Q[Name]> | null;
        }
    : { readonly [Name in keyof O]: Shows<Q, O[Name]> }
>;

/** The ports of a function that comes to `Q`: as its return type says it, and files where the component says so. */
export type FnPorts<Q, O> = {
  readonly [Name in keyof O]: IsSeveral<O> extends true
    ? IfUntyped<
        Q,
        PortOf<O[Name]>,
        Q extends readonly unknown[]
          ? PortOf<O[Name]>
          : Name extends keyof Q
            ? FnPort<Q[Name], O[Name]>
            : PortOf<O[Name]>
      >
    : FnPort<Q, O[Name]>;
};

type FnPort<T, S> =
  S extends ItemList<infer Item>
    ? ItemListPort<Item>
    : IfUntyped<
        T,
        PortOf<S>,
        S extends Component<FilePath, never> ? (T extends string ? PortOf<S> : Port<T>) : Port<T>
      >;

/** Whether more than one output is declared: the return value is then an object or a tuple of them. */
type IsSeveral<O> = keyof O extends infer Name ? (IsUnion<Name> extends true ? true : false) : never;
type IsUnion<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;
