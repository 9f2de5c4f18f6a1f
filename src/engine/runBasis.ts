import { randomUUID } from "node:crypto";
import type { Failure } from "../model/failure.js";
import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import { success, type Result } from "../model/outcome.js";
import type { Plan, RunRequest } from "../model/plan.js";
import type { RunEvent } from "../model/runEvent.js";
import type { StoredValue } from "../model/value.js";
import { chosenGraph, chosenRequest } from "../model/chosenGraph.js";
import { systemClock } from "../scheduler/clock.js";
import type { ExecutorBackend, Program } from "../scheduler/executorBackend.js";
import type { Lanes } from "../scheduler/lanes.js";
import { makePlan, type PlanLookup } from "../scheduler/planner.js";
import { Run } from "../scheduler/run.js";
import type { RunLease } from "../store/workflowStore.js";
import type { EngineEnvironment } from "./environment.js";
import { finishedOutputs } from "./finishedOutputs.js";
import { asNamedNow, type NamesSince } from "./namesSince.js";
import type { OpenSheet } from "./openSheet.js";

/** What a plan is made from. */
export interface RunBasis {
  readonly graph: Graph;
  readonly program: Program;
  readonly sheet: OpenSheet;
  /** What the controls hold for this run. */
  readonly values: Readonly<Record<string, StoredValue>>;
  /** Why a control has no value, where it should have one by default. */
  readonly problems: Readonly<Record<string, Failure>>;
}

export interface RunServices {
  readonly environment: EngineEnvironment;
  readonly backend: ExecutorBackend;
  /** As in {@link RunContext}. */
  readonly lanes: Lanes;
  /** As in {@link RunContext}. */
  readonly lease: RunLease;
  /** As in {@link RunContext}. */
  readonly nodeNow: (node: NodeId) => GraphNode | undefined;
  readonly names: NamesSince;
  readonly emit: (event: RunEvent) => void;
  /** A node has been given a result, and the sheet has taken that in. */
  readonly recorded: (node: NodeId) => void;
}

/** What a run would do. */
export function planRun(
  { graph, sheet, values }: Pick<RunBasis, "graph" | "sheet" | "values">,
  asked: RunRequest,
): Promise<Result<Plan>> {
  const chosen = chosenGraph(graph, values);
  const { store, selected } = sheet;
  const findFresh: PlanLookup["findFresh"] = (fingerprint, preferred) => store.findFresh(fingerprint, preferred);
  return makePlan(chosen, chosenRequest(chosen, asked), { values, selected, findFresh });
}

/** A run that is ready to go. */
export async function beginRun(
  basis: RunBasis,
  asked: RunRequest,
  { environment, backend, lanes, lease, nodeNow, names, emit, recorded }: RunServices,
): Promise<Result<Run>> {
  const { program, sheet, values, problems } = basis;
  // Whatever nodes come to be called meanwhile.
  const { store, selected, counts } = sheet;
  const plan = await planRun(basis, asked);
  if (!plan.ok) return plan;
  const graph = chosenGraph(basis.graph, values);
  const request = chosenRequest(graph, asked);
  await sheet.refreshCounts();
  const run = new Run({
    runId: randomUUID(),
    request,
    plan: plan.value,
    graph,
    sheet: sheet.state.id,
    values,
    problems,
    data: program.data,
    nodeNow: (node) => nodeNow(names.now(node)),
    selected,
    counts,
    store,
    lease,
    prepare: (signal) => backend.prepare(program, signal),
    lanes,
    emit: (event) => emit(asNamedNow(event, names)),
    ended: (then, count, result, failed, items) => {
      const node = names.now(then);
      sheet.record(node, count, result, failed, items);
      if (result) recorded(node);
    },
    ...(environment.outputs && {
      outputs: (results) => finishedOutputs(graph, request, results, plan.value.pinned ?? [], values, store),
    }),
    clock: systemClock,
    versions: { daggr: environment.version, node: process.versions.node },
  });
  return success(run);
}
