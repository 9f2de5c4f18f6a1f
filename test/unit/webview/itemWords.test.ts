import { expect, test } from "vitest";
import type { ResultView } from "../../../src/model/runEvent.js";
import { IDLE_NODE, type NodeState } from "../../../src/model/workflowState.js";
import { statusOf } from "../../../webview/card/status.js";
import { countsOf, earlierItems, failedItems, timeOf } from "../../../webview/items/itemWords.js";

const result: ResultView = {
  id: "r",
  fingerprint: "f",
  outputs: {},
  drawn: {},
  items: { count: 1200, failed: 3 },
  finishedAt: 0,
  durationMs: 4200,
};
const failure = { reason: "items-failed", message: "3 of 1200 items failed" } as const;
const partly: NodeState = { ...IDLE_NODE, result, outcome: { kind: "failed", failure, durationMs: 4200 } };

test("a node some of whose items failed says how many", () => {
  expect(failedItems(partly)).toBe(3);
  expect(statusOf(partly, "fn", 0)).toEqual({ tone: "failed", icon: "error", word: "3 of 1,200 failed" });
});

test("where all items failed, those of an older result are not counted", () => {
  const all: NodeState = { ...partly, outcome: { kind: "failed", failure, durationMs: 17 } };
  expect(failedItems(all)).toBe(0);
  expect(statusOf(all, "fn", 0)?.word).toBe("failed");
});

test("where there is no result, the items of the attempt that made none are counted", () => {
  const items = { total: 1200, succeeded: 7, reused: 0, failed: 2 };
  const stopped: NodeState = { ...IDLE_NODE, outcome: { kind: "cancelled", durationMs: 17, items } };
  expect(countsOf(stopped)).toEqual(items);
  expect(countsOf({ ...stopped, outcome: { kind: "failed", failure, durationMs: 17, items } })).toEqual(items);
  expect(countsOf({ ...stopped, result })).toEqual({ total: 1200, failed: 0 });
  expect(countsOf({ ...stopped, outcome: { kind: "cancelled", durationMs: 17 } })).toBeNull();
});

test("where the attempt made no result, it is said that the items are an earlier one's, and how far it came", () => {
  const items = { total: 1200, succeeded: 7, reused: 0, failed: 2 };
  const stopped: NodeState = { ...partly, outcome: { kind: "cancelled", durationMs: 17, items } };
  expect(earlierItems(stopped)).toBe("Stopped at 9 of 1,200. These are the items of an earlier run.");
  expect(earlierItems({ ...stopped, outcome: { kind: "cancelled", durationMs: 17 } })).toBe(
    "These are the items of an earlier run.",
  );
  expect(earlierItems({ ...stopped, outcome: { kind: "failed", failure, durationMs: 17, items } })).toBe(
    "These are the items of an earlier run.",
  );
  expect(earlierItems({ ...stopped, activity: { kind: "waiting" } })).toBeNull();
  expect(earlierItems({ ...stopped, result: null })).toBeNull();
  expect(earlierItems(partly)).toBeNull();
  expect(earlierItems({ ...partly, outcome: { kind: "succeeded", durationMs: 4200 } })).toBeNull();
});

test("nor where it failed for another reason, or runs again", () => {
  const thrown = { reason: "invalid-input", message: "no list" } as const;
  expect(failedItems({ ...partly, outcome: { kind: "failed", failure: thrown, durationMs: 4200 } })).toBe(0);
  expect(failedItems({ ...partly, activity: { kind: "waiting" } })).toBe(0);
});

test("while it runs, it says how many have ended, however they did", () => {
  const items = { total: 120, succeeded: 30, reused: 5, failed: 2 };
  const running: NodeState = { ...partly, activity: { kind: "running", startedAt: 0, progress: { items } } };
  expect(countsOf(running)).toMatchObject({ total: 120, failed: 2 });
  expect(statusOf(running, "fn", 9000)).toEqual({ tone: "running", icon: "running", word: "37 of 120" });
});

test("an item tells the time that it takes, then the time that it took", () => {
  const item = { index: 0, inputs: {}, outputs: {}, log: [] };
  expect(timeOf({ ...item, status: "running", startedAt: 1000 }, 4200)).toBe("3 s");
  expect(timeOf({ ...item, status: "succeeded", durationMs: 1234 }, 0)).toBe("1.2 s");
  expect(timeOf({ ...item, status: "reused", durationMs: 1234 }, 0)).toBe("reused");
  expect(timeOf({ ...item, status: "waiting", durationMs: 0 }, 0)).toBe("");
  expect(timeOf(undefined, 0)).toBe("");
});
