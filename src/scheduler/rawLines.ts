import type { LogLine } from "../model/result.js";
import { LOG_LIMIT } from "../model/workflowState.js";

/** Milliseconds. */
const FLUSH_INTERVAL = 50;

/** Hands lines on in batches of what is shown at most, so that a process that writes without end floods nobody. */
export class RawLines {
  readonly #send: (lines: readonly LogLine[]) => void;
  #lines: LogLine[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (lines: readonly LogLine[]) => void) {
    this.#send = send;
  }

  push(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > LOG_LIMIT * 2) {
      this.#dropped += this.#lines.length - LOG_LIMIT;
      this.#lines = this.#lines.slice(-LOG_LIMIT);
    }
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const lines = this.#lines.slice(-LOG_LIMIT);
    const dropped = this.#dropped + this.#lines.length - lines.length;
    this.#lines = [];
    this.#dropped = 0;
    const [first] = lines;
    if (!first) return;
    if (dropped > 0) lines[0] = { ...first, level: "warn", text: `… ${dropped + 1} lines left out …` };
    this.#send(lines);
  }
}
