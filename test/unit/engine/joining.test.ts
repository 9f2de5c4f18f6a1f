import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nodeStateOf } from "../../../src/model/nodeState.js";
import { Workspace } from "./workspace.js";

/** `first` goes on until a file `go` is there, and leaves a line in `calls` each time it is called: what people pay for. */
const workflow = (mark = "") => `import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { FnNode, Graph, gr } from "daggr";

const here = import.meta.dirname;
// Worked out, so that it counts for no result.
const flag = ["go"].join("");
const first = new FnNode(async ({ text }: { text: string }) => {
  appendFileSync(join(here, "calls"), text + "\\n");
  while (!existsSync(join(here, flag))) await new Promise((then) => setTimeout(then, 10));
  return text${mark};
}, { inputs: { text: gr.Textbox({ value: "old" }) } });
const second = new FnNode(({ text }: { text: string }) => text + "!", { inputs: { text: first.output } });
const drawing = new FnNode(async ({ seed }: { seed: number }) => {
  appendFileSync(join(here, "calls"), "drawing\\n");
  while (!existsSync(join(here, flag))) await new Promise((then) => setTimeout(then, 10));
  return seed;
}, { inputs: { seed: () => Math.random() } });
const aside = new FnNode(() => 8);
export default new Graph({ name: "held", nodes: [second, drawing, aside] });
`;

let w: Workspace;
afterEach(() => w.dispose());

const calls = async () => (await readFile(join(w.folder, "calls"), "utf8")).trim().split("\n");
const running = (id: string) => w.until(({ nodes }) => nodes[id]?.activity.kind === "running");
const joined = () => w.until(({ notices }) => notices.some(({ id }) => id === "joined"));
const ask = (targets: string[], reuse: "fresh" | "not-targets" | "never" = "fresh") =>
  w.engine.run(w.file, { scope: "to", targets, reuse });

/** A run of `second` whose `first` goes on until there is `go`. In an object, for it is not to be waited for yet. */
async function held() {
  w = await Workspace.create(workflow());
  await w.open();
  const run = ask(["second"]);
  await running("first");
  return { run };
}

test("a second request for a node that is being run joins that run, and says so; others wait for their turn", async () => {
  const { run: first } = await held();
  const again = ask(["first"], "not-targets");
  const queued = ask(["aside"]);
  await joined();
  expect(w.state?.notices.map(({ message }) => message)).toEqual([
    "`first` is already being run; the request joined the run under way.",
  ]);
  const times = () => w.events.filter((event) => event.type === "notices-changed" && event.notices.length > 0).length;
  expect(times()).toBe(1);
  const third = ask(["first"]);
  await expect.poll(times).toBe(2);
  expect(w.state?.nodes.aside?.activity).toBeUndefined();
  await w.until(({ queue }) => queue.length > 0);
  expect(w.state?.queue).toEqual([{ scope: "to", targets: ["aside"], reuse: "fresh" }]);
  expect(w.state && nodeStateOf(w.state, "aside").activity).toEqual({ kind: "waiting", queued: true });
  await w.write("go", "");
  const ends = await Promise.all([first, again, queued, third]);
  expect(ends.map((end) => end.ok && end.value.executed)).toEqual([2, 2, 1, 2]);
  expect(w.events.filter(({ type }) => type === "started")).toHaveLength(2);
  expect(w.state?.notices).toEqual([]);
  expect(await calls()).toEqual(["old"]);
  expect(w.state?.queue).toEqual([]);
});

test("what waits for its turn is taken back by stopping its node, and what else waits goes on", async () => {
  const { run: first } = await held();
  const taken = ask(["aside"]);
  const stays = ask(["drawing"]);
  await w.until(({ queue }) => queue.length === 2);
  await w.engine.stop(w.file, "aside");
  expect(w.state?.queue.map(({ targets }) => targets)).toEqual([["drawing"]]);
  expect(w.node("first").activity.kind).toBe("running");
  await w.write("go", "");
  const ends = await Promise.all([first, taken, stays]);
  expect(ends.map((end) => end.ok && [end.value.status, end.value.executed])).toEqual([
    ["succeeded", 2],
    ["cancelled", 0],
    ["succeeded", 1],
  ]);
  expect(w.state?.queue).toEqual([]);
  expect(w.state?.nodes.aside?.result).toBeUndefined();
});

test("two requests at the very same time are one run, though a draw or a rerun is asked for", async () => {
  w = await Workspace.create(workflow());
  await w.open();
  await w.write("go", "");
  await Promise.all([ask(["drawing"]), ask(["drawing"]), ask(["drawing"])]);
  await Promise.all([ask(["first"], "not-targets"), ask(["first"], "not-targets")]);
  await Promise.all([ask(["first"], "never"), ask(["first"], "never")]);
  expect(await calls()).toEqual(["drawing", "old", "old"]);
});

test("a request after an edited input runs with the new value, and the old result is not shown as fresh", async () => {
  const { run } = await held();
  expect(await w.engine.setInput(w.file, "first.text", "new")).toMatchObject({ ok: true });
  const asked = [ask(["second"]), ask(["second"]), ask(["second"])];
  await w.write("go", "");
  await run;
  const ends = await Promise.all(asked);
  expect(ends).toEqual(Array(3).fill({ ok: true, value: { status: "succeeded", executed: 2, reused: 0 } }));
  expect(w.output("second")).toBe("new!");
  expect(w.node("second").freshness).toEqual({ kind: "fresh" });
  expect(await calls()).toEqual(["old", "new"]);
});

test("a request after edited code runs the new code", async () => {
  const { run } = await held();
  await w.save(workflow(` + "2"`));
  const asked = ask(["second"]);
  await w.write("go", "");
  await run;
  await asked;
  expect(w.output("second")).toBe("old2!");
  expect(await calls()).toEqual(["old", "old"]);
});

test("an edit that does not touch what is asked for, or that was taken back, is no reason to run it twice", async () => {
  const { run } = await held();
  await w.save(workflow().replace("() => 8", "() => 9"));
  await w.engine.setInput(w.file, "first.text", "new");
  await w.engine.setInput(w.file, "first.text", "old");
  const asked = ask(["second"]);
  await joined();
  await w.write("go", "");
  await Promise.all([run, asked]);
  expect(w.events.filter(({ type }) => type === "started")).toHaveLength(1);
});

test("a request after a stop is no part of the run that is being stopped", async () => {
  const { run } = await held();
  const stopped = w.engine.stop(w.file);
  const asked = ask(["second"]);
  await stopped;
  // Not before, or `first` might still succeed, and need not be executed again.
  await w.write("go", "");
  expect(await run).toMatchObject({ ok: true, value: { status: "cancelled" } });
  expect(await asked).toMatchObject({ ok: true, value: { status: "succeeded", executed: 2 } });
});

test("what an edit during a run makes stale is never shown as fresh, and the reason is said", async () => {
  const { run } = await held();
  w.events = [];
  await w.engine.setInput(w.file, "first.text", "new");
  await w.write("go", "");
  await run;
  // At the instant at which the run has answered.
  expect(w.node("first").freshness).toEqual({ kind: "stale", reason: "input `text` changed" });
  expect(w.node("second").freshness).toEqual({ kind: "stale", reason: "`first` is stale" });
  for (const id of ["first", "second"]) {
    const at = w.events.findIndex((event) => event.type === "node-succeeded" && event.node === id);
    expect(w.events[at + 1]).toMatchObject({ type: "freshness-changed", nodes: { [id]: { kind: "stale" } } });
  }
  await w.engine.setInput(w.file, "first.text", "old");
  expect(w.node("second").freshness).toEqual({ kind: "fresh" });
  await w.engine.setInput(w.file, "first.text", "new");
  const before = w.state!.nodes;
  await w.reopen();
  for (const id of ["first", "second"]) expect(w.node(id)).toEqual(before[id]);
});

test("code edited during a run makes its result stale, at once and after everything was closed", async () => {
  const { run } = await held();
  await w.save(workflow(` + "2"`));
  await w.write("go", "");
  await run;
  expect(w.output("second")).toBe("old!");
  await w.until(({ nodes }) => nodes.first?.freshness.kind === "stale");
  await w.reopen();
  expect(w.node("first").freshness).toEqual({ kind: "stale", reason: "code of `first` changed" });
});
