import type { ComponentSpec, ItemListSpec } from "./component.js";
import type { Json } from "./json.js";
import type { SourceRange } from "./source.js";

/** Unique in a graph: the name of the variable that holds the node. */
export type NodeId = string;

export type NodeKind = "gradio" | "fn" | "inference" | "input" | "choice" | "approve" | "choose-one";

/** How an edge hands its value over: whole, one item a run, or all items' outputs as one array. */
export type EdgeMode = "single" | "scatter" | "gather";

/** The graph of one workflow file: plain data, the same whether it was read from text or from the running program. */
export interface Graph {
  /** Absolute path of the workflow file. */
  readonly file: string;
  readonly name: string;
  /** What identifies the workflow's state on disk; `false`: keep nothing; `null`: not given, the name stands in. */
  readonly persistKey: string | false | null;
  /**
   * What the graph's `nodes` array holds, in order: the id of each node, or `null` where the text does not tell (a
   * spread of something made in a loop, say; such an element may stand for any number of nodes).
   */
  readonly roots: readonly (NodeId | null)[];
  /** Every node, those that are only reachable upstream too, in the order of first declaration. Variants are included. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  /** False when something was not statically known and the running program has yet to fill it in. */
  readonly complete: boolean;
  /** The `new Graph(…)` expression; absent in a graph that was read from the running program alone. */
  readonly range?: SourceRange;
  /** Every local module that the workflow is made of, absolute, the workflow file first. See {@link dataFiles} for the rest. */
  readonly files: readonly string[];
  /** What stands in for the code of nodes of which text doesn't tell it; absent where text tells all. */
  readonly rest?: RestOfCode;
}

/**
 * All that the modules say, token by token, but for nodes of which everything is known: what nodes may run that only the
 * program makes.
 */
export interface RestOfCode {
  readonly digest: string;
  /** Absolute paths of the modules that it covers. */
  readonly modules: readonly string[];
  /** Absolute paths of other files whose content it covers. */
  readonly reads: readonly string[];
}

/** What the digest of code is made of, so that it can be told what of it has changed. */
export interface CodeParts {
  /** Digest of the code alone. */
  readonly own: string;
  /** Digest of each file's content, by its path from the workflow's folder; `null`: there is no such file. */
  readonly files: Readonly<Record<string, string | null>>;
}

export interface GraphNode {
  readonly id: NodeId;
  readonly kind: NodeKind;
  /** What is kept of it is under this name, which it had before it was renamed; absent: `id`. Only where that is known. */
  readonly keptAs?: NodeId;
  /** Display name: `name`, or else the id. */
  readonly name: string;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly target: NodeTarget;
  readonly limits: NodeLimits;
  /**
   * SHA-256 of the code this node runs: its function, `preprocess` and `postprocess` with all local code they reach,
   * token by token, so comments and layout do not count. `null` when it runs none; absent when it isn't known yet.
   */
  readonly code?: string | null;
  /** Absent where no files have a part in `code`. */
  readonly codeParts?: CodeParts;
  /** Those of the files in `codeParts` that this code may itself write, as far as text tells; absent: none. */
  readonly writes?: readonly string[];
  /** `code` only stands in, for text doesn't tell what this node runs: see {@link RestOfCode}. */
  readonly codeStandsIn?: true;
  /** The same of the code that decides what is sent, of nodes that call a server: `preprocess`. */
  readonly call?: string | null;
  /** Absolute paths of the files that this code names and reads while it runs, as far as text tells; `code` covers their content. */
  readonly reads?: readonly string[];
  /** What it calls, which inputs or which outputs it has is not known without running the file: `target` and ports may differ. */
  readonly untold?: true;
  /** The variant's choice node, when this node is one of its alternatives. */
  readonly variantOf?: NodeId;
  /** Only where choices have been made: this variant is the one that stands in for its choice. */
  readonly selected?: true;
  /** Only where pins are in place: its outputs are what is pinned to them. */
  readonly pinned?: true;
  /** Only where pins are in place: nothing takes what it gives any more, but pinned nodes would. */
  readonly spared?: true;
  /** The declaration, from the variable's name to the end of its initialiser. */
  readonly range?: SourceRange;
  /** The variable's name in the declaration. */
  readonly nameRange?: SourceRange;
}

/** What a node calls. */
export type NodeTarget =
  | {
      readonly kind: "gradio";
      /** `owner/space` or an http(s) URL, as written. */
      readonly space: string;
      /** With its leading slash; a number for an unnamed endpoint. */
      readonly apiName: string | number;
      readonly runLocally: boolean;
      readonly validate: boolean;
    }
  | {
      readonly kind: "fn";
      /** The function's name, or `null` when it has none. */ readonly functionName: string | null;
      readonly functionRange?: SourceRange;
    }
  | {
      readonly kind: "inference";
      readonly model: string;
      readonly provider: string | null;
      readonly task: string | null;
    }
  | { readonly kind: "input" }
  | {
      readonly kind: "choice";
      /** In the order written; the first is selected unless a sheet says otherwise. */ readonly variants: readonly NodeId[];
    }
  | { readonly kind: "approve" }
  | { readonly kind: "choose-one" };

export interface NodeLimits {
  readonly concurrent?: boolean;
  readonly concurrencyGroup?: string;
  readonly maxConcurrent?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly retries?: number;
}

export interface InputPort {
  readonly name: string;
  readonly source: InputSource;
  /** The property in `inputs`. */
  readonly range?: SourceRange;
}

export type InputSource =
  | {
      readonly kind: "component";
      readonly spec: ComponentSpec;
      /**
       * Identifies the control: one component object used in several places is one control. The name of the variable
       * that holds it (`module-level const prompt = gr.Textbox()` → `prompt`), or else `node.port`.
       */
      readonly control: string;
    }
  | {
      readonly kind: "edge";
      /** The port that is written there, where its node has none of that name: no edge leads here then. */
      readonly lost?: PortRef;
    }
  | {
      readonly kind: "fixed";
      /** Absent when it cannot be known without running the file. */
      readonly value?: Json;
      /** Where it isn't known: the digest of what makes it, should it turn out to be a function. */
      readonly code?: string;
    }
  | {
      readonly kind: "callable";
      /** Digest of the callable's code, as {@link GraphNode.code}; absent when unknown. */ readonly code?: string;
    };

export interface OutputPort {
  readonly name: string;
  /** `null`: not shown, but can be wired. */
  readonly spec: ComponentSpec | ItemListSpec | null;
  /** The node's only port, which it has because its author declares no outputs: shown, for nobody said that it shouldn't be. */
  readonly undeclared?: true;
  /** Ports of an `InputNode` only: the control whose value the port gives, as in {@link InputSource}. */
  readonly control?: string;
  readonly range?: SourceRange;
}

export interface PortRef {
  readonly node: NodeId;
  readonly port: string;
}

export interface Edge {
  readonly from: PortRef;
  readonly to: PortRef;
  readonly mode: EdgeMode;
  /** Only where choices have been made: the choice that the edge leaves as it is written. `from` is the selected variant. */
  readonly choice?: NodeId;
  /** Scatter only: the one field of each item that is taken. */
  readonly field?: string;
  /** Gather only: leave failed items out instead of failing. */
  readonly skipFailed?: boolean;
  readonly range?: SourceRange;
}

/** What is kept of a node is under this name, whatever it is called by now. */
export function keyOf({ id, keptAs }: Pick<GraphNode, "id" | "keptAs">): string {
  return keptAs ?? id;
}

/** The edges that arrive at a node, in the order of its inputs. */
export function edgesInto(graph: Graph, node: NodeId): Edge[] {
  return graph.edges.filter((edge) => edge.to.node === node);
}

export function findNode(graph: Pick<Graph, "nodes">, id: NodeId): GraphNode | undefined {
  return graph.nodes.find((node) => node.id === id);
}

/** Files whose content counts beside the modules: what nodes read while they run. */
export function dataFiles({ nodes, files, rest }: Graph): string[] {
  const modules = new Set(files);
  return [...new Set([...nodes.flatMap(({ reads = [] }) => reads), ...(rest?.reads ?? [])])].filter(
    (path) => !modules.has(path),
  );
}
