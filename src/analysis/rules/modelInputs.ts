import {
  calledTask,
  CHAT_INPUTS,
  inputNamed,
  namesOf,
  snakeCase,
  TASK_INPUTS,
  type TaskInputs,
  toldName,
} from "../../model/taskInputs.js";
import type { Finding } from "../finding.js";
import type { Modules } from "../modules.js";
import type { InputReading } from "../readers/reader.js";
import type { WorkflowNode } from "../workflow.js";
import { lacking, surplus } from "./functionInputs.js";
import type { Rule } from "./rule.js";

/** A model is given what its task takes, and all that it requires; as far as the task is known. */
export const modelInputs: Rule = ({ nodes, modules }) => nodes.flatMap((node) => check(node, modules));

function check(node: WorkflowNode, modules: Modules): Finding[] {
  const { target, untold, inputs, code } = node.reading;
  // What `preprocess` makes of the inputs is what the model gets.
  if (target.kind !== "inference" || untold || code.preprocess !== undefined) return [];
  const hasMessages = inputs.ports.some(({ name }) => name === "messages");
  const asked = taskOf(target, hasMessages, modules);
  const takes = asked?.task === "chat" ? CHAT_INPUTS : TASK_INPUTS[asked?.task ?? ""];
  if (!asked || !takes) return [];
  const called = `the task \`${asked.task}\``;
  const given = new Map(inputs.ports.map((port) => [port, inputNamed(port.name, takes)]));
  const fields = new Set([...given.values()].flatMap((each) => (each?.kind === "field" ? [each.name] : [])));
  const missing = Object.entries(takes.fields).flatMap(([name, { optional }]) =>
    optional === true || fields.has(name) ? [] : [toldName(name, takes)],
  );
  const findings = [
    ...inputs.ports
      .filter((port) => given.get(port) === null)
      .map((port) => surplus(port, called.replace(/^t/, "T"), namesFor(port, missing, takes))),
    ...missing.map((name) => lacking(node, called, name, modules)),
  ];
  // What the Hub said may be old by now: no reason not to run.
  return asked.saidByHub ? findings.map((finding) => ({ ...finding, severity: "warning" as const })) : findings;
}

type Target = Extract<WorkflowNode["reading"]["target"], { readonly kind: "inference" }>;

/** What a model is asked for; `null`: it isn't known, or can't be asked for. */
export function taskOf(
  { model, provider, task: written }: Target,
  hasMessages: boolean,
  modules: Modules,
): { readonly task: string; readonly saidByHub: boolean } | null {
  // Only of text generation it matters, too, how the model is served: as a conversation, or not.
  const info = written === null || written === "text-generation" ? (modules.model(model) ?? null) : null;
  const named = written ?? info?.task ?? null;
  if (named === null || (named === "text-generation" && !info && !hasMessages)) return null;
  const task = calledTask(named, info, provider, hasMessages);
  return task === null ? null : { task, saidByHub: info !== null };
}

/** What could have been meant, in the way in which the input is written. */
function namesFor({ name }: InputReading, missing: readonly string[], takes: TaskInputs): string[] {
  const names = [...missing, ...namesOf(takes)];
  return snakeCase(name) === name ? names : names.map(camelCase);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
