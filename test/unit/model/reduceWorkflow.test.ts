import { describe, expect, it } from "vitest";
import type { Failure } from "../../../src/model/failure.js";
import { initialWorkflowState, reduceWorkflow } from "../../../src/model/reduceWorkflow.js";
import type { ResultView } from "../../../src/model/runEvent.js";
import { LOG_LIMIT, type WorkflowEvent, type WorkflowState } from "../../../src/model/workflowState.js";

const runId = "r1";
const thrown: Failure = { reason: "thrown", message: "`image`: no paint left" };

function result(id: string, durationMs = 40): ResultView {
  const digest = "0".repeat(64);
  return {
    id,
    fingerprint: `f-${id}`,
    outputs: { out: { kind: "inline", digest, value: id } },
    drawn: {},
    finishedAt: 5,
    durationMs,
  };
}

function after(events: readonly WorkflowEvent[], from = initialWorkflowState("/w/a.daggr.ts", true)): WorkflowState {
  return events.reduce(reduceWorkflow, from);
}

const started: WorkflowEvent = {
  type: "started",
  runId,
  at: 1,
  request: { scope: "all", targets: [], reuse: "fresh" },
  plan: {
    steps: [
      { node: "prompt", action: "reuse", reason: "fresh" },
      { node: "image", action: "run", reason: "no result yet" },
      { node: "cutout", action: "run-if-changed", reason: "`image` runs first" },
    ],
  },
};

describe("a run, as a view follows it", () => {
  it("marks what is going to run as waiting and leaves what is reused alone", () => {
    const state = after([started]);
    expect(state.run).toEqual({ runId, startedAt: 1, total: 3, done: 0 });
    expect(state.nodes.image?.activity.kind).toBe("waiting");
    expect(state.nodes.cutout?.activity.kind).toBe("waiting");
    expect(state.nodes.prompt).toBeUndefined();
  });

  it("shows progress and partial output only while the node is running, and forgets both when it ends", () => {
    const partial = result("half").outputs;
    const running = after([
      started,
      { type: "node-started", runId, node: "image", at: 2, count: 3 },
      { type: "node-progress", runId, node: "image", progress: { fraction: 0.5 } },
      { type: "node-partial", runId, node: "image", outputs: partial },
    ]);
    expect(running.nodes.image?.activity).toEqual({
      kind: "running",
      startedAt: 2,
      progress: { fraction: 0.5 },
      partial,
    });
    expect(running.nodes.image?.count).toBe(3);

    const late = after(
      [
        { type: "node-succeeded", runId, node: "image", at: 9, result: result("a") },
        { type: "node-progress", runId, node: "image", progress: { fraction: 0.9 } },
        { type: "node-partial", runId, node: "image", outputs: partial },
      ],
      running,
    );
    expect(late.nodes.image).toMatchObject({
      activity: { kind: "idle" },
      outcome: { kind: "succeeded", durationMs: 40 },
      freshness: { kind: "fresh" },
      result: { id: "a" },
    });
    expect(late.run?.done).toBe(1);
  });

  it("keeps what had been given of an execution that failed or was stopped, until the next", () => {
    const partial = result("half").outputs;
    const running = after([
      started,
      { type: "node-started", runId, node: "image", at: 2, count: 3 },
      { type: "node-partial", runId, node: "image", outputs: partial },
    ]);
    const broken = after(
      [{ type: "node-failed", runId, node: "image", at: 3, durationMs: 1, failure: thrown }],
      running,
    );
    expect(broken.nodes.image?.outcome).toEqual({ kind: "failed", failure: thrown, durationMs: 1, partial });
    const stopped = after([{ type: "node-cancelled", runId, node: "image", at: 3, durationMs: 1 }], running);
    expect(stopped.nodes.image?.outcome).toEqual({ kind: "cancelled", durationMs: 1, partial });
    const anew: WorkflowEvent[] = [
      { type: "node-started", runId, node: "image", at: 4, count: 4 },
      { type: "node-cancelled", runId, node: "image", at: 5, durationMs: 1 },
    ];
    expect(after(anew, broken).nodes.image?.outcome).toEqual({ kind: "cancelled", durationMs: 1 });
  });

  it("is forgotten with its sheet, and with no edit of that", () => {
    const ended: WorkflowEvent = {
      type: "finished",
      runId,
      at: 3,
      status: "succeeded",
      executed: 1,
      reused: 0,
      savedMs: 0,
    };
    const sheet = { id: "main", name: "renamed", values: {} };
    const run = after([started, ended, { type: "sheet-changed", sheet }]);
    expect(run.lastRun).toMatchObject({ executed: 1 });
    expect(after([{ type: "sheet-changed", sheet: { ...sheet, id: "night" } }], run).lastRun).toBeNull();
  });

  it("holds what waits for its turn", () => {
    const queue = [{ scope: "to" as const, targets: ["cutout"], reuse: "fresh" as const }];
    const state = after([started, { type: "queue-changed", queue }]);
    expect(state.queue).toEqual(queue);
    expect(state.nodes.cutout?.activity).toEqual({ kind: "waiting" });
  });

  it("keeps the last good result beside a failure", () => {
    const state = after([
      { type: "node-succeeded", runId: "r0", node: "image", at: 1, result: result("good") },
      { type: "freshness-changed", nodes: { image: { kind: "stale", reason: "code of `image` changed" } } },
      started,
      { type: "node-started", runId, node: "image", at: 2, count: 2 },
      { type: "node-failed", runId, node: "image", at: 3, durationMs: 1, failure: thrown },
      { type: "node-blocked", runId, node: "cutout", at: 3, by: "image", failure: thrown },
    ]);
    expect(state.nodes.image?.outcome).toEqual({ kind: "failed", failure: thrown, durationMs: 1 });
    expect(state.nodes.image?.result?.id).toBe("good");
    expect(state.nodes.image?.freshness.kind).toBe("stale");
    expect(state.nodes.cutout?.outcome).toEqual({ kind: "blocked", by: "image", failure: thrown });
  });

  it("leaves nothing running or waiting when it ends, whatever was cut off", () => {
    const state = after([
      started,
      { type: "node-started", runId, node: "image", at: 2, count: 1 },
      { type: "finished", runId, at: 3, status: "cancelled", executed: 0, reused: 1, savedMs: 12 },
    ]);
    expect(Object.values(state.nodes).map((node) => node.activity.kind)).toEqual(["idle", "idle"]);
    expect(state.run).toBeNull();
    expect(state.lastRun).toEqual({ status: "cancelled", executed: 0, reused: 1, savedMs: 12 });
  });

  it("starts a new log with every execution and keeps only its last lines", () => {
    const line = (text: string) => ({ level: "log" as const, text, at: 0 });
    const many = Array.from({ length: LOG_LIMIT + 5 }, (_, index) => line(`line ${index}`));
    const state = after([
      { type: "node-log", runId: "r0", node: "image", lines: [line("old")] },
      { type: "node-started", runId, node: "image", at: 2, count: 2 },
      { type: "node-log", runId, node: "image", lines: many },
    ]);
    expect(state.nodes.image?.log).toHaveLength(LOG_LIMIT);
    expect(state.nodes.image?.log.at(-1)?.text).toBe(`line ${LOG_LIMIT + 4}`);
    expect(state.nodes.image?.log[0]?.text).toBe("line 5");
  });
});

describe("what happens outside a run", () => {
  it("never changes the state it was given", () => {
    const before = after([started]);
    const copy = structuredClone(before);
    after([{ type: "node-started", runId, node: "image", at: 2, count: 1 }], before);
    expect(before).toEqual(copy);
  });

  it("keeps results while the text does not parse", () => {
    const state = after([
      { type: "node-succeeded", runId, node: "image", at: 1, result: result("a") },
      { type: "graph-changed", graph: null, graphStatus: "last-good", diagnostics: [] },
    ]);
    expect(state.graphStatus).toBe("last-good");
    expect(state.nodes.image?.result?.id).toBe("a");
  });
});
