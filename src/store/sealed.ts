import { hash } from "node:crypto";

const HEAD = '{"sha256":"';
const MIDDLE = '","content":';
const CONTENT = HEAD.length + 64 + MIDDLE.length;

/** JSON text that carries a checksum of its own content; one line, without a newline at the end. */
export function seal(content: unknown): string {
  const text = JSON.stringify(content);
  return `${HEAD}${hash("sha256", text)}${MIDDLE}${text}}`;
}

/** The content of sealed text, or `undefined` where the text is not whole. What shape it has is for the caller to see. */
export function unseal(text: string): unknown {
  const end = text.endsWith("\n") ? text.length - 2 : text.length - 1;
  if (!text.startsWith(HEAD) || !text.startsWith(MIDDLE, HEAD.length + 64) || text[end] !== "}") return undefined;
  const content = text.slice(CONTENT, end);
  if (hash("sha256", content) !== text.slice(HEAD.length, HEAD.length + 64)) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    // Only somebody who seals what isn't JSON gets here.
    return undefined;
  }
}
