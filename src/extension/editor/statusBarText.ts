import type { WorkflowState } from "../../model/workflowState.js";
import { nodeName, nodeStateOf } from "../../model/nodeState.js";
import { isAsking, runningNodes } from "./status.js";

/**
 * `$(sync~spin) 3/7 Paint`, `$(sync~spin) 3/7 Paint +2`, by what people call the nodes; the counts of several runs together. Empty
 * when nothing runs.
 */
export function runningText(states: readonly WorkflowState[]): string {
  const runs = states.flatMap(({ run }) => run ?? []);
  if (runs.length === 0) return "";
  const done = runs.reduce((sum, run) => sum + run.done, 0);
  const total = runs.reduce((sum, run) => sum + run.total, 0);
  const asking = states.flatMap((state) =>
    runningNodes(state).flatMap((id) => (isAsking(nodeStateOf(state, id).activity) ? [nodeName(state, id)] : [])),
  );
  const queued = states.reduce((sum, { queue }) => sum + queue.length, 0);
  const rest = queued > 0 ? ` · ${queued} queued` : "";
  if (asking.length > 0) return `$(comment-unresolved) ${done}/${total} ${asking[0] ?? ""} waits for you${rest}`;
  const [node, ...others] = states.flatMap((state) => runningNodes(state).map((id) => nodeName(state, id)));
  const names = node === undefined ? [] : [node, ...(others.length > 0 ? [`+${others.length}`] : [])];
  return ["$(sync~spin)", `${done}/${total}`, ...names].join(" ") + rest;
}
