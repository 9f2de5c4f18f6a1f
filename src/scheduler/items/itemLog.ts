import { cutText } from "../../model/cutText.js";
import type { LogLine } from "../../model/result.js";

/** Lines of its log that an item keeps. */
const LINES = 50;
/** Characters that all items keep together: they are read whole to show some of them. */
const LENGTH = 8 << 20;
/** Characters of a line that aren't its text. */
const AROUND = 64;

/**
 * What an item keeps of its log: the last lines, as far as there is room; of one that is too long itself, its beginning.
 *
 * @param items - how many share the room.
 */
export function endOfLog(log: readonly LogLine[], items: number): readonly LogLine[] {
  const length = Math.round(LENGTH / items);
  let room = length;
  let first = log.length;
  while (first > Math.max(0, log.length - LINES)) {
    room -= (log[first - 1]?.text.length ?? 0) + AROUND;
    if (room < 0) break;
    first--;
  }
  if (first < log.length) return log.slice(first);
  return log.slice(-1).map((line) => ({ ...line, text: cutText(line.text, length) }));
}
