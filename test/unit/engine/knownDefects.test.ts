/** What goes wrong in the library that this one follows, and must not here. What else is of that kind is tested where it belongs. */
import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

let w: Workspace;
afterEach(() => w.dispose());

async function opened(text: string, others: Readonly<Record<string, string>> = {}): Promise<void> {
  w = await Workspace.create(`import { FnNode, Graph, InputNode, choice, gr } from "daggr";\n${text}`, others);
  await w.open();
}

test("an edit of an InputNode counts after the first run, too", async () => {
  await opened(`const form = new InputNode({ ports: { word: gr.Textbox({ value: "one" }) } });
const shout = new FnNode(({ word }: { word: string }) => word.toUpperCase(), { inputs: { word: form.word } });
export default new Graph({ name: "form", nodes: [shout] });`);
  await w.run();
  expect(w.output("shout")).toBe("ONE");
  for (const word of ["two", "three"]) {
    await w.engine.setInput(w.file, "form.word", word);
    await w.until(({ nodes }) => nodes.shout?.freshness.kind === "stale");
    await w.run();
    expect(w.output("shout")).toBe(word.toUpperCase());
  }
});

test("a component that two nodes use feeds both", async () => {
  await opened(`const word = gr.Textbox({ label: "Word", value: "one" });
const loud = new FnNode(({ word }: { word: string }) => word.toUpperCase(), { inputs: { word } });
const long = new FnNode(({ word }: { word: string }) => word.repeat(2), { inputs: { word } });
export default new Graph({ name: "shared", nodes: [loud, long] });`);
  const controls = w.state?.graph?.nodes.flatMap(({ inputs }) =>
    inputs.map(({ source }) => (source.kind === "component" ? source.control : null)),
  );
  const [control, ...others] = new Set(controls);
  expect(others).toEqual([]);
  await w.engine.setInput(w.file, control ?? "", "two");
  await w.run();
  expect([w.output("loud"), w.output("long")]).toEqual(["TWO", "twotwo"]);
});

test("a choice whose variants are fed by others is in order, and what was typed for a variant reaches it", async () => {
  await opened(`const text = new FnNode(() => "bees", { inputs: {} });
const short = new FnNode(({ text }: { text: string }) => text.slice(0, 1), { inputs: { text: text.output }, outputs: { out: gr.Textbox() } });
const again = new FnNode(({ text, mark }: { text: string; mark: string }) => text + mark, {
  inputs: { text: text.output, mark: gr.Textbox({ value: "!" }) },
  outputs: { out: gr.Textbox() },
});
const either = choice([short, again]);
const end = new FnNode(({ out }: { out: string }) => "<" + out + ">", { inputs: { out: either.out } });
export default new Graph({ name: "either", nodes: [end] });`);
  expect(w.state?.diagnostics).toEqual([]);
  await w.engine.setInput(w.file, "either.variant", "again");
  await w.engine.setInput(w.file, "again.mark", "?");
  await w.run();
  expect(w.output("end")).toBe("<bees?>");
});

test("edges from outputs that are not shown are edges", async () => {
  await opened(`const both = new FnNode(() => ({ shown: 1, hidden: 2 }), {
  inputs: {},
  outputs: { shown: gr.Number(), hidden: gr.Number({ visible: false }) },
});
const next = new FnNode(({ n }: { n: number }) => n + 1, { inputs: { n: both.hidden } });
export default new Graph({ name: "hidden", nodes: [next] });`);
  expect(w.state?.graph?.edges.map(({ from, to }) => [from.node, from.port, to.node])).toEqual([
    ["both", "hidden", "next"],
  ]);
  await w.run();
  expect(w.output("next")).toBe(3);
});

test("a list that a node returns for its one output is the value of that output", async () => {
  await opened(`const list = new FnNode(() => ["a", "b"], { inputs: {}, outputs: { list: gr.JSON() } });
const size = new FnNode(({ list }: { list: string[] }) => list.length, { inputs: { list: list.list } });
export default new Graph({ name: "list", nodes: [size] });`);
  await w.run();
  expect([w.output("list", "list"), w.output("size")]).toEqual([["a", "b"], 2]);
});

test("parts that nothing connects run beside each other, and one that fails takes none of the others with it", async () => {
  const node = (id: string, other: string) =>
    `const ${id} = new FnNode(async ({ dir }: { dir: string }) => {
  await writeFile(dir + "/${id}", "");
  for (let i = 0; i < 200 && !existsSync(dir + "/${other}"); i++) await new Promise((done) => setTimeout(done, 50));
  return existsSync(dir + "/${other}");
}, { inputs: { dir: gr.Textbox() }, concurrent: true });`;
  await opened(`import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
${node("left", "right")}
${node("right", "left")}
const broken = new FnNode(() => { throw new Error("no"); }, { inputs: {} });
const after = new FnNode(({ x }: { x: unknown }) => x, { inputs: { x: broken.output } });
export default new Graph({ name: "parts", nodes: [left, right, after] });`);
  for (const id of ["left", "right"]) await w.engine.setInput(w.file, `${id}.dir`, w.folder);
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed" } });
  // Each has waited for the other to be under way.
  expect([w.output("left"), w.output("right")]).toEqual([true, true]);
  expect(w.node("after").outcome.kind).toBe("blocked");
});

test("nodes of another file are part of the graph, and have their own names there", async () => {
  const parts = `import { FnNode, gr } from "daggr";
export const greet = new FnNode(({ name }: { name: string }) => "Hello " + name, { inputs: { name: gr.Textbox({ value: "Ada" }) } });
`;
  await opened(
    `import { greet } from "./parts";
const loud = new FnNode(({ text }: { text: string }) => text.toUpperCase(), { inputs: { text: greet.output } });
export default new Graph({ name: "imported", nodes: [loud] });`,
    { "parts.ts": parts },
  );
  expect(w.state?.graph?.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(["greet", "loud"]));
  await w.run();
  expect(w.output("loud")).toBe("HELLO ADA");
  await w.write("parts.ts", parts.replace("Hello ", "Good day "));
  await w.until(({ nodes }) => nodes.loud?.freshness.kind === "stale");
  await w.run();
  expect(w.output("loud")).toBe("GOOD DAY ADA");
});

test("what is fresh is fresh where nothing is kept on disk, too", async () => {
  await opened(`const word = new FnNode(({ text }: { text: string }) => text + "!", { inputs: { text: gr.Textbox({ value: "a" }) } });
const twice = new FnNode(({ text }: { text: string }) => text + text, { inputs: { text: word.output } });
export default new Graph({ name: "fleeting", persistKey: false, nodes: [twice] });`);
  await w.run();
  expect([w.node("word").freshness, w.node("twice").freshness]).toEqual([{ kind: "fresh" }, { kind: "fresh" }]);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
  await w.engine.setInput(w.file, "word.text", "b");
  await w.until(({ nodes }) => nodes.twice?.freshness.kind === "stale");
});

test("a file that is given to a plain file control arrives with its content", async () => {
  await opened(
    `import { readFileSync } from "node:fs";
const size = new FnNode(({ file }: { file: string }) => readFileSync(file, "utf8").toUpperCase(), { inputs: { file: gr.File() } });
export default new Graph({ name: "files", nodes: [size] });`,
  );
  const bytes = new TextEncoder().encode("content, not a name");
  const file = await w.engine.importFile(w.file, { name: "notes.txt", bytes });
  await w.engine.setInput(w.file, "size.file", file.ok ? { ...file.value } : null);
  await w.run();
  expect(w.output("size")).toBe("CONTENT, NOT A NAME");
});
