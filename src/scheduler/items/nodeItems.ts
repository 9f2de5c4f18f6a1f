import type { Failure } from "../../model/failure.js";
import type { GraphNode } from "../../model/graph.js";
import { isLeft, itemsFailure, type ItemsAttempt, type ItemsPage } from "../../model/items.js";
import { appendLog, type KeptLog } from "../../model/logLines.js";
import { success, type Result } from "../../model/outcome.js";
import type { PlanStep, RunRequest } from "../../model/plan.js";
import type { ResultRecord } from "../../model/result.js";
import { thrownFailure } from "../../store/storeFailure.js";
import { FAILED_ITEMS, LEFT_ITEMS } from "../fingerprint.js";
import type { ResultOf } from "../inputValues.js";
import { unrepeatable, type Filing, type GatheredInputs } from "../nodeInputs.js";
import type { RunContext } from "../runContext.js";
import { itemInputs, type ItemInputs } from "./itemInputs.js";
import { ItemsExecution, type ItemsContext } from "./itemsExecution.js";
import { itemsRecord, listsOf } from "./itemsResult.js";
import { outcomesOf } from "./outcomes.js";

export interface NodeItemsOptions extends Pick<ItemsContext, "limit" | "perform" | "keep" | "afterwards" | "signal"> {
  readonly context: RunContext;
  readonly node: GraphNode;
  readonly inputs: GatheredInputs;
  readonly resultOf: ResultOf;
  /** Every item is executed, fresh or not. */
  readonly anew: boolean;
  /** As in `PlanStep`. */
  readonly asked: PlanStep["asked"];
  /** What the result of an execution that has just ended is filed under. */
  readonly file: (made: Filing) => Promise<Filing>;
}

/** How a node has ended that runs once an item. */
export type NodeItemsEnd =
  | {
      readonly status: "made";
      readonly result: Omit<ResultRecord, "id" | "startedAt" | "durationMs">;
      /** Some items failed. */
      readonly failure?: Failure;
    }
  /** What was made of the items is kept all the same. */
  | { readonly status: "failed"; readonly failure: Failure; readonly items?: ItemsAttempt }
  | { readonly status: "cancelled"; readonly items?: ItemsAttempt };

/** One node's part in a run, where the node runs once an item. */
export class NodeItems {
  readonly #options: NodeItemsOptions;
  readonly #execution: ItemsExecution;
  #log: KeptLog = { log: [] };

  private constructor(options: NodeItemsOptions, items: readonly ItemInputs[], before: ItemsContext["before"]) {
    this.#options = options;
    const { node, inputs, context, anew } = options;
    const { graph, runId, store, lease, clock, versions, emit, request } = context;
    const own = { runId, node: node.id };
    this.#execution = new ItemsExecution({
      ...options,
      ...{ graph, runId, request, inputs, items, before, store, lease, clock, versions },
      wish: wishOf(node, request, anew),
      log: (lines) => {
        this.#log = appendLog(this.#log, lines);
        emit({ type: "node-log", ...own, lines });
      },
      progress: (progress) => {
        if (!options.signal.aborted) emit({ type: "node-progress", ...own, progress });
      },
    });
  }

  /** Takes the node's lists apart. As failures, reason `invalid-input`: what is no list, and lists that don't match. */
  static async begin(options: NodeItemsOptions): Promise<Result<NodeItems>> {
    const { node, inputs, resultOf, context } = options;
    const { blobs } = context.store;
    const items = await itemInputs(context.graph, node, inputs.values, resultOf, blobs);
    if (!items.ok) return items;
    const last = resultOf(node.id)?.items;
    const before = last ? await outcomesOf(last, blobs) : success([]);
    return success(new NodeItems(options, items.value, before.ok ? before.value : []));
  }

  /** How many items were executed. */
  get executed(): number {
    return this.#execution.executed;
  }

  /** The last lines of all items. */
  get log(): KeptLog {
    return this.#log;
  }

  page(from: number, count: number): ItemsPage {
    return this.#execution.page(from, count);
  }

  /** Once. Never rejects. */
  async run(): Promise<NodeItemsEnd> {
    const { node, signal } = this.#options;
    await this.#execution.run();
    if (signal.aborted) return { status: "cancelled", ...(await this.#attempt()) };
    try {
      const end = await this.#end();
      return end.status === "made" ? end : { ...end, ...(await this.#attempt()) };
    } catch (error) {
      // A disk that is full, or a mistake of ours.
      return { status: "failed", failure: thrownFailure(error, `\`${node.id}\``) };
    }
  }

  /** What is kept of the items of an attempt that makes no result; nothing where that can't be written. */
  async #attempt(): Promise<{ readonly items?: ItemsAttempt }> {
    const { inputs, context } = this.#options;
    const { counts } = this.#execution;
    const given = Object.fromEntries(Object.entries(inputs.values).map(([port, { digest }]) => [port, digest]));
    try {
      const { outcomes } = await itemsRecord(this.#execution.outcomes(true), context.store.blobs);
      return { items: { counts, given, outcomes } };
    } catch {
      return {};
    }
  }

  async #end(): Promise<NodeItemsEnd> {
    const { node, inputs, context, file } = this.#options;
    const { runId, store, versions } = context;
    const outcomes = this.#execution.outcomes();
    const items = await itemsRecord(outcomes, store.blobs);
    const first = outcomes.find((outcome) => outcome.failure && !isLeft(outcome))?.failure;
    const { count, left = 0 } = items;
    const failure = first && itemsFailure(node.id, { count, failed: items.failed.length - left }, first);
    if (failure && items.failed.length === count) return { status: "failed", failure };
    const filing = await file(inputs);
    const partly = failure ? FAILED_ITEMS : left > 0 ? LEFT_ITEMS : null;
    const { record, fingerprint } = partly === null ? filing : unrepeatable(filing, partly, runId);
    const result = {
      ...({ format: 1, node: node.id, fingerprint, record, runId, versions, items } as const),
      outputs: await listsOf(node, this.#execution, store.blobs),
      inputs: inputs.values,
      upstream: inputs.upstream,
    };
    return { status: "made", result, ...(failure && { failure }) };
  }
}

/** Which items are executed though they may be fresh, and which are not though they may not be. */
function wishOf({ id }: GraphNode, { items, targets, reuse }: RunRequest, anew: boolean): ItemsContext["wish"] {
  const wanted = anew ? "always" : "if stale";
  if (items && targets.includes(id)) {
    const asked = new Set(items);
    const others = reuse === "fresh" ? "if changed" : "never";
    return (index) => (asked.has(index) ? wanted : others);
  }
  return () => wanted;
}
