import { hash } from "node:crypto";

const HEAD = '{"sha256":"';
const MIDDLE = '","content":';

/** Where the content begins in sealed text. */
export const CONTENT = HEAD.length + 64 + MIDDLE.length;

/** JSON text that carries a checksum of its own content; one line, without a newline at the end. */
export function seal(content: unknown): string {
  const text = JSON.stringify(content);
  return `${HEAD}${hash("sha256", text)}${MIDDLE}${text}}`;
}

/** The content of sealed text, or `undefined` where the text is not whole. What shape it has is for the caller to see. */
export function unseal(text: string): unknown {
  const content = contentOf(text);
  if (content === null) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    // Only somebody who seals what isn't JSON gets here.
    return undefined;
  }
}

/** Whether sealed text is as it was written. */
export function isWhole(text: string): boolean {
  return contentOf(text) !== null;
}

/** Whether text begins as sealed text does, however much there is of it. */
export function isBegun(text: string): boolean {
  return text.startsWith(HEAD.slice(0, text.length));
}

function contentOf(text: string): string | null {
  const end = text.endsWith("\n") ? text.length - 2 : text.length - 1;
  if (!text.startsWith(HEAD) || !text.startsWith(MIDDLE, HEAD.length + 64) || text[end] !== "}") return null;
  const content = text.slice(CONTENT, end);
  return hash("sha256", content) === text.slice(HEAD.length, HEAD.length + 64) ? content : null;
}
