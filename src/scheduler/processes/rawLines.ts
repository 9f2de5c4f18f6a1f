import { lastLines } from "../../model/logLines.js";
import type { LogLine } from "../../model/result.js";
import { LOG_LIMIT } from "../../model/workflowState.js";

/** Milliseconds. */
const FLUSH_INTERVAL = 50;

/** Hands lines on in batches of what is shown at most, so that a process that writes without end floods nobody. */
export class RawLines {
  readonly #send: (lines: readonly LogLine[]) => void;
  #lines: LogLine[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (lines: readonly LogLine[]) => void) {
    this.#send = send;
  }

  push(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > LOG_LIMIT * 2) this.#lines = [...lastLines(this.#lines)];
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const lines = lastLines(this.#lines);
    this.#lines = [];
    if (lines.length > 0) this.#send(lines);
  }
}
