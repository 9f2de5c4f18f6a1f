import type { LogCut, LogLine } from "./result.js";
import { LOG_LIMIT, type NodeState } from "./workflowState.js";

/** How many lines a log holds and held. */
export interface LogCounts {
  /** All that there were. */
  readonly lines: number;
  /** Of those, the ones that are still there. */
  readonly kept: number;
  readonly warnings: number;
  readonly errors: number;
}

/** What there is of a log. */
export type KeptLog = Pick<NodeState, "log" | "logCut">;

/** A node's log with more lines at its end: at most {@link LOG_LIMIT} stay, and what is gone is counted. */
export function appendLog({ log, logCut }: KeptLog, more: readonly LogLine[]): KeptLog {
  const all = [...log, ...more];
  if (all.length <= LOG_LIMIT) return { log: all };
  const { lines, warnings, errors } = countLog({ log: all.slice(0, -LOG_LIMIT), ...(logCut && { logCut }) });
  return { log: all.slice(-LOG_LIMIT), logCut: { lines, warnings, errors } };
}

/** The end of a log: at most {@link LOG_LIMIT} lines, of which the first stands for those that are left out. */
export function lastLines(lines: readonly LogLine[]): readonly LogLine[] {
  if (lines.length <= LOG_LIMIT) return lines;
  const kept = lines.slice(1 - LOG_LIMIT);
  const { kept: _written, ...leftOut } = countLog({ log: lines.slice(0, 1 - LOG_LIMIT) });
  return [leftOutLine(leftOut, kept[0]?.at ?? 0), ...kept];
}

/** @param at milliseconds since the epoch */
export function leftOutLine(leftOut: LogCut, at: number): LogLine {
  return { level: "warn", text: `… ${leftOut.lines} lines left out …`, at, leftOut };
}

/** Lines that are gone count as well. */
export function countLog({ log, logCut }: Pick<NodeState, "log" | "logCut">): LogCounts {
  let { lines, warnings, errors }: LogCut = logCut ?? { lines: 0, warnings: 0, errors: 0 };
  let kept = 0;
  for (const { level, leftOut } of log) {
    lines += leftOut?.lines ?? 1;
    kept += leftOut ? 0 : 1;
    warnings += leftOut ? leftOut.warnings : Number(level === "warn");
    errors += leftOut ? leftOut.errors : Number(level === "error");
  }
  return { lines, kept, warnings, errors };
}
