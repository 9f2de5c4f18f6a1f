import { failedNodes } from "../../src/model/nodeState.js";
import type { Plan } from "../../src/model/plan.js";
import { planSummary } from "../../src/model/planSummary.js";
import type { WorkflowState } from "../../src/model/workflowState.js";
import { duration } from "../../src/model/duration.js";
import { count } from "../../src/model/quantities.js";

/** What the run under way has done, or what the last one did, in a few words. */
export function runSummary(state: WorkflowState): string {
  const { run, queue, lastRun } = state;
  if (run) {
    const queued = queue.length > 0 ? [`${count(queue.length, "run")} queued`] : [];
    return [`Running · ${run.done} of ${run.total}`, ...queued].join(" · ");
  }
  if (!lastRun) return "";
  const { status, executed, reused, savedMs } = lastRun;
  const saved = reused > 0 ? [`${reused} reused`, ...(savedMs >= 100 ? [`saved ${duration(savedMs)}`] : [])] : [];
  if (status === "cancelled") return ["Stopped", ...saved].join(" · ");
  if (status === "failed") {
    const failures = failedNodes(state).length;
    return [failures > 0 ? `${failures} failed` : "Failed", ...saved].join(" · ");
  }
  if (executed === 0 && reused > 0) {
    return `Nothing to run: ${reused === 1 ? "the result is" : `all ${reused} results are`} fresh`;
  }
  return [`${count(executed, "node")} run`, ...saved].join(" · ");
}

/** What a run would do, and about how long it would take where that is known of all that surely runs. */
export function planWords(plan: Plan): string {
  const times = plan.steps.filter(({ action }) => action === "run").map(({ expectedMs }) => expectedMs);
  const known = times.every((time) => time !== undefined);
  const sum = times.reduce<number>((total, time) => total + (time ?? 0), 0);
  return `Plan: ${planSummary(plan)}${known && sum >= 100 ? ` · about ${duration(sum)}` : ""}`;
}
