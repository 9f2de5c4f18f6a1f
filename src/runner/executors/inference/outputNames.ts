import { closest, distance } from "fastest-levenshtein";
import { failed, type Result, success } from "../../../model/outcome.js";
import { TASK_ANSWERS, takenParts } from "../../../model/taskAnswer.js";
import { snakeCase } from "../../../model/taskInputs.js";
import type { RuntimeNode } from "../../../sdk/runtime.js";

/** Whether the answer has something for every output: that is better known before a call than after it. */
export function checkOutputs(
  task: string,
  { outputs, postprocess }: Pick<RuntimeNode, "outputs" | "postprocess">,
  node: string,
): Result<void> {
  const made = TASK_ANSWERS[task];
  if (postprocess || !made) return success(undefined);
  const taken = takenParts(
    made,
    outputs.map(({ name }) => name),
  );
  const [lost] = taken.find(([, part]) => part === null) ?? [];
  if (lost === undefined) return success(undefined);
  const [main] = taken.find(([, part]) => part?.kind === "main") ?? [];
  const named = new Set(taken.flatMap(([, part]) => (part?.kind === "named" ? [part.part] : [])));
  const free = made.parts.filter((part) => part !== made.main && !named.has(part));
  const near = free.length > 0 ? closest(snakeCase(lost), free) : undefined;
  const hint =
    near !== undefined && distance(snakeCase(lost), near) <= Math.max(2, near.length / 3)
      ? `Did you mean \`${near}\`?`
      : free.length > 0
        ? `Call it one of ${free.join(", ")}, or make it in \`postprocess\`.`
        : `Leave it out, or make it in \`postprocess\`.`;
  return failed({
    reason: "invalid-output",
    message: `The task ${task} gives nothing that \`${node}.${lost}\` could take: \`${node}.${main ?? ""}\` takes the answer.`,
    hint,
  });
}
