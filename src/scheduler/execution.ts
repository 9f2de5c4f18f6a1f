import type { Failure } from "../model/failure.js";
import type { GraphNode } from "../model/graph.js";
import type { Clock } from "./clock.js";
import type { ExecutionEnd, ExecutionEvents, ExecutionTask, Place, PreparedProgram } from "./executorBackend.js";
import { runsInTurn } from "./lanes.js";
import { backoff, isTransient } from "./retry.js";

export type AttemptsEnd = Exclude<ExecutionEnd, { readonly status: "lost" }>;

/** A process that is lost to another node's fault again and again is a fault of its own. */
const LOST_LIMIT = 3;
/** Why a signal was aborted, where it was not for a person's wish. */
const TIME_UP = Symbol("time up");

/**
 * Executes a node once for good: within its time limit, again after transient faults, or when a function threw, as often as its `retries` allow, and
 * again when its process was lost through no fault of its own.
 *
 * @param unhurried no time limits: somebody is debugging.
 */
export async function execute(
  program: PreparedProgram,
  node: GraphNode,
  inputs: ExecutionTask["inputs"],
  events: ExecutionEvents,
  signal: AbortSignal,
  clock: Clock,
  unhurried: boolean,
): Promise<AttemptsEnd> {
  const task: ExecutionTask = { node: node.id, inputs, place: placeOf(node) };
  const { retries = 0, timeout } = node.limits;
  const limitMs = timeout !== undefined && !unhurried ? timeout * 1000 : null;
  let failures = 0;
  let losses = 0;
  for (;;) {
    const end = await attempt(program, task, events, signal, clock, limitMs);
    if (signal.aborted && end.status !== "succeeded") return { status: "cancelled" };
    if (end.status === "lost") {
      if (++losses < LOST_LIMIT) continue;
      return { status: "failed", failure: lostFailure(node), drawn: {} };
    }
    if (end.status !== "failed" || !isTransient(end.failure.reason, node.kind) || failures >= retries) return end;
    const pause = backoff(++failures, clock.random());
    const text = `Attempt ${failures} failed: ${end.failure.message} Trying again in ${(pause / 1000).toFixed(1)} s.`;
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

function lostFailure({ id }: GraphNode): Failure {
  return {
    reason: "process-exited",
    message: `The process that ran \`${id}\` had to be ended several times because other nodes did not stop.`,
    hint: "Run it again.",
  };
}
