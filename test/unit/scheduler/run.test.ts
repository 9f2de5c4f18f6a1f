import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Graph, NodeId } from "../../../src/model/graph.js";
import { failed, success } from "../../../src/model/outcome.js";
import type { RunRequest } from "../../../src/model/plan.js";
import type { HistoryEntry, ResultRecord } from "../../../src/model/result.js";
import type { RunEvent } from "../../../src/model/runEvent.js";
import type { StoredValue } from "../../../src/model/value.js";
import { Lanes } from "../../../src/scheduler/lanes.js";
import { outcomesOf } from "../../../src/scheduler/items/outcomes.js";
import { makePlan } from "../../../src/scheduler/planner.js";
import { Run } from "../../../src/scheduler/run.js";
import { BlobStore, StoreError } from "../../../src/store/blobs.js";
import { newRunLease } from "../../../src/store/claims.js";
import { digestOf, inlineValue } from "../../../src/store/storedValue.js";
import { FakeBackend } from "./fakeBackend.js";
import { FakeClock, settle } from "./fakeClock.js";
import { controlled, fn, graphOf } from "./graphs.js";

/** What is kept from one run to the next, as a store and a sheet would. */
class Memory {
  readonly results = new Map<string, ResultRecord>();
  readonly selected = new Map<NodeId, ResultRecord>();
  readonly counts = new Map<NodeId, number>();
  readonly history: HistoryEntry[] = [];
  readonly readOnly = false;
  values: Record<string, StoredValue> = {};
  full = false;
  readonly blobs = new BlobStore(mkdtempSync(join(tmpdir(), "run-test-")));

  findFresh = async (fingerprint: string, preferred?: string) => {
    const found = [...this.results.values()].filter((result) => result.fingerprint === fingerprint);
    return found.find(({ id }) => id === preferred) ?? found.at(-1) ?? null;
  };

  /** What was begun or kept of items, in order. */
  readonly ofItems: string[] = [];

  beginItems = async (_sheet: string, node: NodeId, runId: string) => {
    this.ofItems.push(`${node} in ${runId}`);
    return success(undefined);
  };

  putResult = async (record: ResultRecord) => {
    if (this.full) return failed({ reason: "store", message: "The disk is full." } as const);
    if (!record.items) this.ofItems.push(record.node);
    this.results.set(record.id, record);
    return success(undefined);
  };

  /** What writing waits for. */
  disk: Promise<unknown> = Promise.resolve();

  appendHistory = async (_sheet: string, entry: HistoryEntry) => {
    await this.disk;
    this.history.push(entry);
    return success(undefined);
  };
}

let memory: Memory;
let backend: FakeBackend;
let clock: FakeClock;
let events: RunEvent[];

beforeEach(() => {
  memory = new Memory();
  backend = new FakeBackend();
  clock = new FakeClock();
});

afterEach(() => rmSync(memory.blobs.folder, { recursive: true }));

async function prepared(graph: Graph, request: Partial<RunRequest> = {}) {
  const whole: RunRequest = { scope: "all", targets: [], reuse: "fresh", ...request };
  const plan = await makePlan(graph, whole, memory);
  if (!plan.ok) throw new Error(plan.failure.message);
  events = [];
  const run = new Run({
    runId: "run",
    request: whole,
    plan: plan.value,
    graph,
    sheet: "main",
    values: memory.values,
    problems: {},
    nodeNow: () => undefined,
    data: new Map(),
    selected: memory.selected,
    counts: memory.counts,
    store: memory,
    lease: newRunLease(null),
    prepare: backend.prepare,
    lanes: new Lanes(),
    emit: (event) => events.push(event),
    ended: (node, count, result) => {
      memory.counts.set(node, count);
      if (result) memory.selected.set(node, result);
    },
    clock,
    versions: { daggr: "test" },
  });
  return { run, plan: plan.value };
}

async function begin(graph: Graph, request: Partial<RunRequest> = {}) {
  const { run } = await prepared(graph, request);
  return { run, end: run.execute() };
}

const log = () => events.map((event) => ("node" in event ? `${event.type} ${event.node}` : event.type));
const thrown = { status: "failed", failure: { reason: "thrown", message: "It threw." }, drawn: {} } as const;

const chain = graphOf([controlled("a"), fn("b", ["a"]), fn("c", ["b"])]);

/** Runs once an item of what `list` gives. */
function perItem(id: string): ReturnType<typeof fn> {
  const node = fn(id, ["list"]);
  return { ...node, edges: node.edges.map((edge) => ({ ...edge, mode: "scatter" })) };
}

/** Lets `list` give these items. */
async function giveItems(...items: string[]): Promise<void> {
  const outputs = { output: inlineValue(items)! };
  (await backend.started("list")).finish({ status: "succeeded", outputs, drawn: {}, versions: {} });
}

async function runChain() {
  const { end } = await begin(chain);
  for (const id of ["a", "b", "c"]) (await backend.started(id)).give(`from ${id}`);
  return end;
}

test("a node gets what its upstream gave, and the run is written down in order", async () => {
  const { end } = await begin(chain);
  (await backend.started("a")).give("from a");
  const b = await backend.started("b");
  expect(b.task.inputs).toEqual({ a: inlineValue("from a") });
  b.give("from b");
  (await backend.started("c")).give("from c");
  expect(await end).toEqual({ status: "succeeded", executed: 3, reused: 0 });
  expect(memory.history.map(({ node, status, count }) => [node, status, count])).toEqual([
    ["a", "succeeded", 1],
    ["b", "succeeded", 1],
    ["c", "succeeded", 1],
  ]);
  const result = memory.selected.get("b");
  expect(result?.upstream).toEqual({ a: memory.selected.get("a")?.id });
  expect(result?.versions).toEqual({ daggr: "test" });
  expect(backend.released).toBe(1);
});

test("a second run executes nothing, needs no process, and says what it saved", async () => {
  await runChain();
  backend = new FakeBackend();
  backend.problem = { reason: "load-failed", message: "nobody should load anything" };
  const { end } = await begin(chain);
  expect(await end).toEqual({ status: "succeeded", executed: 0, reused: 3 });
  expect(log()).toEqual(["started", "node-reused a", "node-reused b", "node-reused c", "finished"]);
  expect(memory.counts.get("b")).toBe(1);
});

test("what runs again but gives the same as before leaves what follows fresh", async () => {
  await runChain();
  memory.values = { a: inlineValue("typed")! };
  const { end } = await begin(chain);
  (await backend.started("a")).give("from a");
  expect(await end).toEqual({ status: "succeeded", executed: 1, reused: 2 });
});

test("going back to an earlier input finds the earlier results", async () => {
  await runChain();
  memory.values = { a: inlineValue("typed")! };
  const other = await begin(chain);
  for (const id of ["a", "b", "c"]) (await backend.started(id)).give(`other ${id}`);
  await other.end;
  memory.values = {};
  const { end } = await begin(chain);
  expect(await end).toMatchObject({ executed: 0, reused: 3 });
  expect(memory.selected.get("c")?.outputs.output).toEqual(inlineValue("from c"));
});

test("a failure blocks what depends on it, once each, and nothing else", async () => {
  const diamond = graphOf([fn("a"), fn("left", ["a"]), fn("right", ["a"]), fn("join", ["left", "right"]), fn("aside")]);
  const { end } = await begin(diamond);
  (await backend.started("a")).finish(thrown);
  (await backend.started("aside")).give("fine");
  expect(await end).toEqual({ status: "failed", executed: 2, reused: 0 });
  expect(log().filter((line) => line.startsWith("node-blocked"))).toEqual([
    "node-blocked left",
    "node-blocked right",
    "node-blocked join",
  ]);
  expect(memory.history.map(({ node, status }) => `${node} ${status}`)).toEqual(["a failed", "aside succeeded"]);
});

test("functions run one at a time in the order of the plan; those that may, run beside them", async () => {
  const graph = graphOf([
    fn("one"),
    fn("two"),
    fn("free", [], { concurrent: true }),
    fn("also", [], { concurrent: true }),
  ]);
  const { end } = await begin(graph);
  await backend.started("also");
  expect(backend.under).toEqual(["one", "free", "also"]);
  (await backend.started("one")).give("");
  await backend.started("two");
  for (const id of ["free", "also", "two"]) (await backend.started(id)).give("");
  await end;
});

test("a concurrency group bounds its members and nobody else", async () => {
  const limits = { concurrencyGroup: "gpu", maxConcurrent: 2 };
  const graph = graphOf([fn("g1", [], limits), fn("g2", [], limits), fn("g3", [], limits), fn("other")]);
  const { end } = await begin(graph);
  await backend.started("other");
  expect(backend.under).toEqual(["g1", "g2", "other"]);
  (await backend.started("g2")).give("");
  await backend.started("g3");
  for (const id of ["g1", "g3", "other"]) (await backend.started(id)).give("");
  await end;
});

test("a result that was damaged since the plan was made is made again", async () => {
  await runChain();
  const { run, plan } = await prepared(chain);
  expect(plan.steps.map(({ action }) => action)).toEqual(["reuse", "reuse", "reuse"]);
  memory.results.delete(memory.selected.get("b")!.id);
  const end = run.execute();
  (await backend.started("b")).give("from b");
  expect(await end).toEqual({ status: "succeeded", executed: 1, reused: 2 });
  expect(memory.results.has(memory.selected.get("b")!.id)).toBe(true);
});

test("the selected one of several results for the same inputs stays selected, unless it is damaged", async () => {
  await runChain();
  const first = memory.selected.get("c")!;
  const again = await begin(chain, { scope: "only", targets: ["c"], reuse: "not-targets" });
  (await backend.started("c")).give("another draw");
  await again.end;
  memory.selected.set("c", first);
  await (
    await begin(chain)
  ).end;
  expect(memory.selected.get("c")?.id).toBe(first.id);
  memory.results.delete(first.id);
  await (
    await begin(chain)
  ).end;
  expect(memory.selected.get("c")?.outputs.output).toEqual(inlineValue("another draw"));
});

test("a run that is stopped while the disk is behind with what was reused ends when what is under way has ended", async () => {
  const many = Array.from({ length: 80 }, (_, i) => fn(`r${i + 10}`, [], { concurrent: true }));
  const before = await begin(graphOf(many));
  for (const { id } of many) (await backend.started(id)).give(id);
  await before.end;
  const disk = Promise.withResolvers<undefined>();
  memory.disk = disk.promise;
  const { run, end } = await begin(graphOf([...many, fn("slow"), fn("slower")]));
  const slow = await backend.started("slow");
  let over = false;
  void end.then(() => (over = true));
  const stopped = run.stop();
  disk.resolve(undefined);
  await settle();
  await settle();
  expect(over).toBe(false);
  slow.finish({ status: "cancelled" });
  await stopped;
  expect(await end).toMatchObject({ status: "cancelled", executed: 1 });
  expect(log().slice(-2)).toEqual(["node-cancelled slow", "finished"]);
});

test("stopping the run stops what is under way, starts nothing else and records no result", async () => {
  const { run, end } = await begin(chain);
  const a = await backend.started("a");
  const stopped = run.stop();
  expect(a.signal.aborted).toBe(true);
  a.finish({ status: "cancelled" });
  await stopped;
  expect(await end).toEqual({ status: "cancelled", executed: 1, reused: 0 });
  expect(log()).toEqual(["started", "node-started a", "node-cancelled a", "finished"]);
  expect(memory.history).toMatchObject([{ node: "a", status: "cancelled", count: 1 }]);
  expect(memory.results.size).toBe(0);
});

test("stopping one node blocks what depends on it, and the others go on", async () => {
  const graph = graphOf([fn("a"), fn("after", ["a"]), fn("b")]);
  const { run, end } = await begin(graph);
  const a = await backend.started("a");
  const stopped = run.stop("a");
  a.finish({ status: "cancelled" });
  await stopped;
  (await backend.started("b")).give("fine");
  expect(await end).toMatchObject({ status: "cancelled" });
  expect(log()).toContain("node-blocked after");
  expect(log()).toContain("node-succeeded b");
});

test("a node that only waits for its turn is stopped at once", async () => {
  const { run, end } = await begin(graphOf([fn("a"), fn("b")]));
  const a = await backend.started("a");
  await run.stop("b");
  expect(log()).toEqual(["started", "node-started a", "node-cancelled b"]);
  a.give("fine");
  await end;
  expect(backend.log).toEqual(["a"]);
});

test("when results cannot be kept the output still shows, the failure is said and the run stops", async () => {
  memory.full = true;
  const { end } = await begin(chain);
  (await backend.started("a")).give("from a");
  const b = await backend.started("b").catch(() => null);
  b?.finish({ status: "cancelled" });
  expect(await end).toMatchObject({ status: "failed" });
  expect(log()).toContain("node-succeeded a");
  expect(events.at(-1)).toMatchObject({ type: "finished", failure: { reason: "store", message: "The disk is full." } });
  expect(memory.history).toEqual([]);
});

test("a program that does not load ends the run, and is no node's fault", async () => {
  backend.problem = { reason: "load-failed", message: "It does not load." };
  const { end } = await begin(graphOf([fn("a"), fn("b")]));
  expect(await end).toEqual({ status: "failed", executed: 0, reused: 0 });
  expect(log()).toEqual(["started", "finished"]);
  expect(events.at(-1)).toMatchObject({ type: "finished", failure: { reason: "load-failed" } });
});

describe("a run covers a request", () => {
  const asked = (request: Partial<RunRequest>): RunRequest => ({
    scope: "to",
    targets: [],
    reuse: "fresh",
    ...request,
  });
  const basis = (graph: Graph) => ({ graph, values: memory.values });

  test("for what it has yet to execute", async () => {
    const { run, end } = await begin(chain, { scope: "to", targets: ["b"] });
    expect(run.covers(asked({ targets: ["a", "b"] }), basis(chain))).toBe(true);
    expect(run.covers(asked({ targets: ["c"] }), basis(chain))).toBe(false);
    (await backend.started("a")).give("");
    await backend.started("b");
    expect(run.covers(asked({ targets: ["a"] }), basis(chain))).toBe(false);
    (await backend.started("b")).give("");
    await end;
  });

  test("unless what the nodes are made from has changed", async () => {
    const { run, end } = await begin(chain);
    const request = asked({ targets: ["b"] });
    const typed = { ...memory.values, a: inlineValue("typed")! };
    const edited = graphOf([controlled("a"), { ...fn("b", ["a"]), code: "edited" }, fn("c", ["b"])]);
    const moved = graphOf([controlled("a"), fn("b", ["a"]), { ...fn("c", ["b"]), code: "edited" }]);
    expect(run.covers(request, { graph: chain, values: typed })).toBe(false);
    expect(run.covers(request, basis(edited))).toBe(false);
    expect(run.covers(request, basis(moved))).toBe(true);
    expect(run.covers(asked({ scope: "all" }), basis(moved))).toBe(false);
    for (const id of ["a", "b", "c"]) (await backend.started(id)).give("");
    await end;
  });

  test("for a node that is asked for whatever happens only if it is sure to be executed", async () => {
    await runChain();
    memory.values = { a: inlineValue("typed")! };
    const { run, end } = await begin(chain);
    // What follows `a` runs only if that gives another value.
    expect(run.covers(asked({ targets: ["b"] }), basis(chain))).toBe(true);
    expect(run.covers(asked({ targets: ["b"], reuse: "not-targets" }), basis(chain))).toBe(false);
    expect(run.covers(asked({ targets: ["a"], reuse: "not-targets" }), basis(chain))).toBe(true);
    expect(run.covers(asked({ targets: ["b"], reuse: "never" }), basis(chain))).toBe(false);
    (await backend.started("a")).give("from a");
    await end;
  });

  test("never when it is being stopped, and not again after something in it has failed", async () => {
    const graph = graphOf([fn("a"), fn("b")]);
    const all = asked({ scope: "all" });
    const { run, end } = await begin(graph);
    expect(run.covers(all, basis(graph))).toBe(true);
    (await backend.started("a")).finish(thrown);
    const b = await backend.started("b");
    expect(run.covers(all, basis(graph))).toBe(false);
    expect(run.covers(asked({ targets: ["b"] }), basis(graph))).toBe(true);
    const stopped = run.stop();
    expect(run.covers(asked({ targets: ["b"] }), basis(graph))).toBe(false);
    b.finish({ status: "cancelled" });
    await Promise.all([stopped, end]);
  });
});

test("what is stopped while its items wait for room does not wait for it any longer", async () => {
  const { run, end } = await begin(graphOf([fn("list"), perItem("first"), perItem("second")]));
  await giveItems("x", "y");
  const item = await backend.started("first");
  for (let turn = 0; turn < 50; turn++) await settle();
  const stopped = run.stop("second").then(() => "stopped");
  for (let turn = 0; turn < 50; turn++) await settle();
  expect(await Promise.race([stopped, settle()])).toBe("stopped");
  item.give("X");
  (await backend.started("first")).give("Y");
  expect(await end).toEqual({ status: "cancelled", executed: 2, reused: 0 });
  expect(backend.log).toEqual(["list", "first", "first"]);
});

test("lists that cannot be kept are the failure of their node, which is written down; its items are not under way any more", async () => {
  const { run, end } = await begin(graphOf([fn("list"), perItem("first")]));
  await giveItems("x", "y");
  memory.blobs.putPieces = () => Promise.reject(new StoreError({ reason: "store", message: "The disk is full." }));
  for (const long of ["X", "Y"]) (await backend.started("first")).give(long.repeat(3000));
  expect(await end).toMatchObject({ status: "failed" });
  expect(events.find(({ type }) => type === "node-failed")).toMatchObject({
    node: "first",
    failure: { reason: "store", message: "The disk is full." },
  });
  expect(memory.history.at(-1)).toMatchObject({ node: "first", status: "failed", failure: { reason: "store" } });
  expect(run.items("first", 0, 10)).toBeNull();
});

test("an item whose value cannot be kept says why, and the others go on", async () => {
  const { run, end } = await begin(graphOf([fn("list"), perItem("first")]));
  memory.blobs.putPieces = () => Promise.reject(new StoreError({ reason: "store", message: "The disk is full." }));
  const value = ["x".repeat(5000), "y"];
  (await backend.started("list")).finish({
    status: "succeeded",
    outputs: { output: { kind: "inline", digest: digestOf(value), value } },
    drawn: {},
    versions: {},
  });
  const item = await backend.started("first");
  expect(run.items("first", 0, 1)?.items).toMatchObject([{ status: "failed", failure: { reason: "store" } }]);
  Reflect.deleteProperty(memory.blobs, "putPieces");
  item.give("Y");
  expect(await end).toMatchObject({ status: "failed" });
  expect(memory.selected.get("first")?.outputs.output).toMatchObject({ value: ["Y"] });
});

test("whose the results of items are is told before the first is kept, for the run may be killed", async () => {
  const { end } = await begin(graphOf([fn("list"), perItem("first")]));
  await giveItems("x", "y");
  for (const value of ["X", "Y"]) (await backend.started("first")).give(value);
  await end;
  expect(memory.ofItems).toEqual(["list", "first in run", "first", "first"]);
});

test("however much items write, what is kept of it is bounded, and is the end of it", async () => {
  const { end } = await begin(graphOf([fn("list"), perItem("first")]));
  const names = Array.from({ length: 200 }, (_, i) => String(i));
  await giveItems(...names);
  for (const name of names) {
    const item = await backend.started("first");
    const line = (text: string) => ({ level: "log", text, at: 0 }) as const;
    for (let i = 0; i < 50; i++) item.events.log([line("x".repeat(5000)), line(`line ${i}`)]);
    if (name === "0") item.events.log([line("y".repeat(1 << 20))]);
    item.give(name);
  }
  expect(await end).toMatchObject({ status: "succeeded" });
  const { outcomes } = memory.selected.get("first")!.items!;
  expect(outcomes).toMatchObject({ kind: "blob" });
  expect(outcomes.kind === "blob" && outcomes.size).toBeLessThan(12 << 20);
  const read = await outcomesOf({ outcomes }, memory.blobs);
  const logs = read.ok ? read.value.map(({ log = [] }) => log.map(({ text }) => text)) : [];
  expect(logs[0]?.map((text) => text.slice(-30))).toEqual([expect.stringMatching(/^y+… \(1048576 characters\)$/)]);
  expect(logs[199]?.length).toBeGreaterThan(2);
  expect(logs[199]?.at(-1)).toBe("line 49");
});
