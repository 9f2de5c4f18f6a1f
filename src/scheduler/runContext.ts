import type { Failure } from "../model/failure.js";
import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import type { ItemsAttempt } from "../model/items.js";
import type { Result } from "../model/outcome.js";
import type { Plan, RunRequest } from "../model/plan.js";
import type { FingerprintRecord, ResultRecord } from "../model/result.js";
import type { RunEvent } from "../model/runEvent.js";
import type { StoredValue, Value } from "../model/value.js";
import type { RunLease, WorkflowStore } from "../store/workflowStore.js";
import type { Clock } from "./clock.js";
import type { PreparedProgram } from "./executorBackend.js";
import type { Lanes } from "./lanes.js";
import type { RunJournal } from "./recorder.js";

export type RunStore = Pick<WorkflowStore, "findFresh" | "blobs"> & RunJournal;

/** All that a run works from and reports to. */
export interface RunContext {
  readonly runId: string;
  readonly request: RunRequest;
  readonly plan: Plan;
  readonly graph: Graph;
  readonly sheet: string;
  /** What was typed, by control. */
  readonly values: Readonly<Record<string, StoredValue>>;
  /** Why a control has no value, where it should have one by default. */
  readonly problems: Readonly<Record<string, Failure>>;
  /** The selected result of every node that has one, as the run begins. */
  readonly selected: ReadonlyMap<NodeId, ResultRecord>;
  /** How often each node has been executed on this sheet; absent: never. */
  readonly counts: ReadonlyMap<NodeId, number>;
  /** What the fingerprints count of the files that nodes read while they run: SHA-256 by absolute path. */
  readonly data: ReadonlyMap<string, string>;
  /** A node as it is with the files that there are this moment; `undefined`: there is none. */
  readonly nodeNow: (node: NodeId) => GraphNode | undefined;
  readonly store: RunStore;
  /** Ended by whoever began it, after the run. */
  readonly lease: RunLease;
  /** Called when the first node is to be executed; a run that only reuses needs no process. */
  readonly prepare: (signal: AbortSignal) => Promise<Result<PreparedProgram>>;
  /** Of servers, which the runs of all workflows share. */
  readonly lanes: Lanes;
  readonly emit: (event: RunEvent) => void;
  /**
   * A node was executed (`count` times by now) or reused; `result` is its selected one from now on, `null` if it made none.
   * `failed`: what a failed execution was made from; `items`: those of an attempt that made no result.
   */
  readonly ended: (
    node: NodeId,
    count: number,
    result: ResultRecord | null,
    failed?: FingerprintRecord,
    items?: ItemsAttempt,
  ) => void;
  /** Fills in `outputs` of the last event, from what was made or reused in this run. */
  readonly outputs?: (results: ReadonlyMap<NodeId, ResultRecord>) => Promise<Record<NodeId, Record<string, Value>>>;
  readonly clock: Clock;
  /** Recorded with every result. */
  readonly versions: Readonly<Record<string, string>>;
}
