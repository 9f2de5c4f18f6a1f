import type { Failure } from "../model/failure.js";
import type { GraphNode, NodeId } from "../model/graph.js";
import type { Clock } from "./clock.js";
import type { ExecutionEnd, ExecutionEvents, ExecutionTask, Place, PreparedProgram } from "./executorBackend.js";
import { runsInTurn } from "./lanes.js";
import { backoff, isTransient } from "./retry.js";

export type AttemptsEnd = Exclude<ExecutionEnd, { readonly status: "lost" }>;

/** So often may it be that a process is gone before it has begun with what it was given. */
const LOST_LIMIT = 3;
/** Why a signal was aborted, where it was not for a person's wish. */
const TIME_UP = Symbol("time up");

/**
 * Executes a node once for good: each attempt within its time limit, and again after transient faults, when time was up, when a function threw,
 * or when it was cut off because another node would not stop, as often as its `retries` allow: what has begun may have cost something.
 *
 * @param unhurried no time limits: somebody is debugging.
 */
export async function execute(
  program: PreparedProgram,
  node: GraphNode,
  { inputs, returned }: Pick<ExecutionTask, "inputs" | "returned">,
  events: ExecutionEvents,
  signal: AbortSignal,
  clock: Clock,
  unhurried: boolean,
): Promise<AttemptsEnd> {
  const first: ExecutionTask = { node: node.id, inputs, ...(returned && { returned }), place: placeOf(node) };
  let task = first;
  // Another attempt goes on from there: what has been answered is not asked, and paid for, again.
  const keeping: ExecutionEvents = {
    ...events,
    returned: (answer) => {
      task = { ...first, returned: answer.value };
      events.returned(answer);
    },
  };
  const { retries = 0, timeout } = node.limits;
  const limitMs = timeout !== undefined && !unhurried ? timeout * 1000 : null;
  let failures = 0;
  let losses = 0;
  for (;;) {
    const end = await attempt(program, task, keeping, signal, clock, limitMs);
    if (signal.aborted && end.status !== "succeeded") return { status: "cancelled" };
    if (end.status === "lost" && end.by === undefined && ++losses < LOST_LIMIT) continue;
    const ended = end.status === "lost" ? cutOff(node, end.by) : end;
    const again = end.status === "lost" || (end.status === "failed" && isTransient(end.failure.reason, node.kind));
    if (ended.status !== "failed" || !again || failures >= retries) return ended;
    const pause = backoff(++failures, clock.random());
    const text = `Attempt ${failures} failed: ${ended.failure.message} Trying again in ${(pause / 1000).toFixed(1)} s.`;
    events.log([{ level: "warn", text, at: clock.now() }]);
    await clock.wait(pause, signal);
    if (signal.aborted) return { status: "cancelled" };
  }
}

async function attempt(
  program: PreparedProgram,
  task: ExecutionTask,
  events: ExecutionEvents,
  signal: AbortSignal,
  clock: Clock,
  limitMs: number | null,
): Promise<ExecutionEnd> {
  if (limitMs === null) return program.execute(task, events, signal);
  const timeUp = new AbortController();
  const over = new AbortController();
  const cancel = () => timeUp.abort();
  signal.addEventListener("abort", cancel);
  // The time that it has waited for a process is none of its own.
  const begin = () => {
    events.begin();
    void clock.wait(limitMs, over.signal).then(() => {
      if (!over.signal.aborted) timeUp.abort(TIME_UP);
    });
  };
  try {
    const end = await program.execute(task, { ...events, begin }, timeUp.signal);
    return timeUp.signal.reason === TIME_UP && end.status === "cancelled"
      ? { status: "failed", failure: tooLong(task, limitMs), drawn: {} }
      : end;
  } finally {
    over.abort();
    signal.removeEventListener("abort", cancel);
  }
}

function placeOf(node: GraphNode): Place {
  if (node.kind !== "fn") return "calls";
  return runsInTurn(node) ? "home" : "any";
}

function tooLong({ node }: ExecutionTask, limitMs: number): Failure {
  return {
    reason: "timeout",
    message: `\`${node}\` took longer than its limit of ${limitMs / 1000} s and was stopped.`,
    hint: "Raise its `timeout` if it needs more time.",
  };
}

function cutOff({ id }: GraphNode, by: NodeId | undefined): Extract<AttemptsEnd, { readonly status: "failed" }> {
  const why = by === undefined ? "other nodes did not stop" : `\`${by}\`, which ran in it too, did not stop`;
  const failure: Failure = {
    reason: "process-exited",
    message: `The process that ran \`${id}\` had to be ended, because ${why}.`,
    hint: "It is not begun again by itself, for what it does may cost: run it again, or give it `retries`.",
  };
  return { status: "failed", failure, drawn: {} };
}
