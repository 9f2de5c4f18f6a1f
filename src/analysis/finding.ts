import type { Diagnostic, Severity } from "../model/diagnostic.js";
import { type Place, rangeOf } from "./place.js";

/** What the catalogue says about a case: everything of a diagnostic but its place. */
export interface Message {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
}

/** A diagnostic whose places are still syntax nodes. */
export interface Finding extends Message {
  readonly at: Place;
  readonly related?: readonly { readonly message: string; readonly at: Place }[];
  readonly fixes?: readonly Fix[];
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly at: Place; readonly newText: string }[];
}

export function toDiagnostic(finding: Finding): Diagnostic {
  const { code, severity, message, at, related, fixes } = finding;
  return {
    code,
    severity,
    message,
    range: rangeOf(at),
    ...(related && { related: related.map((place) => ({ message: place.message, range: rangeOf(place.at) })) }),
    ...(fixes && {
      fixes: fixes.map(({ title, edits }) => ({
        title,
        edits: edits.map((edit) => ({ range: rangeOf(edit.at), newText: edit.newText })),
      })),
    }),
  };
}
