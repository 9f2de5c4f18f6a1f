import { expect, test } from "vitest";
import type { FailureReason } from "../../../src/model/failure.js";
import type { NodeLimits } from "../../../src/model/graph.js";
import { execute, type AttemptsEnd } from "../../../src/scheduler/execution.js";
import type { ExecutionEnd } from "../../../src/scheduler/executorBackend.js";
import { inlineValue } from "../../../src/store/storedValue.js";
import { FakeBackend } from "./fakeBackend.js";
import { FakeClock } from "./fakeClock.js";
import { fn } from "./graphs.js";

const succeeded: ExecutionEnd = { status: "succeeded", outputs: {}, drawn: {}, versions: {} };
const failedWith = (reason: FailureReason): ExecutionEnd => ({
  status: "failed",
  failure: { reason, message: `It was ${reason}.` },
  drawn: {},
});
const reasonOf = (end: AttemptsEnd) => (end.status === "failed" ? end.failure.reason : null);

function begin(limits: NodeLimits, unhurried = false) {
  const backend = new FakeBackend();
  const clock = new FakeClock();
  const cancel = new AbortController();
  const lines: string[] = [];
  const sinks = {
    progress() {},
    partial() {},
    returned() {},
    log: (more: readonly { text: string }[]) => void lines.push(...more.map(({ text }) => text)),
  };
  const node = fn("call", [], limits);
  const end = execute(backend.program, node, { inputs: {} }, { ...sinks, begin() {} }, cancel.signal, clock, unhurried);
  return { backend, clock, cancel, lines, end };
}

test("a transient fault is tried again after a pause, as often as the node's retries allow", async () => {
  const { backend, clock, lines, end } = begin({ retries: 2 });
  (await backend.started("call")).finish(failedWith("connection-lost"));
  await clock.advance(1000);
  (await backend.started("call")).finish(failedWith("unavailable"));
  await clock.advance(2000);
  (await backend.started("call")).finish(failedWith("rate-limited"));
  expect(reasonOf(await end)).toBe("rate-limited");
  expect(lines).toEqual([
    "Attempt 1 failed: It was connection-lost. Trying again in 1.0 s.",
    "Attempt 2 failed: It was unavailable. Trying again in 2.0 s.",
  ]);
});

test("another attempt goes on from what a server has answered in one whose time was up", async () => {
  const { backend, clock, end } = begin({ retries: 1, timeout: 5 });
  const first = await backend.started("call");
  const value = inlineValue("the answer")!;
  first.events.returned({ value, versions: {}, drawn: {} });
  await clock.advance(5000);
  first.finish({ status: "cancelled" });
  await clock.advance(1000);
  const second = await backend.started("call");
  expect(second.task.returned).toEqual(value);
  second.finish(succeeded);
  expect((await end).status).toBe("succeeded");
});

test("what went wrong in a server is tried again where the author asked for attempts", async () => {
  const { backend, clock, end } = begin({ retries: 1 });
  (await backend.started("call")).finish(failedWith("remote-error"));
  await clock.advance(1000);
  (await backend.started("call")).finish(succeeded);
  expect((await end).status).toBe("succeeded");
});

test("a fault that would only repeat itself is not tried again", async () => {
  const { backend, end } = begin({ retries: 5 });
  (await backend.started("call")).finish(failedWith("invalid-input"));
  expect(reasonOf(await end)).toBe("invalid-input");
});

test("what a function throws is tried again where its author asked for attempts, and not otherwise", async () => {
  const { backend, clock, end } = begin({ retries: 1 });
  (await backend.started("call")).finish(failedWith("thrown"));
  await clock.advance(1000);
  (await backend.started("call")).finish(succeeded);
  expect((await end).status).toBe("succeeded");

  const once = begin({});
  (await once.backend.started("call")).finish(failedWith("thrown"));
  expect(reasonOf(await once.end)).toBe("thrown");
});

test("an attempt that takes longer than the node's timeout is cancelled and fails as such", async () => {
  const { backend, clock, end } = begin({ timeout: 3 });
  const execution = await backend.started("call");
  await clock.advance(2999);
  expect(execution.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(execution.signal.aborted).toBe(true);
  execution.finish({ status: "cancelled" });
  expect(await end).toMatchObject({
    failure: { reason: "timeout", message: "`call` took longer than its limit of 3 s and was stopped." },
  });
});

test("an attempt that took too long is followed by another, of the same length, where the author asked for attempts", async () => {
  const { backend, clock, lines, end } = begin({ timeout: 3, retries: 1 });
  const first = await backend.started("call");
  await clock.advance(3000);
  expect(first.signal.aborted).toBe(true);
  first.finish({ status: "cancelled" });
  await clock.advance(1000);
  const second = await backend.started("call");
  expect(lines).toEqual([
    "Attempt 1 failed: `call` took longer than its limit of 3 s and was stopped. Trying again in 1.0 s.",
  ]);
  await clock.advance(2999);
  expect(second.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(second.signal.aborted).toBe(true);
  second.finish({ status: "cancelled" });
  expect(reasonOf(await end)).toBe("timeout");
});

test("a result that comes in just as time is up counts", async () => {
  const { backend, clock, end } = begin({ timeout: 3 });
  const execution = await backend.started("call");
  await clock.advance(3000);
  execution.finish(succeeded);
  expect((await end).status).toBe("succeeded");
});

test("nobody is hurried while debugging", async () => {
  const { backend, clock, end } = begin({ timeout: 3 }, true);
  const execution = await backend.started("call");
  await clock.advance(60_000);
  expect(execution.signal.aborted).toBe(false);
  execution.finish(succeeded);
  await end;
});

test("cancelling ends the pause between attempts", async () => {
  const { backend, cancel, end } = begin({ retries: 2 });
  (await backend.started("call")).finish(failedWith("unreachable"));
  await Promise.resolve();
  cancel.abort();
  expect(await end).toEqual({ status: "cancelled" });
});

test("what no process has begun with is done again, though not for ever", async () => {
  const { backend, end } = begin({});
  for (let loss = 1; loss <= 3; loss++) (await backend.started("call")).finish({ status: "lost" });
  expect(reasonOf(await end)).toBe("process-exited");
});

test("what was cut off by another node's fault has begun, and is done again only if its retries say so", async () => {
  const once = begin({});
  (await once.backend.started("call")).finish({ status: "lost", by: "stuck" });
  expect(await once.end).toMatchObject({
    status: "failed",
    failure: {
      message: "The process that ran `call` had to be ended, because `stuck`, which ran in it too, did not stop.",
    },
  });
  const { backend, clock, lines, end } = begin({ retries: 1 });
  (await backend.started("call")).finish({ status: "lost", by: "stuck" });
  await clock.advance(1000);
  (await backend.started("call")).finish(succeeded);
  expect((await end).status).toBe("succeeded");
  expect(lines).toHaveLength(1);
});
