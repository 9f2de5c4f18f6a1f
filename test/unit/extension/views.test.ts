import { describe, expect, it } from "vitest";
import { nodePicks } from "../../../src/extension/commands/nodePicks.js";
import { declarationLine } from "../../../src/extension/editor/declarationLine.js";
import { hoverText } from "../../../src/extension/editor/hoverText.js";
import { runningText } from "../../../src/extension/editor/statusBarText.js";
import { logLine, nodeLog } from "../../../src/extension/logText.js";
import { failure, fresh, graphNode, lines, result, state } from "./states.js";

describe("the list of nodes to choose from", () => {
  it("puts the one at the cursor first and leaves out nodes of inputs", () => {
    const picks = nodePicks(state({ image: fresh(4200) }), "cutout", 0);
    expect(picks).toEqual([
      { label: "cutout", description: "", detail: "cutoutOf()", node: "cutout" },
      { label: "image", description: "✓ 4.2 s", detail: "Paint · imageOf()", node: "image" },
    ]);
  });
});

describe("the status bar", () => {
  it("adds up what runs and names one node", () => {
    const running = { activity: { kind: "running", startedAt: 0 } } as const;
    const run = { runId: "r", startedAt: 0, total: 4, done: 1 };
    const one = state({ image: running, cutout: running }, { run });
    expect(runningText([one])).toBe("$(sync~spin) 1/4 Paint +1");
    expect(runningText([one, state({}, { run })])).toBe("$(sync~spin) 2/8 Paint +1");
    expect(runningText([state()])).toBe("");
    const asking = { activity: { ...running.activity, question: { kind: "approve", inputs: {} } } } as const;
    expect(runningText([state({ image: running, cutout: asking }, { run })])).toBe(
      "$(comment-unresolved) 1/4 cutout waits for you",
    );
  });
});

describe("the hover over a node", () => {
  const node = graphNode("image", 10, {
    outputs: [
      { name: "text", spec: { component: "Textbox", props: {} } },
      { name: "hidden", spec: null },
    ],
  });

  it("shows the status and small outputs, and nothing that the author hid", () => {
    const outputs = {
      text: { kind: "inline", digest: "d", value: "a ```fence``` inside" },
      hidden: { kind: "inline", digest: "d", value: 1 },
    } as const;
    const text = hoverText(state({ image: { ...fresh(4200), result: result(4200, outputs), count: 3 } }), node, 0);
    expect(text).toContain(String.raw`\[3\] ✓ 4.2 s`);
    expect(text).toContain("````text\na ```fence``` inside\n````");
    expect(text).not.toContain("hidden");
  });

  it("says that a node has not run, and what a failure said", () => {
    expect(hoverText(state(), node, 0)).toBe("**Daggr** not run yet");
    const outcome = { kind: "failed", failure: failure("no paint"), durationMs: 1 } as const;
    expect(hoverText(state({ image: { outcome } }), node, 0)).toContain("```text\nno paint\n```");
  });
});

describe("the log of a node", () => {
  it("says how much of it is gone", () => {
    const log = [{ level: "log", text: "last", at: 0 }] as const;
    const node = { ...fresh(5), log, logCut: { lines: 1200, warnings: 0, errors: 0 } };
    expect(nodeLog(state({ image: node }), "image")[1]).toBe("… 1200 earlier lines were not kept");
  });

  const at = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();

  it("gives time and level, and indents what has several lines", () => {
    expect(logLine({ level: "warn", text: "one\ntwo\n", at })).toBe("03:04:05.006 warn  one\n                   two");
  });

  it("lets nobody forge a line or hide one", () => {
    const text =
      "fake\rok: \u001b[32mgreen\u001b[0m\u2028\u2029\u0085\u202e\u2066\u061c\u0007\r\n12:00:00.000 info  fine";
    expect(logLine({ level: "log", text, at })).toBe(
      "03:04:05.006 log   fake\\x0dok: green\\u2028\\u2029\\x85\\u202e\\u2066\\u061c\\x07\n                   12:00:00.000 info  fine",
    );
    const failure = { reason: "thrown", message: "bad\rgood", stack: "at \u202ex" } as const;
    const outcome = { kind: "failed", failure, durationMs: 1 } as const;
    expect(nodeLog(state({ image: { outcome, count: 1 } }), "image").slice(-2)).toEqual([
      "bad\\x0dgood",
      "at \\u202ex",
    ]);
  });

  it("ends with the failure, its hint and its stack", () => {
    const stack = "Error: no paint\n    at image (/w/story.daggr.ts:12:3)";
    const outcome = {
      kind: "failed",
      failure: failure("no paint", { hint: "Buy some.", stack, location: lines(12) }),
      durationMs: 80,
    } as const;
    expect(nodeLog(state({ image: { outcome, count: 2 } }), "image")).toEqual([
      "── story · image [2] ──",
      "(no output)",
      "✕ failed after 80 ms",
      "no paint",
      "Buy some.",
      stack,
    ]);
  });

  it("says so where a node has not run", () => {
    expect(nodeLog(state(), "image")).toEqual(["── story · image ──", "This node has not run yet."]);
  });
});

describe("finding a declaration in text that does not parse", () => {
  const text = "const a = 1;\n  export const im$age = new FnNode(\nconst image = (((\n// const late";

  it("takes the line that declares exactly that name", () => {
    expect(declarationLine(text, "image")).toBe(2);
    expect(declarationLine(text, "im$age")).toBe(1);
    expect(declarationLine(text, "late")).toBeUndefined();
  });
});
