import { afterEach, expect, test } from "vitest";
import { RUN_ALL, runToHere } from "../../../src/model/runRequest.js";
import { Workspace } from "./workspace.js";

const WORKFLOW = `import { FnNode, Graph, gr } from "daggr";
const script = new FnNode(({ topic }: { topic: string }) => "on " + topic, { inputs: { topic: gr.Textbox({ value: "bees" }) } });
const speech = new FnNode(({ text }: { text: string }) => text.toUpperCase(), { inputs: { text: script.output } });
export default new Graph({ name: "preview", nodes: [speech] });
`;

let w: Workspace;
afterEach(() => w.dispose());

const steps = async (request = RUN_ALL) => {
  const plan = await w.engine.preview(w.file, request);
  if (!plan.ok) throw new Error(plan.failure.message);
  return plan.value.steps.map(({ node, action, reason }) => [node, action, reason]);
};

test("tells what a run would do and why, before the first and after", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  expect(await steps()).toEqual([
    ["script", "run", "no result yet"],
    ["speech", "run", "no result yet"],
  ]);
  await w.run();
  expect((await steps()).map(([, action]) => action)).toEqual(["reuse", "reuse"]);
  await w.engine.setInput(w.file, "script.topic", "wasps");
  expect(await steps(runToHere("speech"))).toEqual([
    ["script", "run", "input `topic` changed"],
    ["speech", "run-if-changed", expect.stringContaining("script") as string],
  ]);
});

test("counts what is typed and not saved yet, and loads nothing for it", async () => {
  w = await Workspace.create(WORKFLOW);
  await w.open();
  await w.run();
  // Loading this would fail.
  w.engine.setText(w.file, `${WORKFLOW.replace('"on "', '"about "')}\nthrow new Error("loaded");\n`);
  expect((await steps())[0]).toEqual(["script", "run", "code of `script` changed"]);
});
