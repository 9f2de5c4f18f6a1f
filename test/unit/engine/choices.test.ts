import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

const WORKFLOW = `import { FnNode, Graph, choice, gr } from "daggr";

const script = new FnNode(({ topic }: { topic: string }) => "on " + topic, { inputs: { topic: gr.Textbox({ value: "bees" }) } });
const quick = new FnNode(({ text }: { text: string }) => "quick " + text, {
  inputs: { text: script.output },
  outputs: { audio: gr.Textbox() },
});
const fine = new FnNode(({ text, voice }: { text: string; voice: string }) => ({ audio: voice + " " + text, speaker: voice }), {
  name: "Fine and slow",
  inputs: { text: script.output, voice: gr.Textbox({ value: "deep" }) },
  outputs: { audio: gr.Textbox(), speaker: gr.Textbox() },
});
const speech = choice([quick, fine], { name: "Speech" });
const saved = new FnNode(({ audio, who = "nobody" }: { audio: string; who?: string }) => audio + " by " + who, {
  inputs: { audio: speech.audio, who: speech.speaker },
});
export default new Graph({ name: "alternatives", nodes: [saved] });
`;

let w: Workspace;
afterEach(() => w.dispose());

const select = (variant: string | null) => w.engine.setInput(w.file, "speech.variant", variant);

test("the first variant runs until the sheet selects another; what was typed in its fields reaches it", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 3 } });
  expect(w.nodesWith("node-succeeded")).toEqual(["script", "quick", "saved"]);
  expect(w.output("saved")).toBe("quick on bees by nobody");

  expect(await select("fine")).toEqual({ ok: true, value: undefined });
  expect(w.node("saved").freshness).toEqual({ kind: "stale", reason: "`speech` (`fine`) has no result" });
  await w.engine.setInput(w.file, "fine.voice", "high");
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 2, reused: 1 } });
  expect(w.output("saved")).toBe("high on bees by high");

  await select(null);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 3 } });
  expect(w.output("saved")).toBe("quick on bees by nobody");
});

test("the selection is kept, and only a variant can be selected", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await select("fine");
  const state = await w.reopen();
  expect(state.sheet.values["speech.variant"]).toMatchObject({ value: "fine" });
  const refused = await select("saved");
  expect(refused).toMatchObject({ ok: false, failure: { reason: "invalid-input" } });
  expect(!refused.ok && refused.failure.message).toContain('one of "quick"');
});

test("who asks for the choice gets the selected variant, under the choice's own name", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  const request = { scope: "to", targets: ["speech"], inputs: { "speech.variant": "fine" } } as const;
  expect(await w.run(request)).toMatchObject({ ok: true, value: { executed: 2 } });
  expect(w.events.findLast(({ type }) => type === "finished")).toMatchObject({
    outputs: { speech: { audio: "deep on bees", speaker: "deep" } },
  });
  // For that run alone.
  expect(w.state?.sheet.values).toEqual({});
  expect(await w.run({ scope: "only", targets: ["speech"] })).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(w.nodesWith("node-succeeded")).toEqual(["quick"]);
  await w.engine.clearCache(w.file, "speech");
  expect(w.node("quick").result).toBeNull();
  expect(w.node("fine").result).not.toBeNull();
});
