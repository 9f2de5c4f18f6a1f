/** What `daggr run` says of a node that runs once an item. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { WorkflowAnalysis } from "../../../src/analysis/index.js";
import { success } from "../../../src/model/outcome.js";
import type { ItemCounts } from "../../../src/model/items.js";
import type { RunEvent } from "../../../src/model/runEvent.js";
import { runningText } from "../../../src/cli/runningText.js";
import { coloursFor } from "../../../src/cli/colours.js";
import { FakeEngine } from "./fakeEngine.js";
import { Screen, Shell } from "./terminal.js";

const WORKFLOW = `import { FnNode, Graph, gr } from "daggr";
const list = new FnNode(() => ["a", "b"], { outputs: { words: gr.JSON() } });
const shout = new FnNode((i: { word: string }) => i.word, { inputs: { word: list.words.each }, outputs: { loud: gr.Textbox() } });
export default new Graph({ name: "Items", nodes: [shout] });
`;
const at = Date.now();
const own = { runId: "r1", node: "shout" } as const;

let shell: Shell;
let engine: FakeEngine;
beforeEach(() => {
  shell = new Shell();
  const file = shell.write("items.daggr.ts", WORKFLOW);
  engine = new FakeEngine(new WorkflowAnalysis(file, { read: () => WORKFLOW }).analyse().graph);
});
afterEach(() => shell.remove());

async function run(counts: ItemCounts, end: Partial<Extract<RunEvent, { type: "node-succeeded" }>> = {}) {
  const items = { count: counts.total, failed: counts.failed };
  const result = { id: "1", fingerprint: "f", outputs: {}, drawn: {}, finishedAt: at, durationMs: 1234, items };
  engine.onRun = async () => {
    engine.emit({ type: "node-started", ...own, at, count: 1 });
    engine.emit({ type: "node-log", ...own, lines: [{ level: "log", text: "hello", at, item: 1 }] });
    engine.emit({ type: "node-progress", ...own, progress: { fraction: 1, items: counts } });
    engine.emit({ type: "node-succeeded", ...own, at, result, ...end });
    return success({ status: "succeeded", executed: 1, reused: 0 });
  };
  await shell.run(["run", "items.daggr.ts"], engine);
  return shell.stderr.text;
}

test("how many items there were, how many of them were reused, and which item wrote a line", async () => {
  const text = await run({ total: 120, succeeded: 37, reused: 83, failed: 0 });
  expect(text).toContain("  shout 2 | hello\n");
  expect(text).toContain("✓ shout 120 items, 83 of them reused, 1.2 s\n");
});

test("items that failed are a failure, with its message", async () => {
  const message = "1 of 2 items of `shout` failed: no such word";
  const text = await run(
    { total: 2, succeeded: 1, reused: 0, failed: 1 },
    { failure: { reason: "items-failed", message } },
  );
  expect(text).toContain(`✗ shout 2 items: 1 succeeded, 1 failed, 1.2 s\n  ${message}\n`);
});

test("how many succeeded, failed and were reused, where some failed", async () => {
  const failure = { reason: "items-failed", message: "3 of 120 items of `shout` failed" } as const;
  expect(await run({ total: 120, succeeded: 34, reused: 83, failed: 3 }, { failure })).toContain(
    "✗ shout 120 items: 117 succeeded, 83 of them reused, 3 failed, 1.2 s\n",
  );
});

test.each([
  [
    "all of whose items failed",
    { type: "node-failed", failure: { reason: "items-failed", message: "All 2 items of `shout` failed" } },
    { total: 2, succeeded: 0, reused: 0, failed: 2 },
    "✗ shout 2 items: 0 succeeded, 2 failed, 1.2 s\n",
  ],
  [
    "that was stopped",
    { type: "node-cancelled" },
    { total: 10, succeeded: 3, reused: 1, failed: 1 },
    "■ shout stopped 10 items: 4 succeeded, 1 of them reused, 1 failed, 5 not run, 1.2 s\n",
  ],
  [
    "that was stopped before anything failed",
    { type: "node-cancelled" },
    { total: 3, succeeded: 1, reused: 0, failed: 0 },
    "■ shout stopped 3 items: 1 succeeded, 2 not run, 1.2 s\n",
  ],
] as const)("how the items of a node stand %s", async (_which, end, items, line) => {
  engine.onRun = async () => {
    engine.emit({ type: "node-started", ...own, at, count: 1 });
    engine.emit({ ...own, at, durationMs: 1234, items, ...end });
    return success({ status: "failed", executed: 1, reused: 0 });
  };
  await shell.run(["run", "items.daggr.ts"], engine);
  expect(shell.stderr.text).toContain(line);
});

test("while it runs, how far it is", () => {
  const items = { total: 120, succeeded: 30, reused: 5, failed: 2 };
  const progress = { fraction: 37 / 120, step: 37, steps: 120, unit: "items", items };
  const text = runningText("shout", { startedAt: at, progress }, coloursFor(new Screen(), {}));
  expect(text).toContain("31 % 37 of 120 items (2 failed)");
});
