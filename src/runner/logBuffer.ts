import { clearTimeout, setTimeout } from "node:timers";
import { cutText } from "../model/cutText.js";
import { LOG_LIMIT } from "../model/workflowState.js";
import { countLog, leftOutLine } from "../model/logLines.js";
import type { LogCut, LogLine } from "../model/result.js";

type Level = LogLine["level"];

/** Lines are sent this often, in ms, so that a chatty function doesn't flood the channel. */
const FLUSH_INTERVAL = 50;

/** Longer lines are cut: somebody printed data, and the log is for reading. In characters. */
const LINE_LIMIT = 10_000;
/** No more than this is sent at a time, of however few lines. In characters. */
const BATCH_LIMIT = 500_000;
/** So much of a line's cut end may hold a part of a secret that is no longer known as one. No secret is longer. In characters. */
const MARGIN = 500;

const NOTHING: LogCut = { lines: 0, warnings: 0, errors: 0 };

/** Buffers that hold something. */
const waiting = new Set<LogBuffer>();

/** Sends what any buffer holds: the process is about to end, or somebody waits for the last line. */
export function flushLogs(): void {
  for (const log of waiting) log.flush();
}

interface OpenLine {
  /** Its beginning, at most as much as is ever looked at. */
  readonly text: string;
  /** Of all of it, in characters. */
  readonly length: number;
}

/** Collects output, cuts it into lines and hands them on in batches. Holds no more than is shown, however much is written. */
export class LogBuffer {
  readonly #send: (lines: readonly LogLine[]) => void;
  readonly #redact: (text: string) => string;
  #lines: (OpenLine & { readonly level: Level; readonly at: number })[] = [];
  #dropped: LogCut = NOTHING;
  #timer: NodeJS.Timeout | null = null;
  /** Text without its line's end yet, by level. */
  readonly #open = new Map<Level, OpenLine>();

  constructor(redact: (text: string) => string, send: (lines: readonly LogLine[]) => void) {
    this.#redact = redact;
    this.#send = send;
  }

  /** Text as written to a stream: lines end where it says so. */
  write(level: Level, text: string): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#add(level, this.#continued(level, text, start, end));
      this.#open.delete(level);
      start = end + 1;
    }
    if (start < text.length) this.#open.set(level, this.#continued(level, text, start, text.length));
    waiting.add(this);
    this.#timer ??= setTimeout(() => this.#sendLines(), FLUSH_INTERVAL).unref();
  }

  /** Sends what there is, unfinished lines too. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const [level, line] of this.#open) this.#add(level, line);
    this.#open.clear();
    this.#sendLines();
  }

  #continued(level: Level, text: string, start: number, end: number): OpenLine {
    const open = this.#open.get(level) ?? { text: "", length: 0 };
    const room = LINE_LIMIT + MARGIN - open.text.length;
    return { text: open.text + text.slice(start, Math.min(end, start + room)), length: open.length + end - start };
  }

  #add(level: Level, line: OpenLine): void {
    this.#lines.push({ ...line, level, at: Date.now() });
    // Nobody keeps more than this, so more need not be sent at a time.
    if (this.#lines.length > LOG_LIMIT * 2) {
      this.#drop(this.#lines.slice(0, -LOG_LIMIT));
      this.#lines = this.#lines.slice(-LOG_LIMIT);
    }
  }

  #sendLines(): void {
    this.#timer = null;
    if (this.#open.size === 0) waiting.delete(this);
    if (this.#lines.length === 0) return;
    const kept: LogLine[] = [];
    let size = 0;
    for (const { level, at, ...line } of this.#lines.slice(-LOG_LIMIT).reverse()) {
      const text = this.#shown(line);
      size += text.length;
      if (size > BATCH_LIMIT) break;
      kept.push({ level, at, text });
    }
    const lines = kept.reverse();
    const [first] = lines;
    const left = this.#lines.length - lines.length;
    // What says so takes the place of one more.
    if (first && this.#dropped.lines + left > 0) {
      this.#drop(this.#lines.slice(0, left + 1));
      lines[0] = leftOutLine(this.#dropped, first.at);
    }
    this.#lines = [];
    this.#dropped = NOTHING;
    this.#send(lines);
  }

  #drop(log: readonly LogLine[]): void {
    const { lines, warnings, errors } = countLog({ log, logCut: this.#dropped });
    this.#dropped = { lines, warnings, errors };
  }

  #shown({ text, length }: OpenLine): string {
    const redacted = this.#redact(text.replace(/\r$/, ""));
    if (length <= LINE_LIMIT) return redacted;
    // A secret that was cut in two is not recognised, so the end goes.
    const whole = length > text.length ? redacted.slice(0, -MARGIN) : redacted;
    return cutText(whole, LINE_LIMIT, length);
  }
}
