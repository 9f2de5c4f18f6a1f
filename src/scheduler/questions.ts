import type { Failure } from "../model/failure.js";
import type { GraphNode, NodeId } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { Answer, Question } from "../model/question.js";
import type { ResultRecord } from "../model/result.js";
import type { StoredValue, Value } from "../model/value.js";
import type { BlobStore } from "../store/blobs.js";
import { loadValue, storeValue } from "../store/storedValue.js";
import { thrownFailure } from "../store/storeFailure.js";
import type { AttemptsEnd } from "./execution.js";

/** How a node's work has ended; a person's part in it is kept with the result. */
export type WorkEnd = AttemptsEnd & { readonly answer?: Answer };

/** Whether a person has said no. */
export function isRejection({ answer }: Pick<WorkEnd, "answer">): boolean {
  return answer?.kind === "reject";
}

/** Whether the person who was asked about each item said no to some, of which earlier results of the node know nothing. */
export function hasRejectedItems(node: GraphNode, last: Pick<ResultRecord, "items"> | undefined): boolean {
  return isHuman(node) && (last?.items?.failed.length ?? 0) > 0;
}

interface OpenQuestion {
  readonly question: Question;
  readonly answer: (answer: Answer) => void;
}

/** Whether a person does a node's work. */
export function isHuman({ kind }: GraphNode): boolean {
  return kind === "approve" || kind === "choose-one";
}

/** What a run waits for people to answer. */
export class Questions {
  readonly #blobs: BlobStore;
  readonly #open = new Map<string, OpenQuestion>();

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /**
   * Asks, and answers what came of it. Never rejects.
   *
   * @param item - of a node that runs once an item, its index.
   * @param told - called with the question once it is open.
   */
  async ask(
    node: GraphNode,
    item: number | null,
    inputs: Readonly<Record<string, StoredValue>>,
    signal: AbortSignal,
    told: (question: Question) => void,
  ): Promise<WorkEnd> {
    try {
      const question = await this.#questionOf(node, inputs);
      if (!question.ok) return { status: "failed", failure: question.failure, drawn: {} };
      if (signal.aborted) return { status: "cancelled" };
      const answer = await this.#answerTo(question.value, keyOf(node.id, item), signal, told);
      return answer ? await this.#end(node, question.value, answer) : { status: "cancelled" };
    } catch (error) {
      // A disk that is full, or a mistake of ours.
      return { status: "failed", failure: thrownFailure(error, `\`${node.id}\``), drawn: {} };
    }
  }

  /** `null`: stopped. */
  async #answerTo(
    question: Question,
    key: string,
    signal: AbortSignal,
    told: (question: Question) => void,
  ): Promise<Answer | null> {
    const { promise, resolve } = Promise.withResolvers<Answer | null>();
    const stop = () => resolve(null);
    signal.addEventListener("abort", stop);
    this.#open.set(key, { question, answer: resolve });
    try {
      told(question);
      return await promise;
    } finally {
      this.#open.delete(key);
      signal.removeEventListener("abort", stop);
    }
  }

  /** @returns as failures: nobody asked (`not-found`), and what answers another question (`invalid-input`). */
  answer(node: NodeId, item: number | null, answer: Answer): Result<void> {
    const open = this.#open.get(keyOf(node, item));
    if (!open) return failed(notAsked(node));
    const problem = misfit(open.question, answer);
    if (problem !== null) return failed({ reason: "invalid-input", message: `\`${node}\` ${problem}` });
    open.answer(answer);
    return success(undefined);
  }

  async #questionOf(node: GraphNode, inputs: Readonly<Record<string, StoredValue>>): Promise<Result<Question>> {
    if (node.kind === "approve") return success({ kind: "approve", inputs });
    const options = Object.hasOwn(inputs, "options") ? inputs.options : undefined;
    if (!options) return failed(nothingToChoose(node, "is given nothing to choose from"));
    const list = await loadValue(options, this.#blobs);
    if (!list.ok) return list;
    if (!Array.isArray(list.value))
      return failed(nothingToChoose(node, "is given something to choose from that is no list"));
    if (list.value.length === 0) return failed(emptyList(node));
    return success({ kind: "choose", options, count: list.value.length });
  }

  async #end({ id }: GraphNode, question: Question, answer: Answer): Promise<WorkEnd> {
    switch (answer.kind) {
      case "approve":
        return { status: "succeeded", outputs: "inputs" in question ? question.inputs : {}, ...NOTHING_ELSE, answer };
      case "choose": {
        const chosen = "options" in question ? await this.#option(question.options, answer.index) : null;
        if (!chosen?.ok) return { status: "failed", failure: chosen?.failure ?? unknown(id), drawn: {} };
        return { status: "succeeded", outputs: { chosen: chosen.value }, ...NOTHING_ELSE, answer };
      }
      case "reject": {
        const why = answer.reason === "" ? "." : `: ${answer.reason}`;
        const hint = "Change what it is given, or run it again to be asked again.";
        return {
          status: "failed",
          failure: { reason: "rejected", message: `\`${id}\` was rejected${why}`, hint },
          drawn: {},
          answer,
        };
      }
      case "unanswered": {
        const { message, hint } = answer;
        return {
          status: "failed",
          failure: { reason: "unanswered", message, ...(hint !== undefined && { hint }) },
          drawn: {},
        };
      }
    }
  }

  async #option(options: StoredValue, index: number): Promise<Result<StoredValue>> {
    const list = await loadValue(options, this.#blobs);
    if (!list.ok) return list;
    // It was a list when the question was asked, and content never changes.
    return success(await storeValue((list.value as readonly Value[])[index] ?? null, this.#blobs));
  }
}

/** Why an answer comes to nothing: the question is not open, or has been answered. */
export function notAsked(node: NodeId): Failure {
  return { reason: "not-found", message: `\`${node}\` is not waiting for an answer.` };
}

const NOTHING_ELSE = { drawn: {}, versions: {} } as const;

function keyOf(node: NodeId, item: number | null): string {
  return JSON.stringify([node, item]);
}

function misfit(question: Question, answer: Answer): string | null {
  if (answer.kind === "unanswered") return null;
  if (question.kind === "approve") return answer.kind === "choose" ? "is to be approved or rejected." : null;
  if (answer.kind !== "choose") return "asks to choose one.";
  const { index } = answer;
  return Number.isInteger(index) && index >= 0 && index < question.count
    ? null
    : `has options 1 to ${question.count}; there is no option ${index + 1}.`;
}

function nothingToChoose({ id }: GraphNode, what: string): Failure {
  return {
    reason: "invalid-input",
    message: `\`${id}\` ${what}.`,
    hint: "Wire `options` to a port that gives a list.",
  };
}

function emptyList({ id }: GraphNode): Failure {
  return {
    reason: "invalid-input",
    message: `\`${id}\` is given an empty list: there is nothing to choose from.`,
    hint: "Have what feeds `options` give at least one.",
  };
}

function unknown(id: NodeId): Failure {
  return { reason: "internal", message: `The answer to \`${id}\` does not fit its question.` };
}
