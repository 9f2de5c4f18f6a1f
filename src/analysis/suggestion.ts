import { distance } from "fastest-levenshtein";
import type { Fix } from "./finding.js";
import type { Place } from "./place.js";

/** The name that was probably meant, or `null` when none is near. */
export function nearest(written: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(1, Math.floor(written.length * 0.4)) + 1;
  for (const name of known) {
    const steps = name.toLowerCase() === written.toLowerCase() ? 0 : distance(written, name);
    if (steps < least) {
      best = name;
      least = steps;
    }
  }
  return best;
}

/** Replaces a misspelt name; `newText` where it isn't written as it is called. */
export function renameFix(name: string, at: Place, newText = name): Fix {
  return { title: `Change to \`${name}\``, edits: [{ at, newText }] };
}
