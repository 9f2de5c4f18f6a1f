import type { CanvasView } from "./canvasView.js";
import type { Diagnostic } from "./diagnostic.js";
import type { Failure } from "./failure.js";
import type { Graph, NodeId } from "./graph.js";
import type { ItemCounts } from "./items.js";
import type { RunRequest } from "./plan.js";
import type { LogCut, LogLine } from "./result.js";
import type { Question } from "./question.js";
import type { Progress, ResultView, RunEvent } from "./runEvent.js";
import type { SheetEntry } from "./sheets.js";
import type { StoredValue } from "./value.js";

/** What every view of a workflow draws from: a snapshot, then events through {@link reduceWorkflow}. */
export interface WorkflowState {
  /** Absolute path of the workflow file. */
  readonly file: string;
  /** The last graph that could be read; `null` when there has been none yet. */
  readonly graph: Graph | null;
  /** `last-good`: the text does not parse at the moment, and the graph is the one from before. */
  readonly graphStatus: "current" | "last-good";
  readonly diagnostics: readonly Diagnostic[];
  /** The sheet in use. */
  readonly sheet: SheetState;
  /** All sheets, in order. The one in use is not among them where somebody else has deleted it; empty: not known yet. */
  readonly sheets: readonly SheetEntry[];
  /** How the canvas of the sheet in use was left; `null`: it never was shown. */
  readonly view: CanvasView | null;
  readonly nodes: Readonly<Record<NodeId, NodeState>>;
  readonly run: RunState | null;
  /** What was asked for while a run is under way, in the order in which it will begin. */
  readonly queue: readonly RunRequest[];
  readonly lastRun: RunSummary | null;
  /** Things the user should know about the store and the workspace: read-only, newer format, a damaged entry set aside. */
  readonly notices: readonly Notice[];
  readonly trusted: boolean;
}

export interface SheetState {
  /** As in {@link SheetEntry}. */
  readonly id: string;
  readonly name: string;
  /** What was typed or uploaded, by control; a control that is absent has its default. */
  readonly values: Readonly<Record<string, StoredValue>>;
}

export interface Notice {
  /** Stable, so that the same notice isn't shown twice. */
  readonly id: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
}

export type Freshness =
  | { readonly kind: "none" }
  | { readonly kind: "fresh" }
  /** `reason` is one sentence in words: "input `prompt` changed", "code of `summarise` changed", "`image` is stale". */
  | { readonly kind: "stale"; readonly reason: string }
  /** Cannot be told without loading the file. */
  | { readonly kind: "unknown" };

export type Activity =
  | { readonly kind: "idle" }
  /**
   * Part of the run under way, not started yet. `queued`: of one after it, which only views see, who ask `nodeStateOf`. `elsewhere`:
   * another run is making it, perhaps of another window or at a terminal.
   */
  | { readonly kind: "waiting"; readonly queued?: true; readonly elsewhere?: true }
  | {
      readonly kind: "running";
      /** ms since the epoch */ readonly startedAt: number;
      readonly progress?: Progress;
      /** It waits for a person. */
      readonly question?: Question;
      readonly partial?: Readonly<Record<string, StoredValue>>;
    };

/** How the last attempt ended, in this session or as history tells. */
export type Outcome =
  | { readonly kind: "never" }
  | { readonly kind: "succeeded"; readonly durationMs: number }
  | { readonly kind: "reused" }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly durationMs: number;
      /** What the node is made from has changed since, so that it might not fail again: "input `prompt` changed". */
      readonly changed?: string;
      /** Of a node that runs once an item, where the attempt made no result: how they stood. */
      readonly items?: ItemCounts;
      /** What it had given until then, while this session lasts. */
      readonly partial?: Readonly<Record<string, StoredValue>>;
    }
  | {
      readonly kind: "cancelled";
      readonly durationMs: number;
      /** Nobody stopped it: the window was reloaded or closed. */
      readonly closed?: true;
      /** As where it failed. */
      readonly items?: ItemCounts;
      /** As where it failed. */
      readonly partial?: Readonly<Record<string, StoredValue>>;
    }
  | { readonly kind: "blocked"; readonly by: NodeId; readonly failure: Failure };

export interface NodeState {
  readonly activity: Activity;
  readonly outcome: Outcome;
  readonly freshness: Freshness;
  /** What is pinned to its outputs stands in for running it. Only views see this, which ask `nodeStateOf`. */
  readonly pinned?: true;
  /** How often it was executed on this sheet. */
  readonly count: number;
  /** The selected result: kept while stale, failed or running. */
  readonly result: ResultView | null;
  /** Of the last execution; bounded to the last {@link LOG_LIMIT} lines. */
  readonly log: readonly LogLine[];
  /** What that bound has cost the log; absent: nothing. */
  readonly logCut?: LogCut;
}

export interface RunState {
  readonly runId: string;
  readonly startedAt: number;
  readonly total: number;
  readonly done: number;
}

export interface RunSummary {
  readonly status: "succeeded" | "failed" | "cancelled";
  readonly executed: number;
  readonly reused: number;
  readonly savedMs: number;
  readonly failure?: Failure;
}

/** Everything that changes a {@link WorkflowState}. */
export type WorkflowEvent =
  | RunEvent
  | {
      readonly type: "graph-changed";
      readonly graph: Graph | null;
      readonly graphStatus: "current" | "last-good";
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly type: "freshness-changed";
      readonly nodes: Readonly<Record<NodeId, Freshness>>;
      /** What has changed since a node failed, as in {@link Outcome}; `null`: nothing any more. Absent: as before. */
      readonly sinceFailure?: Readonly<Record<NodeId, string | null>>;
    }
  /** The results that a sheet selects, after loading it from disk, clearing the cache or browsing. */
  | { readonly type: "nodes-restored"; readonly nodes: Readonly<Record<NodeId, NodeState>> }
  | { readonly type: "queue-changed"; readonly queue: readonly RunRequest[] }
  /** What is on the sheet in use, or which one that is. */
  | { readonly type: "sheet-changed"; readonly sheet: SheetState }
  | { readonly type: "sheets-changed"; readonly sheets: readonly SheetEntry[] }
  /** Comes before the change to another sheet, too. */
  | { readonly type: "view-changed"; readonly view: CanvasView | null }
  | { readonly type: "notices-changed"; readonly notices: readonly Notice[] }
  | { readonly type: "trust-changed"; readonly trusted: boolean };

export const LOG_LIMIT = 1000;

export const IDLE_NODE: NodeState = {
  activity: { kind: "idle" },
  outcome: { kind: "never" },
  freshness: { kind: "none" },
  count: 0,
  result: null,
  log: [],
};
