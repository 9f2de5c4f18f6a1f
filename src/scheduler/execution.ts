import type { Failure } from "../model/failure.js";
import type { GraphNode } from "../model/graph.js";
import type { Clock } from "./clock.js";
import type { ExecutionEnd, ExecutionSinks, ExecutionTask, PreparedProgram } from "./executorBackend.js";
import { backoff, isTransient } from "./retry.js";

export type AttemptsEnd = Exclude<ExecutionEnd, { readonly status: "lost" }>;

/** A process that is lost to another node's fault again and again is a fault of its own. */
const LOST_LIMIT = 3;
/** Why a signal was aborted, where it was not for a person's wish. */
const TIME_UP = Symbol("time up");

/**
 * Executes a node once for good: within its time limit, again after transient faults as often as its `retries` allow, and
 * again when its process was lost through no fault of its own.
 *
 * @param unhurried no time limits: somebody is debugging.
 */
export async function execute(
  program: PreparedProgram,
  node: GraphNode,
  task: ExecutionTask,
  sinks: ExecutionSinks,
  signal: AbortSignal,
  clock: Clock,
  unhurried: boolean,
): Promise<AttemptsEnd> {
  const { retries = 0, timeout } = node.limits;
  const limitMs = timeout !== undefined && !unhurried ? timeout * 1000 : null;
  let failures = 0;
  let losses = 0;
  for (;;) {
    const end = await attempt(program, task, sinks, signal, clock, limitMs);
    if (signal.aborted && end.status !== "succeeded") return { status: "cancelled" };
    if (end.status === "lost") {
      if (++losses < LOST_LIMIT) continue;
      return { status: "failed", failure: lostFailure(node), drawn: {} };
    }
    if (end.status !== "failed" || !isTransient(end.failure.reason) || failures >= retries) return end;
    const pause = backoff(++failures, clock.random());
    const text = `Attempt ${failures} failed: ${end.failure.message} Trying again in ${(pause / 1000).toFixed(1)} s.`;
    sinks.log([{ level: "warn", text, at: clock.now() }]);
    await clock.wait(pause, signal);
    if (signal.aborted) return { status: "cancelled" };
  }
}

async function attempt(
  program: PreparedProgram,
  task: ExecutionTask,
  sinks: ExecutionSinks,
  signal: AbortSignal,
  clock: Clock,
  limitMs: number | null,
): Promise<ExecutionEnd> {
  if (limitMs === null) return program.execute(task, sinks, signal);
  const timeUp = new AbortController();
  const over = new AbortController();
  const cancel = () => timeUp.abort();
  signal.addEventListener("abort", cancel);
  void clock.wait(limitMs, over.signal).then(() => {
    if (over.signal.aborted) return;
    timeUp.abort(TIME_UP);
  });
  try {
    const end = await program.execute(task, sinks, timeUp.signal);
    return timeUp.signal.reason === TIME_UP && end.status === "cancelled"
      ? { status: "failed", failure: tooLong(task, limitMs), drawn: {} }
      : end;
  } finally {
    over.abort();
    signal.removeEventListener("abort", cancel);
  }
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
