import type { Failure } from "./failure.js";
import type { NodeId } from "./graph.js";
import type { ItemCounts } from "./items.js";
import type { Plan, RunRequest } from "./plan.js";
import type { Answer, Question } from "./question.js";
import type { LogLine } from "./result.js";
import type { StoredValue, Value } from "./value.js";

/** What is shown of a result: the record without what only matters for provenance. */
export interface ResultView {
  readonly id: string;
  readonly fingerprint: string;
  readonly outputs: Readonly<Record<string, StoredValue>>;
  /** What each callable input gave. */
  readonly drawn: Readonly<Record<string, StoredValue>>;
  /** Of a node that runs once an item: its outputs hold a list each, of the items that did not fail and were not left out. */
  readonly items?: { readonly count: number; readonly failed: number; /** Absent: none. */ readonly left?: number };
  /** What a person has answered, where the node asks one. */
  readonly answer?: Answer;
  /** Milliseconds since the epoch. */
  readonly finishedAt: number;
  readonly durationMs: number;
}

export interface Progress {
  /** 0 to 1, where known. */
  readonly fraction?: number;
  readonly message?: string;
  /** Place in a remote queue, from 1. */
  readonly queuePosition?: number;
  /** Steps done and, where known, in all. */
  readonly step?: number;
  readonly steps?: number;
  readonly unit?: string;
  /** Of a node that runs once an item. */
  readonly items?: ItemCounts;
}

/** The one stream that a run emits: it feeds the store, the canvas, the command line and the logs. Times: ms since the epoch. */
export type RunEvent =
  | {
      readonly type: "started";
      readonly runId: string;
      readonly at: number;
      readonly request: RunRequest;
      readonly plan: Plan;
    }
  | {
      readonly type: "node-started";
      readonly runId: string;
      readonly node: NodeId;
      readonly at: number;
      readonly count: number;
    }
  /** Another run, perhaps of another window or at a terminal, is making what this node would: its result is waited for. */
  | { readonly type: "node-waits"; readonly runId: string; readonly node: NodeId; readonly at: number }
  /** The run waits for a person; the node is under way. Items of a node that runs once an item ask for themselves: see `ItemView`. */
  | {
      readonly type: "node-asks";
      readonly runId: string;
      readonly node: NodeId;
      readonly at: number;
      readonly question: Question;
    }
  | { readonly type: "node-progress"; readonly runId: string; readonly node: NodeId; readonly progress: Progress }
  | {
      readonly type: "node-partial";
      readonly runId: string;
      readonly node: NodeId;
      readonly outputs: Readonly<Record<string, StoredValue>>;
    }
  | { readonly type: "node-log"; readonly runId: string; readonly node: NodeId; readonly lines: readonly LogLine[] }
  | {
      readonly type: "node-reused";
      readonly runId: string;
      readonly node: NodeId;
      readonly at: number;
      readonly result: ResultView;
    }
  | {
      readonly type: "node-succeeded";
      readonly runId: string;
      readonly node: NodeId;
      readonly at: number;
      readonly result: ResultView;
      /** Some of its items failed: the result is that of the others, and not fresh. */
      readonly failure?: Failure;
    }
  | {
      readonly type: "node-failed";
      readonly runId: string;
      readonly node: NodeId;
      readonly at: number;
      readonly durationMs: number;
      readonly failure: Failure;
      /** Of a node that runs once an item: how they stood. */
      readonly items?: ItemCounts;
      /** What a person said no to: it gives nothing any more. */
      readonly result?: ResultView;
    }
  | {
      readonly type: "node-cancelled";
      readonly runId: string;
      readonly node: NodeId;
      readonly at: number;
      readonly durationMs: number;
      /** As of one that failed. */
      readonly items?: ItemCounts;
    }
  /** Not executed because something it needs failed or was cancelled. */
  | {
      readonly type: "node-blocked";
      readonly runId: string;
      readonly node: NodeId;
      readonly at: number;
      readonly by: NodeId;
      readonly failure: Failure;
    }
  | {
      readonly type: "finished";
      readonly runId: string;
      readonly at: number;
      readonly status: "succeeded" | "failed" | "cancelled";
      readonly executed: number;
      readonly reused: number;
      /** What the reused results took when they were made, in ms. */
      readonly savedMs: number;
      /** Only where the run failed as a whole, before or outside any node. */
      readonly failure?: Failure;
      /** By node and port, of the targets (or the leaves): files as absolute paths. Filled in for the command line. */
      readonly outputs?: Readonly<Record<NodeId, Readonly<Record<string, Value>>>>;
    };
