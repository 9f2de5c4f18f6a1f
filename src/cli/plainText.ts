import { stripVTControlCharacters } from "node:util";

/**
 * Text of others (a node's log, a message, a name) as it may go to a terminal: its colours and cursor movements are left out,
 * and whatever else would make the terminal do something is shown as an escape: `\x07`. Tabs and line breaks stay.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r\n", "\n").replaceAll(UNSAFE, escaped);
}

/** As {@link plainText}, and no longer than fits on a screen or two. */
export function shortText(text: string, limit = 4000, rest = "--json has all of it"): string {
  if (text.length <= limit) return plainText(text);
  return `${plainText(text.slice(0, limit))}… (${sizeText(text)}; ${rest})`;
}

/** Control characters, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNSAFE = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}

function sizeText(text: string): string {
  const bytes = Buffer.byteLength(text);
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
