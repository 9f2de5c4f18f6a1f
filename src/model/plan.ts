import type { Failure } from "./failure.js";
import type { NodeId } from "./graph.js";
import type { Answer } from "./question.js";
import type { Value } from "./value.js";

/** What somebody asked to run. */
export interface RunRequest {
  /**
   * `all`: the whole graph. `to`: the targets and what they need. `only`: the targets alone, with the selected results of
   * what is upstream. `step`: the same, but what has no result upstream is made first; what has one stands as it is, stale or
   * not. `downstream`: the targets and all that depends on them. `stale`: whatever has a result that is no
   * longer fresh, and what those need.
   */
  readonly scope: "all" | "to" | "only" | "step" | "downstream" | "stale";
  /** Empty for `all` and `stale`. */
  readonly targets: readonly NodeId[];
  /**
   * `fresh`: whatever is fresh is reused (a target that draws a callable input is executed all the same, for a new draw).
   * `not-targets`: targets are executed in any case. `never`: everything in scope is executed.
   */
  readonly reuse: "fresh" | "not-targets" | "never";
  /**
   * Of the only target, which runs once an item: it is about these items, by index; `reuse` is as for nodes. Of the others those
   * that have a fresh result keep it. With `fresh`, those are executed that are given something else than when they were
   * looked at last; otherwise none is. Scope `only`.
   */
  readonly items?: readonly number[];
  /** Start the process so that a debugger can attach before any user code runs. */
  readonly debug?: boolean;
  /** Values for this run alone, by control, in place of what the sheet holds; `null` stands for the control's default. */
  readonly inputs?: Readonly<Record<string, Value>>;
  /** What people will answer: a result that another answer made is not reused. Whoever asks for the run answers, as always. */
  readonly answers?: Readonly<Record<NodeId, Answer>>;
}

export type PlannedAction =
  /** A fresh result stands; nothing is executed. */
  | "reuse"
  | "run"
  /** Executed unless what runs upstream turns out to give the same value as before. */
  | "run-if-changed";

export interface PlanStep {
  readonly node: NodeId;
  readonly action: PlannedAction;
  /** One sentence: "input `prompt` changed", "no result yet", "asked for". */
  readonly reason: string;
  /** A node that runs once an item executes each of them; else those that are fresh are reused. */
  readonly anew?: true;
  /**
   * Executed though it may be fresh. `anew`: nor is what a server returned earlier taken up; `draw`: for the sake of a new draw, unless
   * no result has been made yet of what the last one returned.
   */
  readonly asked?: "anew" | "draw";
  /** Nobody is called: it is made of what its call returned earlier. `reason` says so, too. */
  readonly answered?: true;
  /** Milliseconds that reusing saves, or that the last execution took; absent when unknown. */
  readonly expectedMs?: number;
}

/** A node in scope that cannot be executed, or that needs such a node; the others run all the same. */
export interface BlockedStep {
  readonly node: NodeId;
  /** The node that cannot be executed: itself, or one upstream. */
  readonly by: NodeId;
  readonly failure: Failure;
}

/** In execution order. InputNodes are never in it: their values are what their controls hold. */
export interface Plan {
  readonly steps: readonly PlanStep[];
  /** Absent: none. */
  readonly blocked?: readonly BlockedStep[];
  /** What it would have been about, but is pinned, and so not executed. Absent: nothing. */
  readonly pinned?: readonly NodeId[];
}
