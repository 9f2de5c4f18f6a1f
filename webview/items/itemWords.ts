import { duration, elapsed } from "../../src/model/duration.js";
import type { ItemCounts, ItemView } from "../../src/model/items.js";
import { answerText } from "../../src/model/question.js";
import { isFileRef, type FileRef, type StoredValue } from "../../src/model/value.js";
import type { NodeState } from "../../src/model/workflowState.js";
import { previewOf } from "../text/preview.js";
import { terminalText } from "../text/terminalText.js";

/** How the items of a node stand that runs once an item; `null`: nobody knows yet. */
export function countsOf(state: NodeState): { readonly total: number; readonly failed: number } | null {
  const { activity, outcome, result } = state;
  const running = activity.kind === "running" ? activity.progress?.items : undefined;
  if (running) return running;
  if (result) return result.items ? { total: result.items.count, failed: failedItems(state) } : null;
  // An attempt that made no result.
  return (outcome.kind === "failed" || outcome.kind === "cancelled") && outcome.items ? outcome.items : null;
}

/** How many items of the last attempt failed, where others did not: the result is theirs. */
export function failedItems({ activity, outcome, result }: NodeState): number {
  if (activity.kind !== "idle" || outcome.kind !== "failed" || outcome.failure.reason !== "items-failed") return 0;
  // Where all failed there is no new result, and an older one has another duration.
  return result?.items && result.durationMs === outcome.durationMs ? result.items.failed : 0;
}

/** Where the last attempt made no result, so that the items shown are those of an older one: says so. `null`: they are its own. */
export function earlierItems({ activity, outcome, result }: NodeState): string | null {
  if (activity.kind !== "idle" || !result?.items) return null;
  const note = "These are the items of an earlier run.";
  // A failure that left a result is told with that.
  if (outcome.kind === "failed") return outcome.items ? note : null;
  if (outcome.kind !== "cancelled") return null;
  return outcome.items ? `Stopped at ${doneWords(outcome.items)}. ${note}` : note;
}

/** `37 of 120`. */
export function doneWords({ total, succeeded, reused, failed }: ItemCounts): string {
  return `${inThrees(succeeded + reused + failed)} of ${inThrees(total)}`;
}

/** Digits in threes. */
export function inThrees(value: number): string {
  return value.toLocaleString("en");
}

interface ItemLook {
  /** Name of an icon. */
  readonly icon: "check" | "error" | "pause" | "running" | null;
  readonly word: string;
}

const LOOKS: Readonly<Record<ItemView["status"], ItemLook>> = {
  waiting: { icon: null, word: "waiting" },
  running: { icon: "running", word: "running" },
  succeeded: { icon: "check", word: "succeeded" },
  reused: { icon: "check", word: "reused" },
  failed: { icon: "error", word: "failed" },
  left: { icon: null, word: "not run" },
};

export function lookOf(item: ItemView | undefined): ItemLook {
  if (item?.question) return { icon: "pause", word: "waiting for you" };
  return item ? LOOKS[item.status] : { icon: null, word: "loading" };
}

/** How long an item took, or has taken so far. `now`: ms since the epoch. */
export function timeOf(item: ItemView | undefined, now: number): string {
  if (item?.startedAt !== undefined) return elapsed(now - item.startedAt);
  if (item?.status === "reused") return "reused";
  if (item?.status === "left") return LOOKS.left.word;
  return item?.durationMs === undefined || item.status === "waiting" ? "" : duration(item.durationMs);
}

/** One part of what an item was given or gave, for one line: words, and a picture where it is one. */
export function briefly(stored: StoredValue): { readonly picture: FileRef | null; readonly words: string } {
  if (stored.kind !== "inline") return { picture: null, words: stored.preview };
  const { value } = stored;
  const picture = isFileRef(value) && value.mediaType.startsWith("image/") ? value : null;
  return { picture, words: previewOf(value, 120) };
}

/** What a person has answered to an item: `approved`, `chose 2 of 3`. Empty: nobody was asked, or said no, which is its failure. */
export function answerWords(item: ItemView | undefined): string {
  const answer = item?.answer;
  if (!item || !answer) return "";
  if (answer.kind !== "choose") return answerText(answer);
  const { options } = item.inputs;
  const of = options?.kind === "inline" && Array.isArray(options.value) ? ` of ${inThrees(options.value.length)}` : "";
  return of === "" ? `chose ${answerText(answer)}` : `chose ${answer.index + 1}${of}`;
}

/** Why an item failed, in one line. */
export function failureLine(item: ItemView | undefined): string {
  return item?.failure ? terminalText(item.failure.message).replace(/\s+/g, " ") : "";
}
