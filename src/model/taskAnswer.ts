import { snakeCase } from "./taskInputs.js";

/** What the answer to a task is made of, by the protocol's names. */
export interface TaskAnswer {
  /** The part that is the answer itself; absent: all of it is. */
  readonly main?: string;
  /** What outputs may be called to take a part by its name, the main one among them. */
  readonly parts: readonly string[];
  /** It is a list whatever there is in it, mostly a single answer. */
  readonly listed?: true;
}

const whole: TaskAnswer = { parts: [] };
const scored: TaskAnswer = { parts: ["label", "score"] };
const quoted: TaskAnswer = { main: "answer", parts: ["answer", "score", "start", "end"] };
const generated: TaskAnswer = { main: "generated_text", parts: ["generated_text", "details"] };
export const CHAT_ANSWER: TaskAnswer = {
  main: "content",
  parts: ["content", "reasoning", "tool_calls", "finish_reason", "usage"],
};

/** By task, as `calledTask` answers it. */
export const TASK_ANSWERS: Readonly<Record<string, TaskAnswer>> = {
  "audio-classification": scored,
  "audio-to-audio": { main: "blob", parts: ["blob", "label"], listed: true },
  "automatic-speech-recognition": { main: "text", parts: ["text", "chunks"] },
  chat: CHAT_ANSWER,
  "document-question-answering": quoted,
  "feature-extraction": whole,
  "fill-mask": { parts: ["sequence", "score", "token", "token_str"] },
  "image-classification": scored,
  "image-segmentation": { parts: ["label", "score", "mask"] },
  "image-text-to-image": whole,
  "image-text-to-video": whole,
  "image-to-image": whole,
  "image-to-text": generated,
  "image-to-video": whole,
  "object-detection": { parts: ["label", "score", "box"] },
  "question-answering": quoted,
  "sentence-similarity": whole,
  summarization: { main: "summary_text", parts: ["summary_text"] },
  "table-question-answering": { main: "answer", parts: ["answer", "coordinates", "cells", "aggregator"] },
  "text-classification": scored,
  "text-generation": generated,
  "text-to-audio": whole,
  "text-to-image": whole,
  "text-to-speech": whole,
  "text-to-video": whole,
  "text2text-generation": generated,
  "token-classification": { parts: ["entity_group", "score", "word", "start", "end"] },
  translation: { main: "translation_text", parts: ["translation_text"] },
  "visual-question-answering": { main: "answer", parts: ["answer", "score"] },
  "zero-shot-classification": scored,
  "zero-shot-image-classification": scored,
};

/** Which part an output takes: one by its name, or the main one; `null`: there is none left for it. */
export type TakenPart = { readonly kind: "named"; readonly part: string } | { readonly kind: "main" } | null;

/**
 * An output that is called as a part is (in camelCase or snake_case) takes that; the first of the others takes the main part, unless
 * one is called as that is. A lone output always takes something.
 */
export function takenParts(
  { main, parts }: TaskAnswer,
  outputs: readonly string[],
): readonly (readonly [output: string, part: TakenPart])[] {
  const named = (output: string) => parts.find((part) => part === output || part === snakeCase(output));
  let isTaken = outputs.some((output) => main !== undefined && named(output) === main);
  return outputs.map((output) => {
    const part = named(output);
    if (part !== undefined) return [output, part === main ? { kind: "main" } : { kind: "named", part }];
    if (isTaken) return [output, null];
    isTaken = true;
    return [output, { kind: "main" }];
  });
}

/** The output that takes this part of the answer, if any. */
export function outputFor(part: string, answer: TaskAnswer, outputs: readonly string[]): string | undefined {
  return takenParts(answer, outputs).find(([, taken]) => taken?.kind === "named" && taken.part === part)?.[0];
}
