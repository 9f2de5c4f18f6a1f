import type { StoredValue } from "./value.js";

/** What a run waits for a person to answer. */
export type Question =
  /** Whether what was given may go on, by input port. */
  | { readonly kind: "approve"; readonly inputs: Readonly<Record<string, StoredValue>> }
  /** Which one of a list. */
  | { readonly kind: "choose"; readonly options: StoredValue; /** How many there are. */ readonly count: number };

export type Answer =
  | { readonly kind: "approve" }
  | { readonly kind: "reject"; /** In the person's words; may be empty. */ readonly reason: string }
  | { readonly kind: "choose"; /** From 0. */ readonly index: number }
  /** There is nobody to ask. */
  | { readonly kind: "unanswered"; /** Why, in a sentence. */ readonly message: string; readonly hint?: string };

/** Whether two answers to one question come to the same. */
export function isSameAnswer(a: Answer, b: Answer): boolean {
  if (a.kind === "choose") return b.kind === "choose" && a.index === b.index;
  if (a.kind === "reject") return b.kind === "reject" && a.reason === b.reason;
  return a.kind === b.kind;
}

/** An answer in a few words, for what became of a question: `approved`, `option 2`. */
export function answerText(answer: Answer): string {
  switch (answer.kind) {
    case "approve":
      return "approved";
    case "reject":
      return answer.reason === "" ? "rejected" : `rejected: ${answer.reason}`;
    case "choose":
      return `option ${answer.index + 1}`;
    case "unanswered":
      return "not answered";
  }
}
