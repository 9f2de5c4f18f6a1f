import type { NodeId } from "../../model/graph.js";
import type { Result } from "../../model/outcome.js";
import type { HuggingFaceAccess } from "../../protocol/runner.js";
import type { RuntimeNode } from "../../sdk/runtime.js";
import type { Execution } from "../execution.js";
import type { Returned } from "../outputs.js";

/** One call of what a node stands for. */
export interface Call {
  readonly id: NodeId;
  readonly node: RuntimeNode;
  /** By port, as user code has them (files as absolute paths), after `preprocess`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly execution: Execution;
  /** The workflow's folder, absolute: relative paths count from it. */
  readonly folder: string;
  readonly huggingFace: HuggingFaceAccess;
  /** Shows a partial result, which is only asked for when it is about to be shown; `null`: not after all. */
  readonly partial: (returned: () => Returned | null | Promise<Returned | null>) => void;
}

export interface Answer {
  readonly returned: Returned;
  /** Versions of what made it beyond this program's: a client, a Space's or model's revision. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Calls what one kind of node stands for. What it throws is a bug, or what user code threw. */
export type Executor = (call: Call) => Promise<Result<Answer>>;
