import { expect, test } from "vitest";
import { type Lane, Lanes, lanesOf } from "../../../src/scheduler/lanes.js";
import { fn, graphOf } from "./graphs.js";

const never = new AbortController().signal;
const lane = (limit: number): Lane => ({ name: "lane", limit });

/** Has executions enter, notes the order in which they may begin, and ends them. */
function visitors(limit: number) {
  const lanes = new Lanes();
  const order: string[] = [];
  const leaves = new Map<string, () => void>();
  const enter = (name: string, owner: object, position: number, signal = never): Promise<boolean> =>
    lanes.enter(lane(limit), { owner, position, signal }).then((leave) => {
      if (!leave) return false;
      order.push(name);
      leaves.set(name, leave);
      return true;
    });
  const leave = async (name: string) => {
    leaves.get(name)!();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { order, enter, leave };
}

test("what one run has waiting begins in the order of its plan", async () => {
  const { order, enter, leave } = visitors(1);
  const run = {};
  await enter("a", run, 0);
  void enter("d", run, 3);
  void enter("b", run, 1);
  void enter("c", run, 1);
  for (const name of ["a", "b", "c"]) await leave(name);
  expect(order).toEqual(["a", "b", "c", "d"]);
});

test("runs take turns: one that has much to do does not keep another waiting for all of it", async () => {
  const { order, enter, leave } = visitors(2);
  const [batch, other] = [{}, {}];
  for (let i = 0; i < 6; i++) void enter(`batch ${i}`, batch, 0);
  void enter("other 0", other, 5);
  void enter("other 1", other, 5);
  await Promise.resolve();
  await leave("batch 0");
  await leave("batch 1");
  // Each has one under way from here on.
  await leave("other 0");
  await leave("batch 2");
  expect(order).toEqual(["batch 0", "batch 1", "other 0", "batch 2", "other 1", "batch 3"]);
});

test("what is no longer wanted leaves the queue at once, whoever else is under way", async () => {
  const { order, enter, leave } = visitors(1);
  const [run, other] = [{}, {}];
  await enter("long", other, 0);
  const stop = new AbortController();
  const waiting = enter("stopped", run, 0, stop.signal);
  const next = enter("next", run, 1);
  stop.abort();
  expect(await waiting).toBe(false);
  await leave("long");
  expect(await next).toBe(true);
  expect(order).toEqual(["long", "next"]);
});

const app = (id: string, space: string) => ({
  ...fn(id),
  kind: "gradio" as const,
  target: { kind: "gradio" as const, space, apiName: "/predict", runLocally: false, validate: true },
});

test("apps on the same host share a lane, across workflows; other hosts have theirs", () => {
  const nodes = [
    app("a", "http://127.0.0.1:7860/"),
    app("b", "http://127.0.0.1:7860/gradio"),
    app("c", "owner/space"),
    app("d", "Owner/Space"),
  ];
  const laneOf = lanesOf(graphOf(nodes));
  const [a, b, c, d] = nodes.map((node) => laneOf(node));
  expect(a).toEqual(b);
  expect(c).toEqual(d);
  expect(a?.name).not.toBe(c?.name);
  expect([a, c].map((of) => of?.shared)).toEqual([true, true]);
});

test("a group's bound is the smallest that any of its nodes names", () => {
  const group = (id: string, maxConcurrent?: number) =>
    fn(id, [], { concurrencyGroup: "gpu", ...(maxConcurrent !== undefined && { maxConcurrent }) });
  const nodes = [group("a", 4), group("b"), group("c", 2)];
  expect(nodes.map(lanesOf(graphOf(nodes))).map(({ limit }) => limit)).toEqual([2, 2, 2]);
  const unbounded = [group("a"), group("b")];
  expect(unbounded.map(lanesOf(graphOf(unbounded))).map(({ limit }) => limit)).toEqual([1, 1]);
});
