import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventStream } from "../../../src/engine/eventStream.js";
import { reduceWorkflow } from "../../../src/model/reduceWorkflow.js";
import type { WorkflowEvent, WorkflowState } from "../../../src/model/workflowState.js";

const run = { runId: "r", node: "a" };
const line = (text: string) => ({ level: "log", text, at: 0 }) as const;

let sent: { readonly sequence: number; readonly event: WorkflowEvent }[];
let stream: EventStream;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  stream = new EventStream("/flow.daggr.ts", true, (sequence, event) => sent.push({ sequence, event }));
});
afterEach(() => {
  stream.dispose();
  vi.useRealTimers();
});

const types = () => sent.map(({ event }) => event.type);

test("what a node says in a short time is sent at once: all lines, the last progress, the last partial output", () => {
  stream.emit({ type: "node-started", ...run, at: 1, count: 1 });
  for (const text of ["one", "two"]) stream.emit({ type: "node-log", ...run, lines: [line(text)] });
  for (const fraction of [0.1, 0.2]) stream.emit({ type: "node-progress", ...run, progress: { fraction } });
  stream.emit({ type: "node-partial", ...run, outputs: {} });
  expect(types()).toEqual(["node-started"]);
  vi.advanceTimersByTime(50);
  expect(sent.slice(1).map(({ event }) => event)).toEqual([
    { type: "node-log", ...run, lines: [line("one"), line("two")] },
    { type: "node-progress", ...run, progress: { fraction: 0.2 } },
    { type: "node-partial", ...run, outputs: {} },
  ]);
});

test("a chatty node sends at most twenty times a second", () => {
  for (let ms = 0; ms < 1000; ms += 10) {
    stream.emit({ type: "node-progress", ...run, progress: { fraction: ms / 1000 } });
    vi.advanceTimersByTime(10);
  }
  expect(sent.length).toBeLessThanOrEqual(20);
});

test("nothing that a node said comes after its end", () => {
  stream.emit({ type: "node-log", ...run, lines: [line("last words")] });
  stream.emit({ type: "node-cancelled", ...run, at: 2, durationMs: 1 });
  vi.advanceTimersByTime(1000);
  expect(types()).toEqual(["node-log", "node-cancelled"]);
});

test("of a flood of lines the last thousand are kept", () => {
  for (let i = 0; i < 10_000; i++) stream.emit({ type: "node-log", ...run, lines: [line(String(i))] });
  stream.flush();
  const { event } = sent[0]!;
  expect(event.type === "node-log" && event.lines.length).toBe(1000);
  expect(event.type === "node-log" && event.lines.at(-1)?.text).toBe("9999");
});

test("events count up by one from a snapshot's number, and lead from its state to the next one's", () => {
  stream.emit({ type: "node-started", ...run, at: 1, count: 1 });
  stream.emit({ type: "node-log", ...run, lines: [line("before")] });
  const { sequence, state } = stream.snapshot();
  sent = [];
  stream.emit({ type: "node-log", ...run, lines: [line("after")] });
  stream.emit({ type: "node-cancelled", ...run, at: 2, durationMs: 1 });
  expect(sent.map((each) => each.sequence)).toEqual([sequence + 1, sequence + 2]);
  const followed = sent.reduce<WorkflowState>((before, { event }) => reduceWorkflow(before, event), state);
  expect(followed).toEqual(stream.snapshot().state);
  expect(followed.nodes.a?.log.map(({ text }) => text)).toEqual(["before", "after"]);
});
