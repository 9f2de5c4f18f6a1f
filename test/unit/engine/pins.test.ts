import { afterEach, expect, test } from "vitest";
import { editControl } from "../../../src/model/editedLists.js";
import { pinControl } from "../../../src/model/pins.js";
import { Workspace } from "./workspace.js";

const WORKFLOW = `import { FnNode, Graph, gr } from "daggr";

const idea = new FnNode(({ topic }: { topic: string }) => "an idea on " + topic, { inputs: { topic: gr.Textbox({ value: "bees" }) } });
const picture = new FnNode(({ of }: { of: string }) => ({ image: "picture of " + of, seed: 7 }), {
  inputs: { of: idea.output },
  outputs: { image: gr.Textbox(), seed: gr.Number() },
});
const framed = new FnNode(({ image }: { image: string }) => "[" + image + "]", {
  inputs: { image: picture.image },
  outputs: { framed: gr.Textbox() },
});
const signed = new FnNode(({ seed }: { seed: number }) => "no. " + seed, { inputs: { seed: picture.seed } });
export default new Graph({ name: "pins", nodes: [framed, signed] });
`;

const FRAMED = ["idea", "picture", "framed"];

let w: Workspace;
afterEach(() => w.dispose());

const give = (port: string, value: string | number | null) =>
  w.engine.setInput(w.file, pinControl("picture", port), value);
const toFramed = { scope: "to", targets: ["framed"] } as const;

test("a value given to an output stands in for running its node, and for what only serves it", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  expect(await give("image", "my own")).toEqual({ ok: true, value: undefined });
  expect(await w.run(toFramed)).toMatchObject({ ok: true, value: { status: "succeeded", executed: 1 } });
  expect(w.nodesWith("node-started")).toEqual(["framed"]);
  expect(w.output("framed", "framed")).toBe("[my own]");
  expect(w.events.find(({ type }) => type === "started")).toMatchObject({ plan: { pinned: ["picture"] } });

  await give("image", "another");
  expect(w.node("framed").freshness).toMatchObject({ kind: "stale" });
  await give("image", "my own");
  expect(w.node("framed").freshness).toEqual({ kind: "fresh" });
});

test("an output without a value blocks what takes it, and says which", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await give("image", "my own");
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(w.node("signed").outcome).toMatchObject({
    kind: "blocked",
    failure: {
      message: "`signed` takes `picture.seed`, but `picture` is pinned without a value for it.",
      hint: "Pin a value to `seed` as well, or unpin `picture`.",
    },
  });
  await give("seed", 3);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 1, reused: 1 } });
  expect(w.output("signed")).toBe("no. 3");
  expect(w.nodesWith("node-started")).not.toContain("idea");
});

test("a pinned result is not run again, whatever changes; unpinned it is stale", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  expect(await w.engine.pin(w.file, "picture", true)).toEqual({ ok: true, value: undefined });
  expect(w.node("framed").freshness).toEqual({ kind: "fresh" });
  await w.engine.setInput(w.file, "idea.topic", "ants");
  expect(w.node("framed").freshness).toEqual({ kind: "fresh" });
  expect(await w.run(toFramed)).toMatchObject({ ok: true, value: { executed: 0, reused: 1 } });

  const state = await w.reopen();
  expect(Object.keys(state.sheet.values).sort()).toEqual(["idea.topic", "picture.image @pin", "picture.seed @pin"]);
  expect(await w.engine.pin(w.file, "picture", false)).toEqual({ ok: true, value: undefined });
  expect(w.node("framed").freshness).toMatchObject({ kind: "stale" });
  expect(await w.run(toFramed)).toMatchObject({ ok: true, value: { executed: 3 } });
  expect(w.nodesWith("node-started")).toEqual(FRAMED);
  expect(w.output("framed", "framed")).toBe("[picture of an idea on ants]");
});

test("a list that was edited is pinned as it was edited; a choice pins its selected variant", async () => {
  w = await Workspace.create(`import { choice, FnNode, Graph, gr, itemList } from "daggr";
const lines = new FnNode(() => ({ lines: [{ text: "a" }, { text: "b" }] }), {
  inputs: {}, outputs: { lines: itemList({ text: gr.Textbox() }) },
});
const loud = new FnNode(({ text }: { text: string }) => text.toUpperCase(), { inputs: { text: lines.lines.text } });
const quick = new FnNode(() => "quick", { inputs: {} });
const fine = new FnNode(() => "fine", { inputs: {} });
const either = choice([quick, fine]);
const told = new FnNode(({ text }: { text: string }) => text, { inputs: { text: either.output } });
export default new Graph({ name: "edited", nodes: [loud, told] });
`);
  await w.open();
  await w.run();
  const given = w.node("lines").result!.outputs.lines!;
  await w.engine.setInput(w.file, editControl("lines", "lines", given.digest), [{ text: "z" }]);
  await w.run();
  expect(w.output("loud")).toEqual(["Z"]);
  await w.engine.pin(w.file, "lines", true);
  expect(w.node("loud").freshness).toEqual({ kind: "fresh" });

  expect(await w.engine.pin(w.file, "either", true)).toEqual({ ok: true, value: undefined });
  expect(Object.keys(w.state?.sheet.values ?? {})).toContain("quick.output @pin");
  await w.engine.setInput(w.file, "either.variant", "fine");
  expect(await w.run({ scope: "to", targets: ["told"] })).toMatchObject({ ok: true, value: { executed: 2 } });
  expect(w.output("told")).toBe("fine");
});

test("of a pinned variant, a port that only another variant has is left out, as without the pin", async () => {
  w = await Workspace.create(`import { choice, FnNode, Graph, gr } from "daggr";
const small = new FnNode(() => ({ text: "small" }), { inputs: {}, outputs: { text: gr.Textbox() } });
const big = new FnNode(() => ({ text: "big", mask: "m" }), { inputs: {}, outputs: { text: gr.Textbox(), mask: gr.Textbox() } });
const either = choice([small, big]);
const told = new FnNode(({ text, mask = "no mask" }: { text: string; mask?: string }) => text + ", " + mask, {
  inputs: { text: either.text, mask: either.mask },
});
export default new Graph({ name: "variants", nodes: [told] });
`);
  await w.open();
  await w.engine.setInput(w.file, pinControl("small", "text"), "mine");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 1 } });
  expect(w.output("told")).toBe("mine, no mask");
  await w.engine.setInput(w.file, pinControl("big", "text"), "mine");
  await w.engine.setInput(w.file, "either.variant", "big");
  expect(await w.run()).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining("`big.mask`") as string },
  });
});

test("what served nothing but a pinned node is not run by everything, though it is listed", async () => {
  w = await Workspace.create(WORKFLOW.replace("nodes: [framed, signed]", "nodes: [idea, picture, framed, signed]"));
  await w.open();
  await give("image", "my own");
  await give("seed", 1);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 2 } });
  expect(w.nodesWith("node-started").sort()).toEqual(["framed", "signed"]);
  expect(await w.run({ scope: "to", targets: ["idea"] })).toMatchObject({ ok: true, value: { executed: 1 } });
});

test("from a pinned node downstream, what its pins reach runs, and what they don't is blocked", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await give("image", "my own");
  expect(await w.run({ scope: "downstream", targets: ["picture"] })).toMatchObject({
    ok: true,
    value: { executed: 1 },
  });
  expect(w.nodesWith("node-blocked")).toEqual(["signed"]);
});

test("results from when a node ran once an item are not pinned; items of a list have its fields", async () => {
  const text = (each: string) => `import { FnNode, Graph, gr, itemList } from "daggr";
const words = new FnNode(() => ["a", "b"], { inputs: {} });
const loud = new FnNode(({ word }: { word: string | string[] }) => String(word), { inputs: { word: words.output${each} } });
const lines = new FnNode(() => ({ lines: [{ text: "a" }] }), { inputs: {}, outputs: { lines: itemList({ text: gr.Textbox() }) } });
const last = new FnNode(({ text }: { text: string }) => text, { inputs: { text: lines.lines.text } });
export default new Graph({ name: "items", nodes: [loud, last] });
`;
  w = await Workspace.create(text(".each"));
  await w.open();
  await w.run({ scope: "to", targets: ["loud"] });
  await w.save(text(""));
  await w.until(({ graph }) => !graph?.edges.some(({ mode, to }) => mode === "scatter" && to.node === "loud"));
  expect(await w.engine.pin(w.file, "loud", true)).toMatchObject({ ok: false, failure: { reason: "not-found" } });
  for (const wrong of [{ text: "x" }, ["x"]])
    expect(await w.engine.setInput(w.file, pinControl("lines", "lines"), wrong)).toMatchObject({ ok: false });
  expect(await w.engine.setInput(w.file, pinControl("lines", "lines"), [{ text: "x" }])).toMatchObject({ ok: true });
});

test("who asks for a pinned node is told; a run from there on goes", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  await w.engine.pin(w.file, "picture", true);
  for (const scope of ["only", "to"] as const)
    expect(await w.run({ scope, targets: ["picture"], reuse: "not-targets" })).toEqual({
      ok: false,
      failure: {
        reason: "pinned",
        message: "`picture` is pinned: what is pinned stands in for running it.",
        hint: "Unpin it to run it.",
      },
    });
  expect(await w.run({ scope: "downstream", targets: ["picture"], reuse: "never" })).toMatchObject({
    ok: true,
    value: { executed: 2 },
  });
});

test("outputs take what their components take, and a result has to be there to be pinned", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  expect(await w.engine.pin(w.file, "picture", true)).toMatchObject({
    ok: false,
    failure: { message: "`picture` has no result that could be pinned." },
  });
  expect(await give("seed", "seven")).toMatchObject({ ok: false, failure: { reason: "invalid-input" } });
  expect(await w.engine.pin(w.file, "pictur", true)).toMatchObject({ ok: false, failure: { reason: "not-found" } });
  expect(w.state?.sheet.values).toEqual({});
});

test("a value can be pinned for one run alone, and is among what the run was for", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  const inputs = { [pinControl("picture", "image")]: "once" };
  expect(await w.run({ ...toFramed, inputs })).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(w.output("framed", "framed")).toBe("[once]");
  expect(w.state?.sheet.values).toEqual({});
  expect(w.node("framed").freshness).toMatchObject({ kind: "stale" });

  await w.run({ ...toFramed, inputs: { [pinControl("framed", "framed")]: "mine" }, targets: ["framed", "idea"] });
  expect(w.events.findLast(({ type }) => type === "finished")).toMatchObject({
    outputs: { framed: { framed: "mine" }, idea: { output: "an idea on bees" } },
  });
});

test("a node that runs once an item cannot be pinned, nor one that people answer for", async () => {
  w = await Workspace.create(`import { ApproveNode, FnNode, Graph, gr } from "daggr";
const words = new FnNode(() => ["a", "b"], { inputs: {} });
const loud = new FnNode(({ word }: { word: string }) => word.toUpperCase(), { inputs: { word: words.output.each } });
const ok = new ApproveNode({ inputs: { words: words.output } });
export default new Graph({ name: "items", nodes: [loud, ok] });
`);
  await w.open();
  await w.run({ scope: "to", targets: ["loud"] });
  expect(await w.engine.pin(w.file, "loud", true)).toMatchObject({
    ok: false,
    failure: { message: "`loud` runs once an item, so one value cannot stand in for it." },
  });
  expect(await w.engine.pin(w.file, "ok", true)).toMatchObject({
    ok: false,
    failure: { message: "`ok` gives what a person answers." },
  });
  // The list that is given out can be: its items are the pinned ones.
  expect(await w.engine.setInput(w.file, pinControl("words", "output"), ["c", "d", "e"])).toMatchObject({ ok: true });
  expect(await w.run({ scope: "to", targets: ["loud"] })).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(w.output("loud")).toEqual(["C", "D", "E"]);
});
