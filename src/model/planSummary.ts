import type { Plan, PlannedAction } from "./plan.js";

const WORDS: Readonly<Record<PlannedAction, string>> = {
  run: "will run",
  "run-if-changed": "may run",
  reuse: "reused",
};

/** A plan in a few words: "2 will run (1 without a call), 1 may run, 3 reused". */
export function planSummary({ steps, pinned = [] }: Pick<Plan, "steps" | "pinned">): string {
  const counts = (["run", "run-if-changed", "reuse"] as const).flatMap((action) => {
    const count = steps.filter((step) => step.action === action).length;
    const answered = steps.filter((step) => step.action === action && step.answered).length;
    return count === 0 ? [] : [`${count} ${WORDS[action]}${answered > 0 ? ` (${answered} without a call)` : ""}`];
  });
  if (pinned.length > 0) counts.push(`${pinned.length} pinned`);
  return counts.length === 0 ? "Nothing to run." : counts.join(", ");
}
