import type { Graph, NodeId } from "../model/graph.js";
import type { Freshness } from "../model/workflowState.js";
import { chosenGraph } from "../model/chosenGraph.js";
import { changeSince, freshnessOf, freshnessOfNode } from "../scheduler/freshness.js";
import { indexOf } from "../scheduler/graphIndex.js";
import type { ControlValues } from "../scheduler/inputValues.js";
import type { EventStream } from "./eventStream.js";
import type { OpenSheet } from "./openSheet.js";

export interface FreshnessBasis {
  readonly graph: Graph;
  readonly sheet: OpenSheet;
}

/** Edits come in bursts. Milliseconds. */
const PAUSE_MS = 80;
/** During a run what is stale changes with every node, and nobody reads that fast. Milliseconds. */
const RUNNING_PAUSE_MS = 500;

/** Says which results are stale, whenever that may have changed. */
export class FreshnessFeed {
  readonly #basis: () => FreshnessBasis | null;
  readonly #stream: EventStream;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, on the clock of `performance.now`. */
  #due = Infinity;

  constructor(basis: () => FreshnessBasis | null, stream: EventStream) {
    this.#basis = basis;
    this.#stream = stream;
  }

  /** Soon. */
  later(): void {
    this.#by(performance.now() + PAUSE_MS);
  }

  /** In a while: a run goes on. */
  whileRunning(): void {
    this.#by(performance.now() + RUNNING_PAUSE_MS);
  }

  /** Now. Tells only what is different from before. */
  update(): void {
    this.dispose();
    const basis = this.#basis();
    if (!basis) return;
    const { sheet } = basis;
    const values = sheet.valuesFor(basis.graph);
    const graph = chosenGraph(basis.graph, values);
    const now = freshnessOf(graph, values, sheet.selected);
    const { nodes } = this.#stream.state;
    const changed = Object.entries(now).filter(([id, freshness]) => !isSame(nodes[id]?.freshness, freshness));
    const since = this.#sinceFailure(graph, values, sheet);
    if (changed.length + since.length === 0) return;
    const event: Record<NodeId, Freshness> = Object.fromEntries(changed);
    const sinceFailure = since.length === 0 ? {} : { sinceFailure: Object.fromEntries(since) };
    this.#stream.emit({ type: "freshness-changed", nodes: event, ...sinceFailure });
  }

  /** What has changed since nodes failed, of those for which that isn't what was told before. */
  #sinceFailure(graph: Graph, values: ControlValues, { failed, selected }: OpenSheet): [NodeId, string | null][] {
    const { nodes } = this.#stream.state;
    return [...failed].flatMap(([id, record]): [NodeId, string | null][] => {
      const node = indexOf(graph).nodes.get(id);
      const outcome = nodes[id]?.outcome;
      if (!node || outcome?.kind !== "failed") return [];
      const change = changeSince(graph, node, values, selected, record);
      return change === (outcome.changed ?? null) ? [] : [[id, change]];
    });
  }

  /** Now, of one node that a run has given a result: it need not be what the node would give by now. */
  updateNode(id: NodeId): void {
    const basis = this.#basis();
    if (!basis) return;
    const { sheet } = basis;
    const values = sheet.valuesFor(basis.graph);
    const graph = chosenGraph(basis.graph, values);
    const node = indexOf(graph).nodes.get(id);
    if (!node) return;
    const { nodes } = this.#stream.state;
    const upstream = { get: (other: NodeId) => nodes[other]?.freshness };
    const freshness = freshnessOfNode(graph, node, values, sheet.selected, upstream);
    if (!isSame(nodes[id]?.freshness, freshness))
      this.#stream.emit({ type: "freshness-changed", nodes: { [id]: freshness } });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#due = Infinity;
  }

  #by(due: number): void {
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.update(), due - performance.now());
  }
}

function isSame(a: Freshness | undefined, b: Freshness): boolean {
  if (a === undefined) return b.kind === "none";
  return a.kind === b.kind && (a.kind !== "stale" || b.kind !== "stale" || a.reason === b.reason);
}
