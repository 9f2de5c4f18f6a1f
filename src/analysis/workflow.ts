import type { GraphReading, CheckedReading, InputReading, OutputReading } from "./readers/reader.js";
import type { Modules } from "./modules.js";
import type { FoundGraph } from "./findGraph.js";
import type { Site } from "./site.js";
import type { Located, PortValue, StaticValue } from "./staticValue.js";
import type { UndeclaredName } from "./reading.js";
import type { SourceModule } from "./sourceModule.js";

/** A workflow as read from its text, still in terms of syntax: what rules look at and the graph is made from. */
export interface Workflow {
  readonly modules: Modules;
  /** The workflow file's own. */
  readonly entry: SourceModule;
  /** All local modules, in the order in which they are evaluated; the entry comes last. */
  readonly closure: readonly SourceModule[];
  readonly found: FoundGraph;
  readonly graph: GraphReading | null;
  /** In the order of declaration. */
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
  readonly undeclared: readonly UndeclaredName[];
  /** A node's reading, of the graph or not. */
  readonly read: (site: Site) => CheckedReading;
  readonly evaluate: (code: Located) => StaticValue;
}

export interface WorkflowNode {
  readonly id: string;
  /** How its author refers to it, for messages. */
  readonly called: string;
  /** No variable holds it: its id was made up. */
  readonly anonymous: boolean;
  /** The node declared earlier by the same name, when there is one. */
  readonly clash: WorkflowNode | null;
  readonly reading: CheckedReading;
  /** Those of a choice are its variants'. */
  readonly outputs: readonly OutputReading[];
  /** Whether it may have more outputs than text tells. */
  readonly open: boolean;
  readonly variants: readonly WorkflowNode[];
}

export interface WorkflowEdge {
  readonly from: WorkflowNode;
  readonly to: WorkflowNode;
  readonly input: InputReading;
  readonly port: PortValue;
  /** `null`: the node has no such port, as far as text tells. */
  readonly output: OutputReading | null;
}
