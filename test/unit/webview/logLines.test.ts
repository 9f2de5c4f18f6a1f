import { describe, expect, it } from "vitest";
import { appendLog, countLog, lastLines } from "../../../src/model/logLines.js";
import type { LogLine } from "../../../src/model/result.js";
import { LOG_LIMIT, type NodeState } from "../../../src/model/workflowState.js";

const line = (text: string, level: LogLine["level"] = "log"): LogLine => ({ level, text, at: 1 });
const batch = Array.from({ length: LOG_LIMIT }, (_, at) => line(`line ${at}`));

describe("a log", () => {
  it("keeps its last lines, and counts what is gone only once something is", () => {
    const full = appendLog({ log: [] }, batch);
    expect(full).toEqual({ log: batch });
    const cut = appendLog(full, [line("one more"), line("and another")]);
    expect(cut.log).toEqual([...batch.slice(2), line("one more"), line("and another")]);
    expect(cut.logCut).toEqual({ lines: 2, warnings: 0, errors: 0 });
  });

  it("counts warnings and errors that are gone too, however often it was cut", () => {
    let log: Pick<NodeState, "log" | "logCut"> = {
      log: [line("careful", "warn"), line("broken", "error"), line("careful", "warn")],
    };
    for (let time = 0; time < 5; time++) log = appendLog(log, batch);
    log = appendLog(log, [line("broken again", "error")]);
    expect(countLog(log)).toEqual({ lines: 5 * LOG_LIMIT + 4, kept: LOG_LIMIT, warnings: 2, errors: 2 });
  });

  it("is shortened by a line that stands for what is left out, however often", () => {
    const once = lastLines([line("careful", "warn"), ...batch, line("one more")]);
    expect(once).toHaveLength(LOG_LIMIT);
    expect(once[0]).toMatchObject({ text: "… 3 lines left out …", leftOut: { lines: 3, warnings: 1, errors: 0 } });
    const twice = lastLines([...once, ...batch]);
    expect(countLog({ log: twice })).toMatchObject({ lines: 2 * LOG_LIMIT + 2, warnings: 1 });
    expect(lastLines(batch)).toBe(batch);
  });

  it("takes a line that stands for others as those, and for no warning of its own", () => {
    const leftOut = { lines: 48_999, warnings: 3, errors: 1 };
    const log = [{ ...line("… 48999 lines left out …", "warn"), leftOut }, line("last")];
    expect(countLog({ log })).toEqual({ lines: 49_000, kept: 1, warnings: 3, errors: 1 });
  });
});
