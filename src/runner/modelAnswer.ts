import { TASK_ANSWERS, takenParts, type TaskAnswer } from "../model/taskAnswer.js";

/** All that a model has answered, as the protocol has it, but for files, which are paths. */
export interface ModelAnswer {
  readonly kind: "model";
  /** A key of {@link TASK_ANSWERS}. */
  readonly task: string;
  readonly answer: unknown;
}

/**
 * A value for each output. Of a list of answers an output takes a list of that part of each; of a task that gives one answer, though in
 * a list of one, the part alone. What the answer lacks is `null`.
 */
export function takenFrom({ task, answer }: ModelAnswer, outputs: readonly string[]): ReadonlyMap<string, unknown> {
  const made = answerOf(task);
  return new Map(
    takenParts(made, outputs).map(([output, taken]) => {
      if (taken === null) return [output, null];
      return [output, taken.kind === "main" ? mainPart(answer, made) : partOf(answer, taken.part, made, null)];
    }),
  );
}

/** What a node's `postprocess` is given: a chat's text, unless the model calls tools; otherwise the whole answer. */
export function forPostprocess({ task, answer }: ModelAnswer): unknown {
  const made = answerOf(task);
  if (task === "chat" && isObject(answer)) {
    const { tool_calls: calls } = answer;
    return Array.isArray(calls) && calls.length > 0 ? answer : mainPart(answer, made);
  }
  return made.main !== undefined && made.listed !== true ? lone(answer) : answer;
}

function answerOf(task: string): TaskAnswer {
  return TASK_ANSWERS[task] ?? { parts: [] };
}

function mainPart(answer: unknown, made: TaskAnswer): unknown {
  return made.main === undefined ? answer : partOf(answer, made.main, made, undefined);
}

/** @param absent what stands for a part that isn't there; `undefined`: all that there is instead. */
function partOf(answer: unknown, part: string, { main }: TaskAnswer, absent: null | undefined): unknown {
  const inOne = (one: unknown) =>
    isObject(one) && Object.hasOwn(one, part) ? (one[part] ?? null) : absent === undefined ? one : absent;
  const answers = main === undefined ? answer : lone(answer);
  return Array.isArray(answers) ? answers.map(inOne) : inOne(answers);
}

function lone(answer: unknown): unknown {
  return Array.isArray(answer) && answer.length === 1 ? (answer[0] as unknown) : answer;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
