import { afterEach, expect, test } from "vitest";
import { editControl } from "../../../src/model/editedLists.js";
import { Workspace } from "./workspace.js";

let w: Workspace;
afterEach(() => w.dispose());

const WORKFLOW = `import { FnNode, Graph, gr, itemList } from "daggr";

const write = new FnNode(({ topic }: { topic: string }) => ["host", "guest"].map((speaker) => ({ speaker, text: topic })), {
  inputs: { topic: gr.Textbox({ value: "bees" }) },
  outputs: { lines: itemList({ speaker: gr.Dropdown({ choices: ["host", "guest"] }), text: gr.Textbox() }) },
});
const speak = new FnNode(({ text, speaker }: { text: string; speaker: string }) => speaker + ": " + text, {
  inputs: { text: write.lines.text, speaker: write.lines.speaker },
  outputs: { audio: gr.Textbox() },
});
const film = new FnNode(({ clips }: { clips: string[] }) => clips.join("; "), { inputs: { clips: speak.audio.all() } });
export default new Graph({ name: "dialogue", nodes: [film] });
`;

function control(): string {
  return editControl("write", "lines", w.node("write").result!.outputs.lines!.digest);
}

test("what follows runs with the list as it was edited, item by item; the edits are kept, and belong to that list alone", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  expect(w.output("film")).toBe("host: bees; guest: bees");
  const list = control();
  const edited = [
    { speaker: "guest", text: "bees" },
    { speaker: "host", text: "wasps" },
    { speaker: "host", text: "bees" },
  ];
  expect(await w.engine.setInput(w.file, list, edited)).toEqual({ ok: true, value: undefined });
  expect(w.node("write").freshness).toEqual({ kind: "fresh" });
  expect(w.node("speak").freshness).toEqual({ kind: "stale", reason: "the items of `write` changed" });
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 2, reused: 1 } });
  expect(w.output("film")).toBe("guest: bees; host: wasps; host: bees");
  const page = await w.engine.items(w.file, "speak", 0, 10);
  expect(page.ok && page.value.items.map(({ status }) => status)).toEqual(["reused", "succeeded", "reused"]);

  await w.reopen();
  expect(w.node("speak").freshness).toEqual({ kind: "fresh" });
  // Another list is not edited; the first one is again.
  await w.engine.setInput(w.file, "write.topic", "ants");
  await w.run();
  expect(w.output("film")).toBe("host: ants; guest: ants");
  await w.engine.setInput(w.file, "write.topic", null);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0 } });
  expect(w.output("film")).toBe("guest: bees; host: wasps; host: bees");
  await w.engine.setInput(w.file, list, null);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0 } });
  expect(w.output("film")).toBe("host: bees; guest: bees");
});

test.each([
  ["no list", "text", '`write.lines` takes a list, not "text".'],
  ["items that are none", ["text"], '`write.lines`: item 1 must have fields (speaker, text), but is "text".'],
  [
    "what a field doesn't take",
    [{ speaker: "nobody", text: "x" }],
    '`write.lines, item 1, speaker` takes one of "host", "guest", not "nobody".',
  ],
])("refuses %s", async (_what, value, message) => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  expect(await w.engine.setInput(w.file, control(), value)).toMatchObject({ ok: false, failure: { message } });
});

test("an item whose field doesn't take what the node itself gave is no reason to refuse edits of others", async () => {
  w = await Workspace.create(WORKFLOW.replace('["host", "guest"].map', '["host", "narrator"].map'));
  await w.open();
  await w.run();
  const list = control();
  const edited = [
    { speaker: "host", text: "wasps" },
    { speaker: "narrator", text: "ants" },
  ];
  expect(await w.engine.setInput(w.file, list, edited)).toEqual({ ok: true, value: undefined });
  await w.run();
  expect(w.output("film")).toBe("host: wasps; narrator: ants");
  // Where the list is another by now, what was kept of this one still says so.
  await w.engine.setInput(w.file, "write.topic", "bumblebees");
  await w.run();
  expect(await w.engine.setInput(w.file, list, edited.toReversed())).toEqual({ ok: true, value: undefined });
  expect(await w.engine.setInput(w.file, list, [{ speaker: "nobody", text: "wasps" }])).toMatchObject({ ok: false });
});
