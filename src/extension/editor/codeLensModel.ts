import { staleNodes } from "../../model/chosenGraph.js";
import { elapsed } from "../../model/duration.js";
import type { GraphNode } from "../../model/graph.js";
import type { SourceRange } from "../../model/source.js";
import { standstillOf } from "../../model/standstill.js";
import type { WorkflowState } from "../../model/workflowState.js";
import { COMMANDS, type CommandId, type CommandTarget, MANAGE_TRUST } from "../commands/ids.js";
import { isRunnable, nodeStatus, summaryText } from "./status.js";

/** One lens over a line of code. */
export interface Lens {
  /** A node's declaration, or the graph's expression. */
  readonly anchor: SourceRange;
  readonly title: string;
  readonly tooltip?: string;
  /** Absent: the lens only tells. */
  readonly command?: CommandId | typeof MANAGE_TRUST;
  readonly target: CommandTarget;
}

/**
 * The lenses over a workflow's nodes and its graph.
 *
 * @param now ms since the epoch
 */
export function codeLenses(state: WorkflowState, now: number): Lens[] {
  const { graph, file } = state;
  if (graph === null) return [];
  // Nodes of imported modules have their lenses in no file: which of the workflows that share them would run?
  const nodes = graph.nodes.filter(({ range }) => range?.file === file);
  return [...nodes.flatMap((node) => nodeLenses(state, node, now)), ...graphLenses(state, now)];
}

function nodeLenses(state: WorkflowState, node: GraphNode, now: number): Lens[] {
  if (node.range === undefined) return [];
  const base = { anchor: node.range, target: { file: state.file, node: node.id } };
  const status = nodeStatus(state, node.id, now);
  const lenses: Lens[] = [];
  if (status.kind === "running" || status.kind === "waiting")
    lenses.push({ ...base, title: "■ Stop", command: COMMANDS.stop, tooltip: `Stop ${node.id}` });
  else if (status.kind === "pinned")
    lenses.push({ ...base, title: "Unpin", command: COMMANDS.unpinOutputs, tooltip: `Let ${node.id} run again` });
  else if (standstillOf(state) === null) lenses.push(...runLenses(base, node));
  if (status.text === "") return lenses;
  const tells = { ...base, title: status.text, ...(status.detail && { tooltip: status.detail }) };
  const explains = status.kind === "failed" || status.kind === "blocked" || status.kind === "cancelled";
  return [...lenses, { ...tells, command: explains ? COMMANDS.showLog : COMMANDS.openGraph }];
}

function runLenses(base: Pick<Lens, "anchor" | "target">, { id, ...node }: GraphNode): Lens[] {
  if (!isRunnable({ id, ...node })) {
    const tooltip = `Bring everything that depends on ${id} up to date`;
    return [{ ...base, title: "▷ Run downstream", command: COMMANDS.runDownstream, tooltip }];
  }
  return [
    {
      ...base,
      title: "▷ Run node",
      command: COMMANDS.runNode,
      tooltip: `Bring ${id} up to date, with the results that are shown upstream; those that are missing are made first`,
    },
    {
      ...base,
      title: "Run to here",
      command: COMMANDS.runToHere,
      tooltip: `Bring ${id} and everything that it needs up to date`,
    },
  ];
}

function graphLenses(state: WorkflowState, now: number): Lens[] {
  const anchor = state.graph?.range;
  if (anchor?.file !== state.file) return [];
  const base = { anchor, target: { file: state.file } };
  const lenses: Lens[] = [
    { ...base, title: "Open graph", command: COMMANDS.openGraph, tooltip: "Show the graph beside the code" },
  ];
  if (!state.trusted) {
    const tooltip = "The graph can be looked at; running executes the workspace's code and needs your trust.";
    return [...lenses, { ...base, title: "Trust this workspace to run", command: MANAGE_TRUST, tooltip }];
  }
  if (state.run !== null) {
    const { done, total, startedAt } = state.run;
    lenses.push({ ...base, title: "■ Stop", command: COMMANDS.stop, tooltip: "Stop the run" });
    return [...lenses, { ...base, title: `◔ ${done} of ${total} · ${elapsed(now - startedAt)}` }];
  }
  if (standstillOf(state) !== null) return lenses;
  const stale = staleNodes(state).length;
  lenses.push({ ...base, title: "▷ Run all", command: COMMANDS.runAll, tooltip: "Bring the whole graph up to date" });
  if (stale > 0) lenses.push({ ...base, title: `Run stale (${stale})`, command: COMMANDS.runStale });
  if (state.lastRun?.status === "succeeded") lenses.push({ ...base, title: `✓ ${summaryText(state.lastRun)}` });
  return lenses;
}
