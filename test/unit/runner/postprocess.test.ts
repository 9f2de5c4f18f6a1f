import { afterAll, beforeAll, expect, test } from "vitest";
import type { StoredValue } from "../../../src/model/value.js";
import { buildRunner, type LiveRunner, startRunner, type Workspace, workspace } from "./runnerProcess.js";

let built: Awaited<ReturnType<typeof buildRunner>>;
let space: Workspace;
let runner: LiveRunner;

beforeAll(async () => {
  built = await buildRunner();
  space = workspace(`import { FnNode, Graph } from "daggr";
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function* stream(...values: any[]) { for (const value of values) { yield value; await wait(300); } }
let busy = 0;
export default new Graph({ name: "g", nodes: [
  new FnNode(() => stream({ draft: true }, { done: "yes" }), { name: "grows", postprocess: (v: any) => v.done.toUpperCase() }),
  new FnNode(() => stream({ done: "yes" }, { draft: true }), { name: "ends badly", postprocess: (v: any) => v.done.toUpperCase() }),
  new FnNode(async function* () { yield 1; yield 2; }, { name: "one at a time", postprocess: async (v: number) => {
    if (++busy > 1) throw new Error("two at a time");
    await wait(300);
    busy--;
    return v;
  } }),
] });
`);
  runner = startRunner(built.path, space);
  const loaded = await runner.load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
});
afterAll(async () => {
  await runner.stop();
  space.remove();
  built.remove();
});

const shown = () =>
  runner.partials.splice(0).map(({ output }: Readonly<Record<string, StoredValue>>) => {
    return output?.kind === "inline" ? output.value : output;
  });

test("a partial result that a postprocess cannot take is not shown, and fails nothing", async () => {
  expect(await runner.outputs("grows")).toEqual({ output: "YES" });
  expect(shown()).toEqual(["YES"]);
  expect(runner.logs).toEqual([]);
});

test("a result that it cannot take fails the node", async () => {
  expect(await runner.execute("endsBadly")).toMatchObject({ status: "failed", failure: { reason: "thrown" } });
  expect(shown()).toEqual(["YES"]);
});

test("a postprocess is called for one result at a time", async () => {
  expect(await runner.outputs("oneAtATime")).toEqual({ output: 2 });
  expect(shown()).toEqual([1]);
});
