/** `--answer NODE=ANSWER`: what a person would answer, for runs that nobody attends. */
import type { Graph, NodeId } from "../model/graph.js";
import { success, type Result } from "../model/outcome.js";
import type { Answer } from "../model/question.js";
import { misuse, type Refusal } from "./context.js";
import { findNamedNode } from "./givenInputs.js";

/**
 * The answers by node; where the node asks for each item, it is the answer for each.
 * @param written each as `NODE=approve`, `NODE=reject`, `NODE=reject:REASON`, or `NODE=NUMBER` for the option, from 1
 */
export function givenAnswers(graph: Graph, written: readonly string[]): Result<ReadonlyMap<NodeId, Answer>, Refusal> {
  const answers = new Map<NodeId, Answer>();
  for (const text of written) {
    const [, id, word] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (id === undefined || word === undefined) return misuse(`--answer ${text}: write it as NODE=ANSWER.`);
    const node = findNamedNode(graph, id);
    if (!node.ok) return misuse(`--answer: ${node.failure.message}`);
    const { kind } = node.value;
    if (kind !== "approve" && kind !== "choose-one") return misuse(`--answer: \`${id}\` asks nobody anything.`);
    const answer = kind === "approve" ? approval(word) : choice(word);
    if (!answer) {
      const takes = kind === "approve" ? "approve, reject or reject:REASON" : "the number of an option, from 1";
      return misuse(`--answer: \`${id}\` takes ${takes}, not ${word}.`);
    }
    if (answers.has(id)) return misuse(`--answer: \`${id}\` is answered twice.`);
    answers.set(id, answer);
  }
  return success(answers);
}

function approval(word: string): Answer | null {
  if (word === "approve") return { kind: "approve" };
  const [rejected, reason = ""] = /^reject(?::(.*))?$/s.exec(word) ?? [];
  return rejected === undefined ? null : { kind: "reject", reason: reason.trim() };
}

/** `null`: no number from 1. */
export function choice(word: string): Answer | null {
  const number = /^\d{1,9}$/.test(word.trim()) ? Number(word) : 0;
  return number >= 1 ? { kind: "choose", index: number - 1 } : null;
}
