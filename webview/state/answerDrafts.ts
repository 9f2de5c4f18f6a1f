import { SvelteMap } from "svelte/reactivity";
import type { NodeId } from "../../src/model/graph.js";
import { latestWithin } from "./keptText.js";

/** What somebody has typed or picked for a question, and not sent. */
export interface AnswerDraft {
  /** Why it is rejected, as it was typed. */
  readonly why: string;
  /** Index of the option that was picked; `null`: none. */
  readonly chosen: number | null;
}

const NOTHING: AnswerDraft = { why: "", chosen: null };

/** The name of a question: a later run asks another one, even of the same node. */
export function questionKey(run: string, node: NodeId, item: number | null): string {
  return `${run} ${JSON.stringify([node, item])}`;
}

/** The answers in the making, by {@link questionKey}. Kept apart from the questions that draw them, which come and go. */
export class AnswerDrafts {
  readonly #drafts = new SvelteMap<string, AnswerDraft>();

  get(key: string): AnswerDraft {
    return this.#drafts.get(key) ?? NOTHING;
  }

  set(key: string, draft: AnswerDraft): void {
    this.#drafts.delete(key);
    if (draft.why !== "" || draft.chosen !== null) this.#drafts.set(key, draft);
  }

  /** The question is answered. */
  delete(key: string): void {
    this.#drafts.delete(key);
  }

  /** Takes up what {@link saved} gave. */
  restore(saved: Readonly<Record<string, AnswerDraft>>): void {
    for (const [key, draft] of Object.entries(saved)) if (!this.#drafts.has(key)) this.set(key, draft);
  }

  /**
   * What is worth keeping: the latest first to stay where all of it is too much.
   *
   * @param run - the run under way; nobody asks for an earlier one any more. `null`: none is.
   */
  saved(run: string | null): Record<string, AnswerDraft> {
    if (run === null) return {};
    const own = [...this.#drafts].filter(([key]) => key.startsWith(`${run} `));
    return Object.fromEntries(latestWithin(own, ([, { why }]) => why.length));
  }
}
