import { closest } from "fastest-levenshtein";
import { neededNodes } from "../model/chosenGraph.js";
import type { Failure } from "../model/failure.js";
import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { BlockedStep, Plan, PlanStep, RunRequest } from "../model/plan.js";
import type { ResultRecord } from "../model/result.js";
import { answeredOtherwise } from "./answered.js";
import { fingerprintOf, fingerprintRecord, isKnown } from "./fingerprint.js";
import { differenceOf, freshnessOf } from "./freshness.js";
import { indexOf } from "./graphIndex.js";
import { resolveInputs, type ControlValues } from "./inputValues.js";
import { closure, cycleIn, upstreamFirst } from "./plannerOrder.js";
import { mappedNodes } from "../model/items.js";
import { blockedIn } from "./plannerSupport.js";
import { findReturn } from "./keptReturn.js";
import { hasRejectedItems, isRejection } from "./questions.js";

/** What a plan is made from, beside the graph. */
export interface PlanLookup {
  /** What the sheet holds, by control. */
  readonly values: ControlValues;
  /** The selected result of every node that has one. */
  readonly selected: ReadonlyMap<NodeId, ResultRecord>;
  /** As in `WorkflowStore`. */
  findFresh(fingerprint: string, preferred?: string): Promise<ResultRecord | null>;
}

/** Which nodes a request is about. */
interface Scope {
  /** Executed or reused as the request says. */
  readonly targets: ReadonlySet<NodeId>;
  /** All nodes of the plan: the targets, what else the request names, and what those need. */
  readonly nodes: ReadonlySet<NodeId>;
  /** Where `reuse: "never"` holds; what is only needed is reused all the same. */
  readonly asked: ReadonlySet<NodeId>;
}

/**
 * What a request comes to: which nodes are executed, which are reused, in which order and why. Changes nothing.
 *
 * @returns as failures: a target that isn't there (`not-found`), a cycle or nothing but nodes that can't be executed
 *   (`unsupported`), and for scope `only` a node upstream without a result (`missing-upstream`).
 */
export async function makePlan(graph: Graph, request: RunRequest, lookup: PlanLookup): Promise<Result<Plan>> {
  const lost = request.targets.find((id) => !indexOf(graph).nodes.has(id));
  if (lost !== undefined) return failed(unknownTarget(graph, lost));
  const scope = scopeOf(graph, request, lookup);
  const cycle = cycleIn(graph);
  if (cycle?.some((id) => scope.nodes.has(id))) return failed(cyclic(cycle));
  const order = upstreamFirst(graph).filter((node) => scope.nodes.has(node.id) && node.kind !== "input");

  const pinned = graph.nodes.filter((node) => node.pinned && scope.nodes.has(node.id)).map(({ id }) => id);
  const asked = request.targets.filter((id) => !isPinned(graph, id));
  if (pinned.length > 0 && asked.length === 0 && ["to", "only", "step"].includes(request.scope))
    return failed(standsIn(request.targets));

  const blocked = blockedIn(graph, order, request.scope === "only");
  const [first] = blocked.values();
  const wanted = request.scope === "downstream" ? scope.asked : scope.targets;
  if (first && [...wanted].every((id) => blocked.has(id) || isInput(graph, id))) return failed(first.failure);
  const runnable = order.filter((node) => !blocked.has(node.id));
  if (request.scope === "only") {
    const missing = missingUpstream(graph, runnable, scope, lookup);
    if (missing) return failed(missing);
  }

  const steps: PlanStep[] = [];
  const planned = new Map<NodeId, Planned>();
  for (const node of runnable) {
    const next = await stepFor(graph, node, request, scope, lookup, planned);
    planned.set(node.id, next);
    steps.push(next.step);
  }
  const blockedSteps: BlockedStep[] = [...blocked.values()];
  return success({
    steps,
    ...(blockedSteps.length > 0 && { blocked: blockedSteps }),
    ...(pinned.length > 0 && { pinned }),
  });
}

interface Planned {
  readonly step: PlanStep;
  /** The result that is reused, and whose outputs those downstream get; `null`: not known before it has run. */
  readonly result: ResultRecord | null;
}

interface StepDetails {
  readonly result?: ResultRecord | undefined;
  readonly asked?: PlanStep["asked"];
  /** Whether the last call's answer stands for a call. */
  readonly answered?: boolean;
}

async function stepFor(
  graph: Graph,
  node: GraphNode,
  request: RunRequest,
  scope: Scope,
  lookup: PlanLookup,
  planned: ReadonlyMap<NodeId, Planned>,
): Promise<Planned> {
  const last = lookup.selected.get(node.id);
  const step = (
    action: PlanStep["action"],
    reason: string,
    { result = last, asked, answered = false }: StepDetails = {},
  ): Planned => ({
    step: {
      node: node.id,
      action,
      reason: answered ? `${reason}; runs on the answer that \`${node.id}\` already gave` : reason,
      ...(asked && mappedNodes(graph).has(node.id) && { anew: true }),
      ...(asked && { asked }),
      ...(answered ? { answered } : result && { expectedMs: result.durationMs }),
    },
    result: action === "reuse" ? (result ?? null) : null,
  });

  const isTarget = scope.targets.has(node.id);
  if (request.reuse === "never" && scope.asked.has(node.id)) return step("run", "asked for", { asked: "anew" });
  if (request.reuse === "not-targets" && isTarget) return step("run", "asked for", { asked: "anew" });
  const drawn = node.inputs.find(({ source }) => source.kind === "callable");
  if (isTarget && drawn && request.scope !== "all" && request.scope !== "stale") {
    const answered = await isAnswered(graph, node, lookup, planned, "draw");
    return step("run", answered ? "no result yet" : `\`${drawn.name}\` is drawn anew`, { asked: "draw", answered });
  }

  const running = upstreamThatRuns(graph, node, planned);
  if (running !== undefined) {
    return last ? step("run-if-changed", `\`${running}\` runs first`) : step("run", "no result yet");
  }
  const inputs = resolveInputs(graph, node, lookup.values, resultsOf(lookup, planned));
  if (!isKnown(node) || inputs.unknown.length > 0) {
    return last
      ? step("run-if-changed", "whether it changed is known once the file is loaded")
      : step("run", "no result yet");
  }
  const [missing] = inputs.missing;
  if (missing) return step("run", `\`${missing.from.node}\` has no output \`${missing.from.port}\` yet`);
  const record = fingerprintRecord(graph, node, inputs.parts);
  const fingerprint = fingerprintOf(record);
  const found = hasRejectedItems(node, last) ? null : await lookup.findFresh(fingerprint, last?.id);
  if (found && answeredOtherwise(request, node.id, found)) return step("run", "answered beforehand");
  if (found)
    return step("reuse", found.id === last?.id ? "nothing changed" : "ran with the same inputs before", {
      result: found,
    });
  const answered = await isAnswered(graph, node, lookup, planned);
  if (!last) return step("run", "no result yet", { answered });
  if (last.fingerprint === fingerprint && isRejection(last)) return step("run", "was rejected");
  return step("run", differenceOf(graph, node, last.record, record) ?? "its result is no longer whole", { answered });
}

/** Whether what the node's call returned earlier is known to stand for a call. */
async function isAnswered(
  graph: Graph,
  node: GraphNode,
  lookup: PlanLookup,
  planned: ReadonlyMap<NodeId, Planned>,
  asked?: PlanStep["asked"],
): Promise<boolean> {
  if (!isKnown(node) || upstreamThatRuns(graph, node, planned) !== undefined) return false;
  const { parts, missing, unknown } = resolveInputs(graph, node, lookup.values, resultsOf(lookup, planned));
  if (missing.length > 0 || unknown.length > 0) return false;
  const record = fingerprintRecord(graph, node, parts);
  const filing = { record, fingerprint: fingerprintOf(record) };
  return (await findReturn(node, filing, lookup, asked, lookup.selected.get(node.id)?.id)) !== null;
}

function resultsOf({ selected }: PlanLookup, planned: ReadonlyMap<NodeId, Planned>) {
  return (id: NodeId) => planned.get(id)?.result ?? selected.get(id);
}

/** A node upstream whose outputs may differ once the plan has run. */
function upstreamThatRuns(graph: Graph, node: GraphNode, planned: ReadonlyMap<NodeId, Planned>): NodeId | undefined {
  const edges = indexOf(graph).into.get(node.id) ?? [];
  return edges.map((edge) => edge.from.node).find((id) => planned.get(id)?.result === null);
}

function scopeOf(graph: Graph, request: RunRequest, lookup: PlanLookup): Scope {
  const targets = new Set(request.targets);
  switch (request.scope) {
    case "all": {
      const nodes = neededNodes(graph);
      return { targets: nodes, nodes, asked: nodes };
    }
    case "to": {
      const nodes = closure(graph, targets, "upstream");
      return { targets, nodes, asked: nodes };
    }
    case "only":
      return { targets, nodes: targets, asked: targets };
    case "step":
      return { targets, nodes: withMissing(graph, targets, lookup), asked: targets };
    case "downstream": {
      const asked = closure(graph, targets, "downstream");
      return { targets, nodes: closure(graph, asked, "upstream"), asked };
    }
    case "stale": {
      const freshness = freshnessOf(graph, lookup.values, lookup.selected);
      const stale = new Set([...neededNodes(graph)].filter((id) => freshness[id]?.kind === "stale"));
      return { targets: stale, nodes: closure(graph, stale, "upstream"), asked: stale };
    }
  }
}

/** The nodes, and whatever they need for which there is no value as things are. */
function withMissing(graph: Graph, targets: ReadonlySet<NodeId>, lookup: PlanLookup): ReadonlySet<NodeId> {
  const found = new Set(targets);
  // A set that grows while it is walked yields what is added, too.
  for (const id of found) {
    const node = indexOf(graph).nodes.get(id);
    if (!node) continue;
    const { missing } = resolveInputs(graph, node, lookup.values, (other) => lookup.selected.get(other));
    for (const { from } of missing) found.add(from.node);
  }
  return found;
}

function isInput(graph: Graph, id: NodeId): boolean {
  return indexOf(graph).nodes.get(id)?.kind === "input";
}

function isPinned(graph: Graph, id: NodeId): boolean {
  return indexOf(graph).nodes.get(id)?.pinned === true;
}

function standsIn(targets: readonly NodeId[]): Failure {
  const names = targets.map((id) => `\`${id}\``).join(", ");
  const one = targets.length === 1;
  return {
    reason: "pinned",
    message: `${names} ${one ? "is" : "are"} pinned: what is pinned stands in for running ${one ? "it" : "them"}.`,
    hint: `Unpin ${one ? "it" : "them"} to run ${one ? "it" : "them"}.`,
  };
}

/** Scope `only` takes what is upstream as it is, so it has to be there. */
function missingUpstream(
  graph: Graph,
  nodes: readonly GraphNode[],
  scope: Scope,
  lookup: PlanLookup,
): Failure | undefined {
  for (const node of nodes) {
    const { missing } = resolveInputs(graph, node, lookup.values, (id) => lookup.selected.get(id));
    const edge = missing.find(({ from }) => !scope.nodes.has(from.node));
    if (!edge) continue;
    const result = lookup.selected.get(edge.from.node);
    const why = result
      ? isRejection(result)
        ? "was rejected"
        : `has no output \`${edge.from.port}\` yet`
      : "has no result yet";
    return {
      reason: "missing-upstream",
      message: `\`${node.id}\` can't run alone, because \`${edge.from.node}\`, which feeds its input \`${edge.to.port}\`, ${why}.`,
      hint: `Run to \`${node.id}\` instead, which runs \`${edge.from.node}\` first.`,
    };
  }
  return undefined;
}

function unknownTarget(graph: Graph, id: string): Failure {
  const ids = graph.nodes.map((node) => node.id);
  const near = ids.length > 0 ? closest(id, ids) : null;
  const hint = near === null ? "The graph has no nodes." : `Did you mean \`${near}\`?`;
  return { reason: "not-found", message: `There is no node \`${id}\` in “${graph.name}”.`, hint };
}

function cyclic(cycle: readonly NodeId[]): Failure {
  const path = [...cycle, cycle[0]].map((id) => `\`${id ?? ""}\``).join(" → ");
  return {
    reason: "unsupported",
    message: `These nodes wait for each other and can never run: ${path}.`,
    hint: "Take one of the edges out.",
  };
}
