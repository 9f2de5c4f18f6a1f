import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

/** Every call leaves a line in `calls`, and goes on until there is a file `go`: what people pay for. */
const workflow = `import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { FnNode, Graph, gr } from "daggr";

const here = import.meta.dirname;
// Worked out, so that it counts for no result.
const flag = ["go"].join("");
const pay = async ({ text }: { text: string }) => {
  appendFileSync(join(here, "calls"), text + "\\n");
  while (!existsSync(join(here, flag))) await new Promise((then) => setTimeout(then, 10));
  if (text === "bad") throw new Error("no such luck");
  return text + Math.random();
};
const slow = new FnNode(pay, { concurrent: true, inputs: { text: gr.Textbox({ value: "slow" }) } });
const after = new FnNode(({ text }: { text: string }) => text, { inputs: { text: slow.output } });
const bad = new FnNode(pay, { concurrent: true, inputs: { text: "bad" } });
const list = new FnNode(() => ["x", "y", "x", "z"], { outputs: { prompts: null } });
const batch = new FnNode(pay, { concurrent: true, inputs: { text: list.prompts.each } });
const twin = new FnNode(pay, { concurrent: true, inputs: { text: list.prompts.each } });
export default new Graph({ name: "elsewhere", nodes: [after, bad, batch, twin] });
`;

let one: Workspace;
afterEach(() => one.dispose());

async function windows(): Promise<[Workspace, Workspace]> {
  one = await Workspace.create(workflow);
  const other = one.beside();
  await one.open();
  await other.open();
  return [one, other];
}

const calls = async () => (await readFile(join(one.folder, "calls"), "utf8")).trim().split("\n").sort();
const running = (window: Workspace, id: string) => window.until(({ nodes }) => nodes[id]?.activity.kind === "running");
const waiting = (window: Workspace, id: string) =>
  window.until(({ nodes }) => {
    const activity = nodes[id]?.activity;
    return activity?.kind === "waiting" && activity.elsewhere === true;
  });

test("what one window is running, another waits for, says so, and takes; nothing is paid for twice", async () => {
  const [left, right] = await windows();
  const first = left.run({ scope: "to", targets: ["slow"] });
  await running(left, "slow");
  const second = right.run({ scope: "to", targets: ["after"] });
  await waiting(right, "slow");
  await one.write("go", "");
  expect(await first).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(await second).toMatchObject({ ok: true, value: { executed: 1, reused: 1 } });
  expect(await calls()).toEqual(["slow"]);
  expect(right.output("after")).toBe(left.output("slow"));
  expect(right.node("slow").result?.id).toBe(left.node("slow").result?.id);
});

test("what fails there is run here", async () => {
  const [left, right] = await windows();
  const first = left.run({ scope: "only", targets: ["bad"] });
  await running(left, "bad");
  const second = right.run({ scope: "only", targets: ["bad"] });
  await waiting(right, "bad");
  await one.write("go", "");
  expect(await Promise.all([first, second])).toMatchObject([
    { value: { status: "failed" } },
    { value: { status: "failed" } },
  ]);
  expect(await calls()).toEqual(["bad", "bad"]);
  const { outcome } = right.node("bad");
  expect(outcome.kind === "failed" && outcome.failure.message).toContain("luck");
});

test("a rerun waits for nobody, and waiting can be stopped", async () => {
  const [left, right] = await windows();
  const first = left.run({ scope: "only", targets: ["slow"] });
  await running(left, "slow");
  const stopped = right.run({ scope: "only", targets: ["slow"] });
  await waiting(right, "slow");
  await right.engine.stop(right.file, "slow");
  expect(await stopped).toMatchObject({ ok: true, value: { status: "cancelled", executed: 0 } });
  const anew = right.run({ scope: "only", targets: ["slow"], reuse: "not-targets" });
  await running(right, "slow");
  await one.write("go", "");
  await Promise.all([first, anew]);
  expect(await calls()).toEqual(["slow", "slow"]);
});

test("the items of one batch in two windows are each made once, and so are those of two nodes that do the same", async () => {
  const [left, right] = await windows();
  const first = left.run({ scope: "to", targets: ["batch", "twin"] });
  await running(left, "batch");
  const second = right.run({ scope: "to", targets: ["batch"] });
  await right.until(({ nodes }) => {
    const activity = nodes.batch?.activity;
    return (
      activity?.kind === "running" && activity.progress?.message === "waits for another run, which is making the same"
    );
  });
  await one.write("go", "");
  expect(await Promise.all([first, second])).toMatchObject([{ ok: true }, { ok: true }]);
  // A prompt that is listed twice is two calls, in whatever node or window.
  expect(await calls()).toEqual(["x", "x", "y", "z"]);
  expect(left.output("batch")).toEqual(left.output("twin"));
  expect(right.output("batch")).toEqual(left.output("batch"));
});
