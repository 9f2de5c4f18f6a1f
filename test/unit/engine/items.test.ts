import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

let w: Workspace;
afterEach(() => w.dispose());

/** Counts its calls in a file, for results are to be made once. */
const WORKFLOW = `import { appendFileSync } from "node:fs";
import { FnNode, Graph, gr } from "daggr";

const split = new FnNode(({ text }: { text: string }) => text.split(" ").filter((word) => word !== ""), {
  inputs: { text: gr.Textbox({ value: "the quick fox" }) },
  outputs: { words: gr.JSON() },
});
const shout = new FnNode(
  ({ word, mark }: { word: string; mark: string }) => {
    appendFileSync("calls.txt", word + "\\n");
    console.log("shouting " + word);
    if (word === "bad") throw new Error("no such word");
    return word.toUpperCase() + mark;
  },
  { inputs: { word: split.words.each, mark: gr.Textbox({ value: "!" }) }, outputs: { loud: gr.Textbox() } },
);
const twice = new FnNode(({ loud }: { loud: string }) => loud + loud, {
  inputs: { loud: shout.loud },
  outputs: { text: gr.Textbox() },
});
const joined = new FnNode(({ all }: { all: string[] }) => all.join(" "), {
  inputs: { all: twice.text.all() },
  outputs: { text: gr.Textbox() },
});
export default new Graph({ name: "items", nodes: [joined] });
`;

async function calls(): Promise<string[]> {
  const path = join(w.folder, "calls.txt");
  const text = await readFile(path, "utf8").catch(() => "");
  await rm(path, { force: true });
  return text.split("\n").filter((line) => line !== "");
}

async function items(node: string, from = 0, count = 100) {
  const page = await w.engine.items(w.file, node, from, count);
  if (!page.ok) throw new Error(page.failure.message);
  return page.value;
}

test("a node runs once an item, what hangs on it does so, too, and a gather puts the items together in order", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 4 } });
  expect(await calls()).toEqual(["the", "quick", "fox"]);
  expect(w.output("shout", "loud")).toEqual(["THE!", "QUICK!", "FOX!"]);
  expect(w.output("joined", "text")).toBe("THE!THE! QUICK!QUICK! FOX!FOX!");
  expect(w.node("shout").result?.items).toEqual({ count: 3, failed: 0 });
  const page = await items("shout", 1, 1);
  expect(page.counts).toEqual({ total: 3, succeeded: 3, reused: 0, failed: 0 });
  expect(page.items).toMatchObject([
    { index: 1, status: "succeeded", inputs: { word: { value: "quick" } }, outputs: { loud: { value: "QUICK!" } } },
  ]);
  expect(page.items[0]?.log.map(({ text, item }) => [text, item])).toEqual([["shouting quick", 1]]);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 4 } });
  expect(await calls()).toEqual([]);
});

test("an item that did not change is not executed again when others do, nor after a restart", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  await calls();
  await w.engine.setInput(w.file, "split.text", "the slow fox");
  await w.run();
  expect(await calls()).toEqual(["slow"]);
  expect(w.output("joined", "text")).toBe("THE!THE! SLOW!SLOW! FOX!FOX!");
  expect((await items("shout")).items.map(({ status }) => status)).toEqual(["reused", "succeeded", "reused"]);
  await w.reopen();
  await w.engine.setInput(w.file, "split.text", "fox the quick brown");
  await w.run();
  expect(await calls()).toEqual(["brown"]);
  expect(w.output("shout", "loud")).toEqual(["FOX!", "THE!", "QUICK!", "BROWN!"]);
});

test("an item that fails is a failed item: the others are kept, and only it is tried again", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed" } });
  expect(await calls()).toEqual(["good", "bad", "fine"]);
  const failure = {
    reason: "items-failed",
    message: expect.stringContaining("1 of 3 items of `shout` failed: ") as string,
  };
  expect(w.node("shout")).toMatchObject({
    outcome: { kind: "failed", failure },
    result: { items: { count: 3, failed: 1 } },
  });
  expect(w.node("shout").freshness).toEqual({ kind: "stale", reason: "some of its items failed" });
  expect(w.output("shout", "loud")).toEqual(["GOOD!", "FINE!"]);
  const kept = await items("shout");
  expect(kept.failed).toEqual([1]);
  expect(kept.items[1]).toMatchObject({ status: "failed", inputs: { word: { value: "bad" } } });
  expect((await items("twice")).items).toMatchObject([
    { status: "succeeded" },
    { status: "failed", failure: { reason: "missing-upstream", message: "Item 2 of `shout` failed." } },
    { status: "succeeded" },
  ]);
  const gather = w.node("joined").outcome;
  expect(gather.kind === "failed" && gather.failure.message).toBe(
    "`joined` takes all items of `twice.text` for `all`, but item 2 failed.",
  );
  await w.reopen();
  expect(w.node("shout")).toMatchObject({ outcome: { kind: "failed", failure }, freshness: { kind: "stale" } });
  await w.run();
  expect(await calls()).toEqual(["bad"]);
});

test("what has changed since some of its items failed is said, in the first place", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  await w.run();
  const said = () => {
    const { outcome, freshness } = w.node("shout");
    return [outcome.kind === "failed" && outcome.changed, freshness.kind === "stale" && freshness.reason];
  };
  expect(said()).toEqual([undefined, "some of its items failed"]);
  await w.engine.setInput(w.file, "shout.mark", "?");
  const both = ["input `mark` changed", "input `mark` changed, and some of its items failed"];
  expect(said()).toEqual(both);
  await w.reopen();
  expect(said()).toEqual(both);
  const plan = await w.engine.plan(w.file, { scope: "only", targets: ["shout"], reuse: "fresh" });
  expect(plan.ok && plan.value.steps[0]?.reason).toBe(both[1]);
  await w.engine.setInput(w.file, "shout.mark", null);
  expect(said()).toEqual([undefined, "some of its items failed"]);
  await w.engine.setInput(w.file, "split.text", "good");
  expect(said()).toEqual([undefined, "`split` is stale, and some of its items failed"]);
});

test("items that all failed are shown with why, also after the window was opened again", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  // Too many for what became of each to stand in the history itself.
  const words = Array.from({ length: 100 }, () => "bad");
  await w.engine.setInput(w.file, "split.text", words.join(" "));
  await w.run();
  const counts = { total: 100, succeeded: 0, reused: 0, failed: 100 };
  for (const again of [false, true]) {
    if (again) await w.reopen();
    expect(w.node("shout").outcome).toMatchObject({ kind: "failed", items: counts });
    const page = await items("shout", 99);
    expect(page.counts).toEqual(counts);
    expect(page.items).toMatchObject([{ index: 99, status: "failed", failure: { reason: "thrown" } }]);
  }
});

test("a gather leaves failed items out where it says so", async () => {
  w = await Workspace.create(WORKFLOW.replace(".all()", ".all({ skipFailed: true })"));
  await w.open();
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed", executed: 4 } });
  expect(w.output("joined", "text")).toBe("GOOD!GOOD! FINE!FINE!");
  // Typing makes how everything stands be told anew.
  await w.engine.setInput(w.file, "split.text", "good bad fine ");
  await w.until(({ nodes }) => nodes.split?.freshness.kind === "stale");
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  await w.until(({ nodes }) => nodes.split?.freshness.kind === "fresh");
  expect(w.node("joined").freshness).toEqual({ kind: "fresh" });
});

test("of a node some of whose items failed it is told what changed since, which the others are not made from", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  await w.run();
  await w.engine.setInput(w.file, "shout.mark", "?");
  await w.until(({ nodes }) => {
    const { freshness } = nodes.shout ?? {};
    return freshness?.kind === "stale" && freshness.reason === "input `mark` changed, and some of its items failed";
  });
  expect(w.node("twice").freshness).toEqual({
    kind: "stale",
    reason: "`shout` is stale, and some of its items failed",
  });
});

test("what was made of a shorter list is not found for one of whose items some failed", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "good fine");
  await w.run();
  expect(w.output("joined", "text")).toBe("GOOD!GOOD! FINE!FINE!");
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed" } });
  expect(w.node("twice").result?.items).toEqual({ count: 3, failed: 1 });
  expect((await items("twice")).items.map(({ status }) => status)).toEqual(["reused", "failed", "reused"]);
  expect(w.node("joined").outcome).toMatchObject({ kind: "failed", failure: { reason: "missing-upstream" } });
});

test("one item is replayed alone", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  await calls();
  await w.run({ scope: "only", targets: ["shout"], reuse: "not-targets", items: [2] });
  expect(await calls()).toEqual(["fox"]);
  expect((await items("shout")).items.map(({ status }) => status)).toEqual(["reused", "reused", "succeeded"]);
  await w.run({ scope: "only", targets: ["shout"], reuse: "not-targets" });
  expect(await calls()).toEqual(["the", "quick", "fox"]);
});

test("an item replayed after all were given something else leaves the others not run, which is no failure", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  await calls();
  await w.engine.setInput(w.file, "shout.mark", "?");
  const replay = { scope: "only", targets: ["shout"], reuse: "not-targets", items: [2] } as const;
  expect(await w.run(replay)).toMatchObject({ ok: true, value: { status: "succeeded" } });
  expect(await calls()).toEqual(["fox"]);
  expect((await items("shout")).counts).toEqual({ total: 3, succeeded: 1, reused: 0, failed: 0 });
  const page = await items("shout");
  expect(page.failed).toEqual([]);
  expect(page.items.map(({ status, failure }) => [status, failure])).toEqual([
    ["left", undefined],
    ["left", undefined],
    ["succeeded", undefined],
  ]);
  expect(w.node("shout")).toMatchObject({
    outcome: { kind: "succeeded" },
    freshness: { kind: "stale", reason: "some of its items have not been run" },
    result: { items: { count: 3, failed: 0, left: 2 } },
  });
  await w.run({ scope: "only", targets: ["twice", "joined"] });
  const { outcome } = w.node("joined");
  expect(outcome.kind === "failed" && outcome.failure.message).toContain("but items 1, 2 failed.");
  expect((await items("twice")).items[0]?.failure?.message).toBe("Item 1 of `shout` has not been run.");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded" } });
  expect(await calls()).toEqual(["the", "quick"]);
  expect(w.output("joined", "text")).toBe("THE?THE? QUICK?QUICK? FOX?FOX?");
});

test("requests for different items are different requests, and both are done", async () => {
  w = await Workspace.create(
    WORKFLOW.replace(
      'if (word === "bad")',
      'await new Promise((go) => setTimeout(go, 200));\n    if (word === "bad")',
    ).replace("({ word, mark }", "async ({ word, mark }"),
  );
  await w.open();
  await w.run();
  await calls();
  const replay = (items: number[]) =>
    w.engine.run(w.file, { scope: "only", targets: ["shout"], reuse: "not-targets", items });
  await Promise.all([replay([0]), replay([2]), replay([2])]);
  expect((await calls()).sort()).toEqual(["fox", "the"]);
});

test("items that failed are retried, and those that are fresh meanwhile are not", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  await w.run();
  await calls();
  await w.run({ scope: "only", targets: ["shout"], reuse: "fresh", items: [0, 1] });
  expect(await calls()).toEqual(["bad"]);
});

test("a retry after something else was typed for all items leaves none of them undone", async () => {
  w = await Workspace.create(WORKFLOW.replace('if (word === "bad")', 'if (word === "bad" && mark === "!")'));
  await w.open();
  await w.engine.setInput(w.file, "split.text", "good bad fine");
  await w.run();
  await calls();
  await w.engine.setInput(w.file, "shout.mark", "?");
  expect(await w.run({ scope: "only", targets: ["shout"], reuse: "fresh", items: [1] })).toMatchObject({
    ok: true,
    value: { status: "succeeded" },
  });
  expect(await calls()).toEqual(["good", "bad", "fine"]);
  expect(w.output("shout", "loud")).toEqual(["GOOD?", "BAD?", "FINE?"]);
});

test("a retry leaves alone what failed on the same and wasn't asked for", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "bad bad fine");
  await w.run();
  await calls();
  await w.run({ scope: "only", targets: ["shout"], reuse: "fresh", items: [1] });
  expect(await calls()).toEqual(["bad"]);
});

test("items that are alike are results of their own, and stay apart", async () => {
  const text = WORKFLOW.replace("return word.toUpperCase() + mark;", "return word + String(Math.random());");
  w = await Workspace.create(text);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "a a a");
  await w.run();
  const before = w.output("shout", "loud") as string[];
  expect(new Set(before).size).toBe(3);
  await w.engine.setInput(w.file, "split.text", "a b a a");
  await w.run();
  const after = w.output("shout", "loud") as string[];
  expect([after[0], after[2], after[3]]).toEqual(before);
});

test("an empty list is no items; what is no list is told", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.engine.setInput(w.file, "split.text", " ");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded" } });
  expect(w.output("shout", "loud")).toEqual([]);
  expect(w.output("joined", "text")).toBe("");
  await w.save(WORKFLOW.replace('text.split(" ").filter((word) => word !== "")', '"a text" as unknown as string[]'));
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed" } });
  const { outcome } = w.node("shout");
  expect(outcome.kind === "failed" && outcome.failure.message).toBe(
    "`shout` runs once for each item of `split.words` (`word`), but that is a text, not a list.",
  );
});

test("stopped, it keeps the items that were finished", async () => {
  const text = WORKFLOW.replace(
    'if (word === "bad")',
    'if (word === "slow" && process.env["PATH"]) await new Promise(() => undefined);\n    if (word === "bad")',
  ).replace("({ word, mark }", "async ({ word, mark }");
  w = await Workspace.create(text);
  await w.open();
  await w.engine.setInput(w.file, "split.text", "one two slow four");
  const run = w.run();
  await w.until(({ nodes }) => nodes.shout?.log.some(({ text: line }) => line === "shouting slow") ?? false);
  expect((await items("shout")).items.map(({ status }) => status)).toEqual([
    "succeeded",
    "succeeded",
    "running",
    "waiting",
  ]);
  await w.engine.stop(w.file);
  expect(await run).toMatchObject({ ok: true, value: { status: "cancelled" } });
  expect(await calls()).toEqual(["one", "two", "slow"]);

  const counts = { total: 4, succeeded: 2, reused: 0, failed: 0 };
  for (const again of [false, true]) {
    if (again) await w.reopen();
    expect(w.node("shout").outcome).toMatchObject({ kind: "cancelled", items: counts });
    const page = await items("shout");
    expect(page.counts).toEqual(counts);
    expect(page.items.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "waiting", "waiting"]);
    expect(page.items[1]).toMatchObject({ inputs: { word: { value: "two" } }, outputs: { loud: { value: "TWO!" } } });
    expect(Object.keys(page.items[1]!.inputs)).toEqual(["word"]);
  }
  await w.engine.clearCache(w.file, "shout");
  expect(await w.engine.items(w.file, "shout", 0, 10)).toMatchObject({ ok: false });
  await w.engine.setInput(w.file, "split.text", "one two");
  await w.run();
  expect(await calls()).toEqual(["one", "two"]);
  await w.engine.setInput(w.file, "split.text", "one two four");
  await w.run();
  expect(await calls()).toEqual(["four"]);
});

test("clearing forgets the items, too, those of a stopped run as well; what another workflow has of them stays", async () => {
  w = await Workspace.create(WORKFLOW);
  const other = w.beside();
  await w.write("other.daggr.ts", WORKFLOW.replace('name: "items"', 'name: "other"'));
  await w.open();
  await w.run();
  expect(await calls()).toHaveLength(3);
  await w.engine.open(join(w.folder, "other.daggr.ts"));
  const all = { scope: "all", targets: [], reuse: "fresh" } as const;
  await w.engine.setInput(join(w.folder, "other.daggr.ts"), "split.text", "the cat");
  expect(await w.engine.run(join(w.folder, "other.daggr.ts"), all)).toMatchObject({ ok: true });
  expect(await calls()).toEqual(["cat"]);
  await w.engine.clearCache(w.file);
  await w.run();
  // "the" is the other one's as well.
  expect(await calls()).toEqual(["quick", "fox"]);
  await other.engine.dispose();
});
