import type { NodeId } from "../model/graph.js";
import type { RunRequest } from "../model/plan.js";
import { isSameAnswer } from "../model/question.js";
import type { ResultRecord } from "../model/result.js";

/**
 * Whether a result that is otherwise fresh is not what a request is about, for people will answer something else. Of a node
 * that runs once an item only the items' own results tell; its own is taken not to be.
 */
export function answeredOtherwise(
  { answers = {} }: Pick<RunRequest, "answers">,
  node: NodeId,
  { answer }: Pick<ResultRecord, "answer">,
): boolean {
  const given = Object.hasOwn(answers, node) ? answers[node] : undefined;
  return given !== undefined && (answer === undefined || !isSameAnswer(given, answer));
}
