/**
 * A text's beginning that says how long the whole was.
 *
 * @param limit characters that are kept
 * @param length of the whole, in characters, where `text` is not all of it
 */
export function cutText(text: string, limit: number, length = text.length): string {
  return length > limit ? `${text.slice(0, limit)}… (${length} characters)` : text;
}

/** How long a text was before {@link cutText} cut it, in characters; `null`: nobody cut it. */
export function lengthBeforeCut(text: string): number | null {
  const length = /… \((\d+) characters\)$/.exec(text)?.[1];
  return length === undefined ? null : Number(length);
}
