import type { GraphNode } from "../model/graph.js";
import type { RunRequest } from "../model/plan.js";
import { chosenRequest } from "../model/chosenGraph.js";
import { indexOf } from "./graphIndex.js";
import { closure } from "./plannerOrder.js";
import { doesSameWork, type WorkBasis } from "./sameWork.js";
import { hasEnded, type Course, type Task, type Tasks } from "./tasks.js";

/**
 * Whether all that is asked for is still to come of a run, so that whoever asks may as well wait for its end.
 *
 * @param run - what the run was asked for, and works from.
 * @param now - what the request would be run on.
 */
export function covers(
  run: WorkBasis & { readonly request: RunRequest },
  tasks: Tasks,
  asked: RunRequest,
  now: WorkBasis,
): boolean {
  const request = chosenRequest(now.graph, asked);
  const own = run.request;
  if (request.debug === true || request.inputs || own.inputs || request.answers) return false;
  if (!request.targets.every((id) => mayCome(tasks.get(id))) || !doesSameWork(run, now, request)) return false;
  if (isSameRequest(own, request)) return !tasks.all().some(({ course }) => isTrouble(course));
  // One of them is about some items, and the other about others, or all.
  if (request.items || own.items) return false;
  const takesResultsAsTheyAre = ({ scope }: RunRequest) => scope === "only" || scope === "step";
  if (!takesResultsAsTheyAre(request) && (request.scope !== "to" || takesResultsAsTheyAre(own))) return false;
  const { nodes } = indexOf(now.graph);
  const forced = request.targets.filter((id) => request.reuse !== "fresh" || drawsAnew(nodes.get(id)));
  const forcedAll = request.reuse === "never" ? closure(now.graph, forced, "upstream") : forced;
  return [...forcedAll].every((id) => nodes.get(id)?.kind === "input" || isSureToCome(tasks.get(id)));
}

/** Whether two requests ask for the same thing. */
export function isSameRequest(a: RunRequest, b: RunRequest): boolean {
  return (
    a.scope === b.scope &&
    a.reuse === b.reuse &&
    a.targets.length === b.targets.length &&
    a.targets.every((target) => b.targets.includes(target)) &&
    isSameItems(a.items, b.items)
  );
}

function isSameItems(a: RunRequest["items"], b: RunRequest["items"]): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((item) => b.includes(item));
}

/** Being executed, or yet to be, whatever comes of what is upstream. */
function isSureToCome(task: Task | undefined): boolean {
  return task !== undefined && !hasEnded(task) && (task.executing || task.step.action === "run");
}

function mayCome(task: Task | undefined): boolean {
  return isSureToCome(task) || (task !== undefined && !hasEnded(task) && task.step.action === "run-if-changed");
}

/** Asked for again, it is to be tried again. */
function isTrouble(course: Course): boolean {
  return course === "failed" || course === "cancelled" || course === "blocked";
}

function drawsAnew(node: GraphNode | undefined): boolean {
  return node?.inputs.some(({ source }) => source.kind === "callable") ?? false;
}
