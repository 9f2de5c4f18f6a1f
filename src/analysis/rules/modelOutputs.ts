import { TASK_ANSWERS, takenParts } from "../../model/taskAnswer.js";
import { snakeCase } from "../../model/taskInputs.js";
import { message } from "../diagnostics.js";
import type { Finding } from "../finding.js";
import type { Modules } from "../modules.js";
import { nearest, renameFix } from "../suggestion.js";
import type { WorkflowNode } from "../workflow.js";
import { taskOf } from "./modelInputs.js";
import type { Rule } from "./rule.js";

/** A model's answer has something for each of the outputs; as far as the task is known. */
export const modelOutputs: Rule = ({ nodes, modules }) => nodes.flatMap((node) => check(node, modules));

function check(node: WorkflowNode, modules: Modules): Finding[] {
  const { target, untold, inputs, outputs, code } = node.reading;
  // What `postprocess` makes of the answer is what the outputs take.
  if (target.kind !== "inference" || untold || outputs.open || code.postprocess !== undefined) return [];
  const hasMessages = inputs.ports.some(({ name }) => name === "messages");
  const asked = taskOf(target, hasMessages, modules);
  const answer = TASK_ANSWERS[asked?.task ?? ""];
  if (!asked || !answer) return [];
  const taken = takenParts(
    answer,
    outputs.ports.map(({ name }) => name),
  );
  const [main = ""] = taken.find(([, part]) => part?.kind === "main") ?? [];
  const named = new Set(taken.flatMap(([, part]) => (part?.kind === "named" ? [part.part] : [])));
  const free = answer.parts.filter((part) => part !== answer.main && !named.has(part));
  const lost = new Set(taken.flatMap(([output, part]) => (part === null ? [output] : [])));
  return outputs.ports
    .filter(({ name }) => lost.has(name))
    .map(({ name, nameAt }) => {
      const meant = nearest(snakeCase(name), free);
      const fixes = meant === null ? undefined : [renameFix(meant, nameAt)];
      return {
        ...message("unknown-output", asked.task, `${node.called}.${name}`, `${node.called}.${main}`, free, meant),
        // What the Hub said may be old by now: no reason not to run.
        ...(asked.saidByHub && { severity: "warning" as const }),
        at: nameAt,
        ...(fixes && { fixes }),
      };
    });
}
