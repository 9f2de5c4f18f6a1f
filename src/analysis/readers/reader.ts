import type { Json, JsonObject } from "../../model/json.js";
import type { ComponentName } from "../../model/component.js";
import type { NodeLimits, NodeTarget } from "../../model/graph.js";
import type { Finding } from "../finding.js";
import type { Place } from "../place.js";
import type { Reading } from "../reading.js";
import type { UndeclaredName } from "../reading.js";
import type { Site } from "../site.js";
import type { FunctionNode, Located, PortValue } from "../staticValue.js";

/** Reads one construct of the authoring API. */
export interface Reader<T> {
  /** Its name among the exports of `"daggr"`; `gr` stands for every component. */
  readonly construct: string;
  readonly read: (site: Site, reading: Reading) => T;
}

/** A node as its own text tells it: ids, and what others make of it, come later. */
export interface NodeReading {
  readonly site: Site;
  /** As given; `null`: the id stands in. */
  readonly name: string | null;
  readonly target: TargetReading;
  readonly limits: NodeLimits;
  readonly inputs: PortsReading<InputReading>;
  readonly outputs: PortsReading<OutputReading>;
  readonly code: CodeReading;
}

/** A {@link NodeReading} with what was found out on the way. */
export interface CheckedReading extends NodeReading {
  readonly findings: readonly Finding[];
  readonly undeclared: readonly UndeclaredName[];
  readonly complete: boolean;
  /** As in {@link Reading.untold}. */
  readonly untold: boolean;
}

export type TargetReading =
  | Exclude<NodeTarget, { readonly kind: "fn" | "choice" }>
  | { readonly kind: "fn"; readonly functionName: string | null; readonly functionAt: Place | null }
  | { readonly kind: "choice"; readonly variants: readonly Site[] };

export interface PortsReading<P> {
  readonly ports: readonly P[];
  /** Whether there may be more than text tells. */
  readonly open: boolean;
  /** The object literal that lists them, to add to. */
  readonly at: Place | null;
}

export interface InputReading {
  readonly name: string;
  readonly nameAt: Place;
  readonly at: Place;
  readonly valueAt: Place;
  readonly source: SourceReading;
}

export type SourceReading =
  | { readonly kind: "component"; readonly component: ComponentReading }
  | { readonly kind: "port"; readonly port: PortValue }
  /** Meant as an edge, but it leads nowhere. */
  | { readonly kind: "broken" }
  /** A node where one of its ports should stand. */
  | { readonly kind: "node"; readonly site: Site }
  /** `made`: what gives a value that text doesn't tell, which may turn out to be a function. */
  | { readonly kind: "fixed"; readonly value?: Json; readonly made?: CodeRoot }
  | { readonly kind: "callable"; readonly code: CodeRoot };

export interface OutputReading {
  readonly name: string;
  readonly nameAt: Place;
  readonly at: Place;
  readonly spec: ComponentReading | ItemListReading | null;
  /** The author declares no outputs; this is the port that such a node has. */
  readonly undeclared?: true;
}

export interface ComponentReading {
  readonly kind: "component";
  readonly component: ComponentName;
  readonly props: JsonObject;
  readonly value?: Json;
  readonly unknown: readonly string[];
  readonly site: Site;
}

export interface ItemListReading {
  readonly kind: "item-list";
  readonly fields: Readonly<Record<string, ComponentReading>>;
  readonly site: Site;
}

/** Code that runs: a local function, something of a package, or (`null`) code that isn't known. */
export type CodeRoot =
  | ({ readonly kind: "local" } & Located<FunctionNode>)
  /** An expression that gives a function when the module loads: `limited(draw)`, `Brush.draw`. */
  | ({ readonly kind: "made" } & Located)
  | { readonly kind: "package"; readonly specifier: string; readonly name: string }
  | null;

/** The code a node runs itself, by the option it is given as; what is absent isn't given. */
export interface CodeReading {
  readonly fn?: CodeRoot;
  readonly preprocess?: CodeRoot;
  readonly postprocess?: CodeRoot;
}

export interface GraphReading {
  readonly site: Site;
  readonly name: string | null;
  readonly persistKey: string | false | null;
  /** `null` where text doesn't tell. */
  readonly roots: readonly ({ readonly site: Site; readonly at: Place } | null)[];
}

export const NO_PORTS: PortsReading<never> = { ports: [], open: false, at: null };
