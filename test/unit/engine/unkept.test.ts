import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { digestOf } from "../../../src/store/storedValue.js";
import { Workspace } from "./workspace.js";

let w: Workspace;
afterEach(() => w.dispose());

test.each([
  ["short", "wasps"],
  ["long", "wasps ".repeat(2000)],
])("a %s text that can't be kept is said, and stays on the card and in runs for the session", async (_what, text) => {
  w = await Workspace.create(`import { FnNode, Graph, gr } from "daggr";
const size = new FnNode(({ text }: { text: string }) => text.length, { inputs: { text: gr.Textbox({ value: "bees" }) } });
export default new Graph({ name: "sizes", nodes: [size] });
`);
  await w.open();
  // As a disk that is full: nothing can be written.
  await mkdir(join(w.folder, ".daggr/blobs"), { recursive: true });
  for (const folder of ["tmp", "blobs/tmp"]) {
    await rm(join(w.folder, ".daggr", folder), { recursive: true, force: true });
    await writeFile(join(w.folder, ".daggr", folder), "");
  }
  expect(await w.engine.setInput(w.file, "size.text", text)).toMatchObject({ ok: false, failure: { reason: "store" } });
  expect(w.state?.sheet.values["size.text"]).toMatchObject({ kind: "inline", digest: digestOf(text) });
  await w.run();
  expect(w.output("size")).toBe(text.length);
  await w.engine.setInput(w.file, "size.text", null);
  expect(w.state?.sheet.values).toEqual({});
});

test("a .daggr folder that is deleted under an open workflow is made anew as a whole, and nothing of it is shown any more", async () => {
  w = await Workspace.create(`import { FnNode, Graph, gr } from "daggr";
const size = new FnNode(({ text }: { text: string }) => text.length, { inputs: { text: gr.Textbox({ value: "bees" }) } });
const twice = new FnNode(({ size }: { size: number }) => 2 * size, { inputs: { size: size.output } });
export default new Graph({ name: "sizes", nodes: [twice] });
`);
  await w.open();
  await w.engine.setInput(w.file, "size.text", "wasps");
  await w.run();
  expect(w.output("twice")).toBe(10);
  await rm(join(w.folder, ".daggr"), { recursive: true });
  expect(await w.run({ scope: "to", targets: ["size"] })).toMatchObject({
    value: { status: "succeeded", executed: 1 },
  });
  expect(w.output("size")).toBe(4);
  expect(w.node("twice")).toMatchObject({ result: null, outcome: { kind: "never" } });
  expect(await readdir(join(w.folder, ".daggr"))).toEqual(expect.arrayContaining([".gitignore", "format.json"]));
  await w.reopen();
  expect(w.output("size")).toBe(4);

  await rm(join(w.folder, ".daggr"), { recursive: true });
  expect(await w.engine.setInput(w.file, "size.text", "hornets")).toMatchObject({ ok: true });
  expect(w.node("size").result).toBeNull();
  expect(await readdir(join(w.folder, ".daggr"))).toContain(".gitignore");
  await w.reopen();
  expect(w.state?.sheet.values["size.text"]).toMatchObject({ value: "hornets" });
});
