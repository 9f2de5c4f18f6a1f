import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

const chain = `import { FnNode, Graph, gr } from "daggr";
const first = new FnNode(({ text }: { text: string }) => text.toUpperCase(), { inputs: { text: gr.Textbox({ value: "hello" }) } });
const second = new FnNode(({ text }: { text: string }) => text + "!", { inputs: { text: first.output } });
export default new Graph({ name: "chain", nodes: [second] });
`;

let one: Workspace;
afterEach(() => one.dispose());

async function windows(): Promise<[Workspace, Workspace]> {
  one = await Workspace.create(chain);
  const other = one.beside();
  await one.open();
  await other.open();
  return [one, other];
}

test("runs at the same time lose nothing: every execution counts, and what was made is found by both", async () => {
  const [left, right] = await windows();
  for (let round = 0; round < 3; round++) {
    const ends = await Promise.all([left.run({ reuse: "never" }), right.run({ reuse: "never" })]);
    expect(ends.map((end) => end.ok && end.value.executed)).toEqual([2, 2]);
  }
  expect(await left.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
  for (const window of [left, right]) {
    const { notices } = await window.reopen();
    expect(notices).toEqual([]);
    expect(window.node("first").count).toBe(6);
    expect(window.output("second")).toBe("HELLO!");
  }
});

test("executions in one window go on from the number of those in the other", async () => {
  const [left, right] = await windows();
  await left.run();
  await right.run({ reuse: "never" });
  expect(right.node("first").count).toBe(2);
  await left.run({ reuse: "never" });
  expect(left.node("first").count).toBe(3);
});

test("each window runs the values that it shows; the last that was typed is there when they are opened again", async () => {
  const [left, right] = await windows();
  await left.engine.setInput(left.file, "first.text", "left");
  await right.engine.setInput(right.file, "first.text", "right");
  await Promise.all([left.run(), right.run()]);
  expect([left.output("second"), right.output("second")]).toEqual(["LEFT!", "RIGHT!"]);
  expect([left, right].map((window) => window.node("second").freshness.kind)).toEqual(["fresh", "fresh"]);
  await left.reopen();
  expect(left.state?.sheet.values["first.text"]).toMatchObject({ value: "right" });
  await left.run();
  expect(left.nodesWith("node-started")).toEqual([]);
  expect(left.output("second")).toBe("RIGHT!");
});

test("what one window clears runs again in the other, which has shown it all the while", async () => {
  const [left, right] = await windows();
  await left.run();
  await right.run();
  await left.engine.clearCache(left.file);
  expect(right.output("second")).toBe("HELLO!");
  expect(await right.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 2 } });
  expect(await left.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
});
