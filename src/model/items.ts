import type { Failure } from "./failure.js";
import type { Edge, Graph, NodeId } from "./graph.js";
import type { Answer, Question } from "./question.js";
import type { LogLine } from "./result.js";
import type { StoredValue } from "./value.js";

/** How the items of a node stand, that runs once for each. */
export interface ItemCounts {
  readonly total: number;
  /** Executed, in this run. */
  readonly succeeded: number;
  /** Found as they were made before. */
  readonly reused: number;
  readonly failed: number;
  /** Waiting for a person; absent: none. */
  readonly asking?: number;
}

/** What became of one item. */
export interface ItemOutcome {
  /** Which item of an item, where lists are nested: an index for each level. Absent: the item's own index alone. */
  readonly path?: readonly number[];
  /** Id of its result; absent: it has none. */
  readonly result?: string;
  /** Why it has none. */
  readonly failure?: Failure;
  /** What it was given that not every item was, where it has no result that tells; as far as that is small. */
  readonly inputs?: Readonly<Record<string, StoredValue>>;
  /** What was tried, so that a failure is only shown for as long as the same would be tried. */
  readonly fingerprint?: string;
  /** It was found as it was made before. */
  readonly reused?: true;
  /** Milliseconds; 0 where nothing was executed. */
  readonly durationMs: number;
  /** Its last lines. */
  readonly log?: readonly LogLine[];
}

/** What a node's result keeps of its items, beside the lists of what they gave. */
export interface ItemsRecord {
  readonly count: number;
  /** Indexes of the items without a result, ascending. They are left out of the lists that the outputs hold. */
  readonly failed: readonly number[];
  /** How many of those were not run rather than failed, for others were asked for; absent: none. */
  readonly left?: number;
  /** Digest of the items' paths, where lists are nested: what else is taken apart with them depends on it. */
  readonly shape?: string;
  /** {@link ItemOutcome} of each, in order. */
  readonly outcomes: StoredValue;
}

/** What is kept of the items of an attempt that made no result of the whole: all of them failed, or it was stopped. */
export interface ItemsAttempt {
  readonly counts: ItemCounts;
  /** Digests of what every item was given, by input port. */
  readonly given: Readonly<Record<string, string>>;
  /** {@link ItemOutcome} of each, in order; one without a result or a failure had not come to its end. */
  readonly outcomes: StoredValue;
}

/** One item as a view shows it. */
export interface ItemView {
  /** From 0. */
  readonly index: number;
  readonly path?: readonly number[];
  readonly status:
    | "waiting"
    | "running"
    | "succeeded"
    | "reused"
    | "failed"
    /** Not run with what it is given now, for others were asked for. */
    | "left";
  /** It runs, and waits for a person. */
  readonly question?: Question;
  /** What it was given that other items were not, by input port. */
  readonly inputs: Readonly<Record<string, StoredValue>>;
  readonly outputs: Readonly<Record<string, StoredValue>>;
  readonly failure?: Failure;
  /** What a person has answered, where it has a result. */
  readonly answer?: Answer;
  /** ms since the epoch; only while it runs. */
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly log: readonly LogLine[];
}

/** Some of a node's items, and how they all stand. */
export interface ItemsPage {
  readonly counts: ItemCounts;
  /** Indexes of all items that failed, ascending; at most {@link FAILED_LIMIT}. */
  readonly failed: readonly number[];
  readonly items: readonly ItemView[];
}

export const FAILED_LIMIT = 1000;

/** Why a result is stale some of whose items failed. */
export const SOME_ITEMS_FAILED = "some of its items failed";

/** Why a result is stale for some of whose items there is none, since others were asked for. */
export const SOME_ITEMS_LEFT = "some of its items have not been run";

/** Whether an item that has no result was not run, rather than failed. */
export function isLeft({ failure }: Pick<ItemOutcome, "failure">): boolean {
  return failure?.reason === "cancelled";
}

const mapped = new WeakMap<Graph, ReadonlySet<NodeId>>();

/**
 * The nodes that run once an item: something is scattered into them, or they hang on such a node without a gather in between.
 *
 * @param graph - with its choices made.
 */
export function mappedNodes(graph: Graph): ReadonlySet<NodeId> {
  let found = mapped.get(graph);
  if (!found) mapped.set(graph, (found = findMapped(graph)));
  return found;
}

function findMapped({ edges }: Graph): ReadonlySet<NodeId> {
  const singles = Map.groupBy(
    edges.filter(({ mode }) => mode === "single"),
    ({ from }) => from.node,
  );
  const found = new Set(edges.filter(({ mode }) => mode === "scatter").map(({ to }) => to.node));
  // A set that grows while it is walked yields what is added, too.
  for (const id of found) for (const { to } of singles.get(id) ?? []) found.add(to.node);
  return found;
}

/** Whether an edge hands over one item a run: a list is scattered, or what is upstream runs once an item itself. */
export function givesItems(graph: Graph, { mode, from }: Edge): boolean {
  return mode === "scatter" || (mode === "single" && mappedNodes(graph).has(from.node));
}

/** How an item is called: `3`, or `2.1` for the first item of the second; people count from 1. */
export function itemName(index: number, path?: readonly number[]): string {
  return (path ?? [index]).map((step) => step + 1).join(".");
}

/** The failure of a node some of whose items failed; the first of them speaks for the others. */
export function itemsFailure(
  node: NodeId,
  { count, failed }: { readonly count: number; readonly failed: number },
  first: Failure,
): Failure {
  // As the card counts them: digits in threes.
  const [some, all] = [failed, count].map((each) => each.toLocaleString("en"));
  const these = failed === count ? (count === 1 ? "The only item" : `All ${all} items`) : `${some} of ${all} items`;
  const { message, hint, stack, location } = first;
  return {
    reason: "items-failed",
    message: `${these} of \`${node}\` failed${failed > 1 ? ", the first with" : ""}: ${message}`,
    ...(hint !== undefined && { hint }),
    ...(stack !== undefined && { stack }),
    ...(location !== undefined && { location }),
  };
}
