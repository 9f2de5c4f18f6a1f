import type { SourceRange } from "./source.js";

export type Severity = "error" | "warning" | "info";

/** A finding about a workflow's text. Its code comes from the catalogue in `analysis/diagnostics`. */
export interface Diagnostic {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly severity: Severity;
  /** One or two sentences that name the author's own symbol and say what to do. */
  readonly message: string;
  readonly range: SourceRange;
  /** Other places that explain it: the first declaration, the members of a cycle. */
  readonly related?: readonly { readonly message: string; readonly range: SourceRange }[];
  /** Ways to mend it, best first. */
  readonly fixes?: readonly { readonly title: string; readonly edits: readonly TextEdit[] }[];
}

/** Whether its range is a place to go to: a file that is gone has none. */
export function hasPlace({ code }: Diagnostic): boolean {
  return code !== "missing-file";
}

export interface TextEdit {
  readonly range: SourceRange;
  readonly newText: string;
}
