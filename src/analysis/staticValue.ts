import type { ts } from "ts-morph";
import type { Json } from "../model/json.js";
import type { Place } from "./place.js";
import type { Site } from "./site.js";
import type { SourceModule } from "./sourceModule.js";

/** Code with the module it stands in, without which its names mean nothing. */
export interface Located<N extends ts.Node = ts.Node> {
  readonly node: N;
  readonly module: SourceModule;
}

export type FunctionNode = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration;

/** What an expression is known to be without running it; containers are known one level at a time. */
export type StaticValue =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string | undefined }
  | ({ readonly kind: "object" } & Located<ts.ObjectLiteralExpression>)
  | ({ readonly kind: "array" } & Located<ts.ArrayLiteralExpression>)
  | ({ readonly kind: "function"; readonly name: string | null } & Located<FunctionNode>)
  /** An export of `"daggr"` that hasn't been called: `GradioNode`, `gr.Textbox`; `*` and `gr` for the namespaces. */
  | { readonly kind: "construct"; readonly name: string }
  /** A construct that was called: a node, the graph, a component, an item list. */
  | { readonly kind: "site"; readonly site: Site }
  | PortValue
  /** A local module as a whole. */
  | { readonly kind: "module"; readonly module: SourceModule }
  /** Something from a package. */
  | { readonly kind: "package"; readonly specifier: string; readonly name: string }
  | UnknownValue;

/** `node.port`, with `.each`, `.all()` and a field behind it as written. */
export interface PortValue {
  readonly kind: "port";
  readonly site: Site;
  readonly port: string;
  /** Where the port's name is written. */
  readonly portAt: Place;
  /** Written as `node.port("name")` rather than as a member. */
  readonly byCall: boolean;
  /** What stands between the node and the port's name, for fixes: the node expression. */
  readonly nodeAt: Place;
  readonly mode: "single" | "scatter" | "gather";
  readonly field?: string;
  readonly fieldAt?: Place;
  /** `node.lines.text` for `node.lines.each.text`. */
  readonly short?: boolean;
  readonly skipFailed?: boolean;
}

export interface UnknownValue {
  readonly kind: "unknown";
  readonly cause: UnknownCause;
  /** The expression that could not be followed. */
  readonly at: Place;
}

export type UnknownCause =
  /** A name that nothing declares. */
  | { readonly kind: "undeclared"; readonly name: string }
  /** `let` and `var` may hold something else by the time they are read. */
  | { readonly kind: "variable"; readonly name: string }
  /** Imported from a local file that isn't there or doesn't export it; said at the import. */
  | { readonly kind: "unresolved" }
  /** A call of local code may give anything, a node or a component too. */
  | { readonly kind: "local-call"; readonly name: string }
  /** A member that its object literal doesn't have. */
  | { readonly kind: "no-member"; readonly name: string }
  /** A literal that code changes after it was made; `at` is where. */
  | { readonly kind: "mutated" }
  /** `get size() { … }`. */
  | { readonly kind: "accessor" }
  /** It leads further than is followed, or back to itself. */
  | { readonly kind: "too-deep" }
  /** A computed key. */
  | { readonly kind: "computed" }
  /** Anything else: arithmetic, calls of the platform, conditions. Plain values come about this way. */
  | { readonly kind: "expression" };

export function unknown(at: Place, cause: UnknownCause = { kind: "expression" }): UnknownValue {
  return { kind: "unknown", cause, at };
}

export function literal(value: null | boolean | number | string | undefined): StaticValue {
  return { kind: "literal", value };
}

/** A value that is JSON throughout, or `undefined` when it is not known to be. */
export type KnownJson = Json | undefined;
