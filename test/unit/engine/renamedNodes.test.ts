import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { editControl } from "../../../src/model/editedLists.js";
import { pinControl } from "../../../src/model/pins.js";
import { Workspace } from "./workspace.js";

const flow = (
  alpha = "alpha",
  body = '"about " + t',
  last = `${alpha}.output`,
) => `import { FnNode, Graph, gr } from "daggr";
const ${alpha} = new FnNode(({ t }: { t: string }) => ${body}, { inputs: { t: gr.Textbox({ value: "bees" }) } });
const beta = new FnNode(({ text }: { text: string }) => text + "!", { inputs: { text: ${last} } });
export default new Graph({ name: "renames", nodes: [beta] });
`;

let w: Workspace;
afterEach(() => w.dispose());

/** Open, with something typed on its one control, and run. */
async function ran(text: string, typed: Readonly<Record<string, string>> = { "alpha.t": "wasps" }): Promise<void> {
  w = await Workspace.create(text);
  await w.open();
  for (const [control, value] of Object.entries(typed)) await w.engine.setInput(w.file, control, value);
  await w.run();
}

/** What the editor shows, read to the end. */
async function type(text: string): Promise<void> {
  w.engine.setText(w.file, text);
  await w.engine.preview(w.file, { scope: "all", targets: [], reuse: "fresh" });
}

async function save(text: string): Promise<void> {
  await w.save(text);
  await type(text);
}

const typedOn = (control: string) => {
  const value = w.state?.sheet.values[control];
  return value?.kind === "inline" ? value.value : undefined;
};
const renameNotices = () => w.state?.notices.filter(({ id }) => id.startsWith("renamed")).map(({ message }) => message);

test("a renamed node keeps what was typed, its result and its count, and nothing is run again", async () => {
  await ran(flow());
  await type(flow("gamma"));
  expect(typedOn("gamma.t")).toBe("wasps");
  expect(typedOn("alpha.t")).toBeUndefined();
  expect(w.output("gamma")).toBe("about wasps");
  expect(w.node("gamma")).toMatchObject({ count: 1, freshness: { kind: "fresh" } });
  expect(renameNotices()).toEqual([]);

  await save(flow("gamma"));
  expect(renameNotices()).toEqual(["`alpha` is now `gamma`: what was typed on its card and its results moved along."]);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
  expect(w.output("beta")).toBe("about wasps!");

  await w.reopen();
  expect(renameNotices()).toEqual([]);
  expect(typedOn("gamma.t")).toBe("wasps");
  expect(w.node("gamma")).toMatchObject({ count: 1, freshness: { kind: "fresh" } });
});

test("typed letter by letter, the declaration first, over half-written text and another node's name, and undone again", async () => {
  const text = (name: string, used = name) => flow(name, undefined, `${used}.output`);
  await ran(text("alpha"));
  for (const name of ["alph", "al", "a", "b", "be", "bet", "beta", "beta_", "beta_2"]) await type(text(name, "alpha"));
  await type("const ");
  await type(text("beta_2"));
  expect(typedOn("beta_2.t")).toBe("wasps");
  expect(w.output("beta_2")).toBe("about wasps");
  await save(text("beta_2"));
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
  expect(renameNotices()).toEqual([expect.stringContaining("`alpha` is now `beta_2`") as string]);

  await save(text("alpha"));
  expect(typedOn("alpha.t")).toBe("wasps");
  expect(w.node("alpha")).toMatchObject({ count: 1, freshness: { kind: "fresh" } });
});

test("what was typed under the new name is there under the old one when the rename is undone, its code too", async () => {
  await ran(flow());
  await save(flow("gamma"));
  await save(flow("gamma", '"all about " + t'));
  await w.engine.setInput(w.file, "gamma.t", "ants");
  await save(flow());
  expect(typedOn("alpha.t")).toBe("ants");
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 2 } });
  expect(w.output("alpha")).toBe("about ants");
});

test("a rename while nothing is open is seen by whoever opens the file next, results or none", async () => {
  w = await Workspace.create(flow());
  await w.open();
  await w.engine.setInput(w.file, "alpha.t", "wasps");
  await w.engine.dispose();
  await w.write("flow.daggr.ts", flow("gamma"));
  await w.reopen();
  expect(typedOn("gamma.t")).toBe("wasps");
  expect(renameNotices()).toHaveLength(1);
  await w.run();
  expect(w.output("beta")).toBe("about wasps!");
});

test("a node that is written under the old name is another one", async () => {
  await ran(flow());
  const alpha = `const alpha = new FnNode(({ t }: { t: string }) => t.length, { inputs: { t: gr.Textbox({ value: "new" }) } });`;
  const two = flow("gamma").replace("export", `${alpha}\nexport`).replace("[beta]", "[beta, alpha]");
  await save(flow("gamma"));
  await save(two);
  expect(typedOn("alpha.t")).toBeUndefined();
  expect(w.node("alpha")).toMatchObject({ count: 0, result: null });
  await w.engine.setInput(w.file, "alpha.t", "four");
  await w.run();
  expect([w.output("alpha"), w.output("gamma")]).toEqual([4, "about wasps"]);
  await w.reopen();
  expect([typedOn("alpha.t"), typedOn("gamma.t")]).toEqual(["four", "wasps"]);
  expect([w.node("alpha").count, w.node("gamma").count]).toEqual([1, 1]);
});

test("a copy beside the node takes nothing from it, nor does the node lose anything when it is then changed", async () => {
  await ran(flow());
  const gamma = flow("gamma").split("\n")[1] ?? "";
  const copied = (body?: string) =>
    flow("alpha", body).replace("export", `${gamma}\nexport`).replace("[beta]", "[beta, gamma]");
  await save(copied());
  await save(copied('"changed " + t'));
  expect([typedOn("alpha.t"), typedOn("gamma.t")]).toEqual(["wasps", undefined]);
  expect(renameNotices()).toEqual([]);
});

test("cut and pasted under another name, a node keeps what was typed; deleted and restored, too", async () => {
  const without = (last: string) =>
    flow()
      .replace(/^const alpha.*\n/m, "")
      .replace("alpha.output", last);
  await ran(flow());
  await save(without('"nothing"'));
  expect(w.state?.graph?.nodes.map(({ id }) => id)).toEqual(["beta"]);
  await save(flow("gamma"));
  expect(typedOn("gamma.t")).toBe("wasps");
  await save(without('"nothing"'));
  await save(flow("gamma"));
  expect(typedOn("gamma.t")).toBe("wasps");
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0 } });
});

const pair = (
  one: string,
  two: string,
  bodies = ["t.toUpperCase()", "t.length"],
) => `import { FnNode, Graph, gr } from "daggr";
const ${one} = new FnNode(({ t }: { t: string }) => ${bodies[0] ?? ""}, { inputs: { t: gr.Textbox({ value: "x" }) } });
const ${two} = new FnNode(({ t }: { t: string }) => ${bodies[1] ?? ""}, { inputs: { t: gr.Textbox({ value: "x" }) } });
export default new Graph({ name: "pairs", nodes: [${one}, ${two}] });
`;

test("where two nodes exchange their names in one edit, what was typed follows what they do", async () => {
  await ran(pair("a", "b"), { "a.t": "wasps", "b.t": "hornets" });
  await save(pair("b", "a"));
  expect([typedOn("b.t"), typedOn("a.t")]).toEqual(["wasps", "hornets"]);
  expect([w.output("b"), w.output("a")]).toEqual(["WASPS", 7]);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
  await w.reopen();
  expect([typedOn("b.t"), typedOn("a.t")]).toEqual(["wasps", "hornets"]);
});

test("a name that is passed on in one edit stands for the other node", async () => {
  await ran(pair("a", "b"), { "a.t": "wasps", "b.t": "hornets" });
  await save(pair("b", "c"));
  expect([typedOn("b.t"), typedOn("c.t"), typedOn("a.t")]).toEqual(["wasps", "hornets", undefined]);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
});

test("of twins that are both renamed in one edit nothing is guessed, which is said; by their old names they have it again", async () => {
  const same = ["t + 1", "t + 1"];
  await ran(pair("a", "b", same), { "a.t": "wasps", "b.t": "hornets" });
  await type(pair("c", "d", same));
  await type(pair("a", "b", same));
  await save(pair("c", "d", same));
  expect([typedOn("c.t"), typedOn("d.t")]).toEqual([undefined, undefined]);
  expect(renameNotices()).toEqual([
    "`a` and `b` are gone, and `c` or `d` may be the same by another name. What was typed on their cards is kept under the old name, and is there again if that comes back.",
  ]);
  await save(pair("a", "b", same));
  expect([typedOn("a.t"), typedOn("b.t")]).toEqual(["wasps", "hornets"]);
  // One after the other there is no doubt.
  await type(pair("c", "b", same));
  await save(pair("c", "d", same));
  expect([typedOn("c.t"), typedOn("d.t")]).toEqual(["wasps", "hornets"]);
});

test("on every sheet", async () => {
  await ran(flow());
  await w.engine.selectSheet(w.file, "other");
  await w.engine.setInput(w.file, "alpha.t", "ants");
  await save(flow("gamma"));
  expect(typedOn("gamma.t")).toBe("ants");
  await w.engine.selectSheet(w.file, "main");
  expect(typedOn("gamma.t")).toBe("wasps");
  expect(w.output("gamma")).toBe("about wasps");
});

test("pins, edited lists, the selected variant, drawn values and people's answers", async () => {
  const all = (n = "") => `import { ApproveNode, choice, FnNode, Graph, gr, itemList } from "daggr";
const lines${n} = new FnNode(() => ({ lines: [{ text: "a" }] }), { inputs: {}, outputs: { lines: itemList({ text: gr.Textbox() }) } });
const loud = new FnNode(({ text }: { text: string }) => text.toUpperCase(), { inputs: { text: lines${n}.lines.text } });
const quick${n} = new FnNode(() => "quick", { inputs: {} });
const fine${n} = new FnNode(() => "fine", { inputs: {} });
const either${n} = choice([quick${n}, fine${n}]);
const told = new FnNode(({ text }: { text: string }) => text, { inputs: { text: either${n}.output } });
const dice${n} = new FnNode(({ seed }: { seed: number }) => seed, { inputs: { seed: () => Math.random() } });
const checked${n} = new ApproveNode({ inputs: { draft: dice${n}.output } });
const last = new FnNode(({ draft }: { draft: number }) => draft, { inputs: { draft: checked${n}.draft } });
export default new Graph({ name: "all", nodes: [loud, told, last] });
`;
  w = await Workspace.create(all());
  await w.open();
  await w.engine.setInput(w.file, "either.variant", "fine");
  const running = w.run();
  await w.until(({ nodes }) => nodes.checked?.activity.kind === "running" && !!nodes.checked.activity.question);
  await w.engine.answer(w.file, "checked", null, { kind: "approve" });
  await running;
  const given = w.node("lines").result!.outputs.lines!;
  await w.engine.setInput(w.file, editControl("lines", "lines", given.digest), [{ text: "z" }]);
  await w.engine.setInput(w.file, pinControl("quick", "output"), "pinned");
  await w.run();
  const before = ["loud", "told", "last"].map((id) => w.output(id));

  await save(all("2"));
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0 } });
  expect(["loud", "told", "last"].map((id) => w.output(id))).toEqual(before);
  expect(before[0]).toEqual(["Z"]);
  expect(typedOn("either2.variant")).toBe("fine2");
  expect(typedOn(pinControl("quick2", "output"))).toBe("pinned");
  await w.reopen();
  expect(typedOn("either2.variant")).toBe("fine2");
});

test("a control whose variable is renamed, or that is put into one, keeps what was typed; so does one whose port is renamed", async () => {
  const shared = (
    name: string,
    port = "t",
    component = `const ${name} = gr.Textbox({ value: "bees" });`,
  ) => `import { FnNode, Graph, gr } from "daggr";
${component}
const alpha = new FnNode(({ ${port} }: { ${port}: string }) => "about " + ${port}, { inputs: { ${port}: ${name} } });
const beta = new FnNode(({ ${port} }: { ${port}: string }) => "on " + ${port}, { inputs: { ${port}: ${name} } });
export default new Graph({ name: "controls", nodes: [alpha, beta] });
`;
  await ran(shared("prompt"), { prompt: "wasps" });
  await save(shared("topic"));
  expect(typedOn("topic")).toBe("wasps");
  await w.reopen();
  expect(typedOn("topic")).toBe("wasps");
  await save(shared("prompt"));
  expect(typedOn("prompt")).toBe("wasps");

  await save(flow());
  await w.engine.setInput(w.file, "alpha.t", "flies");
  await save(
    flow()
      .replaceAll('{ t }: { t: string }) => "about " + t', '{ topic }: { topic: string }) => "about " + topic')
      .replace("{ t: gr", "{ topic: gr"),
  );
  expect(typedOn("alpha.topic")).toBe("flies");
});

test("a rename during a run: what is typed meanwhile stays, and the result is found under the new name", async () => {
  const slow = (name: string) =>
    flow(name, '(await new Promise((r) => setTimeout(r, 700)), "about " + t)').replace("(({ t }", "(async ({ t }");
  w = await Workspace.create(slow("alpha"));
  await w.open();
  await w.engine.setInput(w.file, "alpha.t", "wasps");
  const running = w.run();
  await w.until(({ nodes }) => nodes.alpha?.activity.kind === "running");
  await type(slow("gamma"));
  expect(typedOn("gamma.t")).toBe("wasps");
  await w.engine.setInput(w.file, "gamma.t", "ants");
  expect(await running).toMatchObject({ ok: true, value: { executed: 2 } });
  await save(slow("gamma"));
  expect(typedOn("gamma.t")).toBe("ants");
  expect(w.output("gamma")).toBe("about wasps");
  expect(w.node("gamma")).toMatchObject({ activity: { kind: "idle" }, count: 1, freshness: { kind: "stale" } });
});

test("a node is followed, too, beside nodes that only the program knows", async () => {
  const looped = (name: string) => `import { FnNode, Graph, gr } from "daggr";
const ${name} = new FnNode(({ t }: { t: string }) => "about " + t, { inputs: { t: gr.Textbox({ value: "bees" }) } });
const many = ["a", "b"].map((x) => new FnNode(() => x));
export default new Graph({ name: "looped", nodes: [${name}, ...many] });
`;
  await ran(looped("alpha"));
  expect(w.state?.graph?.nodes).toHaveLength(3);
  await save(looped("gamma"));
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 3 } });
  expect(w.state?.graph?.nodes).toHaveLength(3);
  expect(typedOn("gamma.t")).toBe("wasps");
  expect(w.output("gamma")).toBe("about wasps");
  await w.reopen();
  expect(typedOn("gamma.t")).toBe("wasps");
});

test("a rename that isn't saved yet outlives the editor, though the node's code has changed as well", async () => {
  await ran(flow());
  const changed = flow("gamma", '"on " + t');
  await type(flow("gamma"));
  await type(changed);
  await w.engine.setInput(w.file, "gamma.t", "ants");
  await w.reopen();
  expect(typedOn("alpha.t")).toBe("ants");
  await type(changed);
  expect(typedOn("gamma.t")).toBe("ants");
  await save(changed);
  expect(renameNotices()).toEqual(["`alpha` is now `gamma`: what was typed on its card and its results moved along."]);
  await w.run();
  expect(w.output("gamma")).toBe("on ants");
  expect(await readdir(join(w.folder, ".daggr/workflows"), { recursive: true })).not.toContainEqual(
    expect.stringContaining("unsaved"),
  );
});

const asking = (name: string) => `import { ApproveNode, FnNode, Graph, gr } from "daggr";
const draft = new FnNode(({ t }: { t: string }) => t, { inputs: { t: gr.Textbox({ value: "bees" }) } });
const slow = new FnNode(async ({ text }: { text: string }) => (await new Promise((r) => setTimeout(r, 600)), text), { inputs: { text: draft.output } });
const ${name} = new ApproveNode({ inputs: { text: slow.output } });
export default new Graph({ name: "asking", nodes: [${name}] });
`;

test("a question that comes after a rename is asked on the card of now, and is answered and stopped there", async () => {
  w = await Workspace.create(asking("approved"));
  await w.open();
  const asked = () =>
    w.until(({ nodes }) => {
      const activity = nodes.signed?.activity;
      return activity?.kind === "running" && activity.question !== undefined;
    });
  const running = w.run();
  await w.until(({ nodes }) => nodes.slow?.activity.kind === "running");
  await save(asking("signed"));
  await asked();
  expect(w.state?.nodes.approved?.activity.kind ?? "idle").toBe("idle");
  expect(await w.engine.answer(w.file, "signed", null, { kind: "approve" })).toMatchObject({ ok: true });
  expect(await running).toMatchObject({ ok: true, value: { status: "succeeded" } });
  expect(w.node("signed")).toMatchObject({ outcome: { kind: "succeeded" }, freshness: { kind: "fresh" } });

  await w.engine.setInput(w.file, "draft.t", "wasps");
  const stopped = w.run();
  await asked();
  await save(asking("agreed"));
  await w.engine.stop(w.file, "agreed");
  expect(await stopped).toMatchObject({ ok: true, value: { status: "cancelled" } });
  expect(w.node("agreed").activity.kind).toBe("idle");
});

test("what waits for its turn is about the node by its name of now: it can be taken back, and runs", async () => {
  const slow = (name: string) => `import { FnNode, Graph } from "daggr";
const first = new FnNode(async () => (await new Promise((r) => setTimeout(r, 900)), 1));
const ${name} = new FnNode(() => 2);
const third = new FnNode(() => 3);
export default new Graph({ name: "queued", nodes: [first, ${name}, third] });
`;
  w = await Workspace.create(slow("alpha"));
  await w.open();
  const ask = (target: string) => w.engine.run(w.file, { scope: "to", targets: [target], reuse: "fresh" });
  const running = ask("first");
  await w.until(({ nodes }) => nodes.first?.activity.kind === "running");
  const [queued, other] = [ask("alpha"), ask("third")];
  await w.until(({ queue }) => queue.length === 2);
  await save(slow("gamma"));
  await w.until(({ queue }) => queue[0]?.targets[0] === "gamma");
  await w.engine.stop(w.file, "third");
  expect(await Promise.all([running, queued, other])).toMatchObject([
    { ok: true, value: { executed: 1 } },
    { ok: true, value: { executed: 1 } },
    { ok: true, value: { executed: 0 } },
  ]);
  expect(w.output("gamma")).toBe(2);
});

test("two windows that see the same rename do the same; one that was opened before goes along", async () => {
  await ran(flow());
  const other = w.beside();
  await other.open();
  await w.save(flow("gamma"));
  await other.save(flow("gamma"));
  const asked = { scope: "all", targets: [], reuse: "fresh" } as const;
  for (const window of [w, other, w]) {
    await window.engine.preview(window.file, asked);
    const typed = window.state?.sheet.values["gamma.t"];
    expect(typed).toMatchObject({ value: "wasps" });
  }
  expect(await other.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
});

test("clearing a renamed node forgets what it made under its old name", async () => {
  await ran(flow());
  await save(flow("gamma"));
  expect(await w.engine.clearCache(w.file, "gamma")).toEqual({ ok: true, value: 1 });
  expect(w.node("gamma").result).toBeNull();
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 1, reused: 1 } });
});
