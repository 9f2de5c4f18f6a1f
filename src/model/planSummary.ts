import type { Plan, PlannedAction } from "./plan.js";

const WORDS: Readonly<Record<PlannedAction, readonly [one: string, several: string]>> = {
  run: ["runs", "run"],
  "run-if-changed": ["may run", "may run"],
  reuse: ["reused", "reused"],
};

/** A plan in a few words: "2 run, 1 may run, 3 reused". */
export function planSummary({ steps }: Pick<Plan, "steps">): string {
  const counts = (["run", "run-if-changed", "reuse"] as const).flatMap((action) => {
    const count = steps.filter((step) => step.action === action).length;
    return count === 0 ? [] : [`${count} ${WORDS[action][count === 1 ? 0 : 1]}`];
  });
  return counts.length === 0 ? "Nothing to run." : counts.join(", ");
}
