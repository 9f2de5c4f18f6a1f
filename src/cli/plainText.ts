import { stripVTControlCharacters } from "node:util";
import { escapeControls } from "../model/controlCharacters.js";
import { lengthBeforeCut } from "../model/cutText.js";

/**
 * Text of others (a node's log, a message, a name) as it may go to a terminal: its colours and cursor movements are left out,
 * and whatever else would make the terminal do something is shown as an escape: `\x07`. Tabs and line breaks stay.
 */
export function plainText(text: string): string {
  return escapeControls(stripVTControlCharacters(text));
}

/**
 * As {@link plainText}, and no longer than fits on a screen or two.
 *
 * @param rest where the whole text is to be had; not said of one that was cut before it came here
 */
export function shortText(text: string, limit = 4000, rest = "--json has all of it"): string {
  if (text.length <= limit) return plainText(text);
  const length = lengthBeforeCut(text);
  const left =
    length === null ? `${sizeText(text)}; ${rest}` : `${length} characters, of which the first ${limit} are shown`;
  return `${plainText(text.slice(0, limit))}… (${left})`;
}

function sizeText(text: string): string {
  const bytes = Buffer.byteLength(text);
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
