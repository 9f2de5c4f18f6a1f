import type { Failure } from "./failure.js";
import type { CodeParts, NodeId } from "./graph.js";
import type { ItemsAttempt, ItemsRecord } from "./items.js";
import type { Json } from "./json.js";
import type { Answer } from "./question.js";
import type { StoredValue } from "./value.js";

/**
 * All that a result depends on, by named parts, so that two records can be compared in words. Its SHA-256 over canonical
 * JSON is the fingerprint under which results are found again.
 */
export interface FingerprintRecord {
  readonly format: 1;
  readonly kind: string;
  /** What is called: space and endpoint, model and provider and task, … */
  readonly options: Json;
  /** As in the graph: digest of the code that runs; `null` when none does. */
  readonly code: string | null;
  /** What `code` is made of, as far as that is kept; only to tell what has changed: it doesn't count beside `code`. */
  readonly codeParts?: CodeParts;
  /** Names of the outputs, and how each is read (`OutputReading`), for that decides what becomes of returned values. */
  readonly outputs: Json;
  readonly inputs: Readonly<Record<string, InputPart>>;
  /** Upstream revision (a Space's or model's commit), where known. */
  readonly revision: string | null;
}

/** What one input contributes: the digest of its value, or of the code of a callable whose value differs each run. */
export type InputPart = { readonly value: string } | { readonly callable: string };

/** A successful execution of a node, or a person's refusal, which has no outputs: never changed once written. */
export interface ResultRecord {
  readonly format: 1;
  /** Unique, sorts by time. */
  readonly id: string;
  readonly node: NodeId;
  readonly fingerprint: string;
  readonly record: FingerprintRecord;
  readonly outputs: Readonly<Record<string, StoredValue>>;
  /** The inputs as the call got them, before `preprocess`; what callables gave is here too. */
  readonly inputs: Readonly<Record<string, StoredValue>>;
  /** Of a node that runs once an item: its outputs hold a list each. The items have results of their own. */
  readonly items?: ItemsRecord;
  /** What a person has answered, where the node asks one. */
  readonly answer?: Answer;
  /** For each wired input: the result that its value came from. */
  readonly upstream: Readonly<Record<string, string>>;
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds. */
  readonly durationMs: number;
  /** Versions of what made it: `daggr`, `node`, clients. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One line of a sheet's history: every execution leaves one, whatever its end. */
export interface HistoryEntry {
  readonly runId: string;
  readonly node: NodeId;
  readonly status: "succeeded" | "reused" | "failed" | "cancelled";
  /** Of a cancelled execution: nobody stopped it, but what ran it was closed, as a window is that is reloaded. */
  readonly closed?: true;
  /** The result made or reused. */
  readonly result?: string;
  readonly fingerprint?: string;
  /** Of a failed execution: what it was made from, so that what has changed since can be named. */
  readonly record?: FingerprintRecord;
  readonly failure?: Failure;
  /** Of a node that runs once an item and made no result. */
  readonly items?: ItemsAttempt;
  /** Execution count of the node on this sheet, from 1; unchanged by `reused`. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly durationMs: number;
  readonly log?: readonly LogLine[];
  /** Lines before those of `log` that were not kept; absent: none. */
  readonly logCut?: LogCut;
}

export interface LogLine {
  /** Which item's execution wrote it, from 0; absent: the node runs once. */
  readonly item?: number;
  readonly level: "debug" | "log" | "info" | "warn" | "error";
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** This line was not written by the code, but stands for so many that were left out. */
  readonly leftOut?: LogCut;
}

/** Lines of a log that were not kept. */
export interface LogCut {
  readonly lines: number;
  readonly warnings: number;
  readonly errors: number;
}
