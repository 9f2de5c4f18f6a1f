import { LOG_LIMIT } from "../model/workflowState.js";
import type { LogLine } from "../model/result.js";

type Level = LogLine["level"];

/** Lines are sent this often, in ms, so that a chatty function doesn't flood the channel. */
const FLUSH_INTERVAL = 50;

/** Longer lines are cut: somebody printed data, and the log is for reading. */
const LINE_LIMIT = 10_000;

/** Collects output, cuts it into lines and hands them on in batches. */
export class LogBuffer {
  readonly #send: (lines: readonly LogLine[]) => void;
  readonly #redact: (text: string) => string;
  #lines: LogLine[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Text without its line's end yet, by level. */
  readonly #open = new Map<Level, string>();

  constructor(redact: (text: string) => string, send: (lines: readonly LogLine[]) => void) {
    this.#redact = redact;
    this.#send = send;
  }

  /** Text as written to a stream: lines end where it says so. */
  write(level: Level, text: string): void {
    const [first = "", ...rest] = text.split("\n");
    const open = (this.#open.get(level) ?? "") + first;
    const last = rest.pop();
    if (last === undefined) {
      this.#open.set(level, open);
      this.#wake();
      return;
    }
    for (const line of [open, ...rest]) this.#add(level, line);
    if (last === "") this.#open.delete(level);
    else this.#open.set(level, last);
    this.#wake();
  }

  /** Sends what there is, unfinished lines too. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const [level, text] of this.#open) this.#add(level, text);
    this.#open.clear();
    this.#sendLines();
  }

  #add(level: Level, text: string): void {
    const redacted = this.#redact(text.replace(/\r$/, ""));
    const cut =
      redacted.length > LINE_LIMIT ? `${redacted.slice(0, LINE_LIMIT)}… (${redacted.length} characters)` : redacted;
    this.#lines.push({ level, text: cut, at: Date.now() });
    // Nobody keeps more than this, so more need not be sent at a time.
    if (this.#lines.length > LOG_LIMIT * 2) {
      this.#dropped += this.#lines.length - LOG_LIMIT;
      this.#lines = this.#lines.slice(-LOG_LIMIT);
    }
  }

  #wake(): void {
    this.#timer ??= setTimeout(() => this.#sendLines(), FLUSH_INTERVAL).unref();
  }

  #sendLines(): void {
    this.#timer = null;
    if (this.#lines.length === 0) return;
    const lines = this.#lines.slice(-LOG_LIMIT);
    const dropped = this.#dropped + this.#lines.length - lines.length;
    this.#lines = [];
    this.#dropped = 0;
    const [first] = lines;
    if (dropped > 0 && first) lines[0] = { ...first, level: "warn", text: `… ${dropped + 1} lines left out …` };
    this.#send(lines);
  }
}
