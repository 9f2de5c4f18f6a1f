import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { KeptNames, KnownNode } from "../../../src/model/keptNames.js";
import { NO_NAMES } from "../../../src/model/keptNames.js";
import { seal } from "../../../src/store/sealed.js";
import { namedStore, openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { entryOf, inline, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

async function opened(root: string): Promise<WorkflowStore> {
  const store = await openStore(root, "Workflow");
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

const known = (id: string, kept = id, more: Partial<KnownNode> = {}): KnownNode => ({
  id,
  kept,
  kind: "fn",
  alike: "x",
  detail: "y",
  controls: {},
  ...more,
});

const names = (nodes: readonly KnownNode[], controls: KeptNames["controls"] = {}): KeptNames => ({ nodes, controls });

it("shows under a node's new name what was kept under its old one, and keeps there what comes", async () => {
  const root = temporaryFolder();
  const store = await opened(root);
  const made = resultOf("alpha", 1, "one");
  await store.putResult(made);
  await store.appendHistory("main", entryOf(made));
  for (const control of ["alpha.t", "alpha.out @pin", "alphabet.t", "prompt"])
    await store.setInput("main", control, inline(control));

  const view = namedStore(store, names([known("gamma", "alpha"), known("alphabet")]));
  expect(Object.keys((await view.sheet("main")).values).sort()).toEqual(
    ["alphabet.t", "gamma.out @pin", "gamma.t", "prompt"].sort(),
  );
  expect((await view.nodeStates("main")).gamma).toMatchObject({ selected: made.id, count: 1 });
  await view.setInput("main", "gamma.t", inline("new"));
  await view.appendHistory("main", entryOf({ ...made, node: "gamma" }, { count: 2, runId: "second" }));
  expect((await store.sheet("main")).values["alpha.t"]).toEqual(inline("new"));
  expect((await view.history("main", "gamma")).map(({ node, count }) => [node, count])).toEqual([
    ["gamma", 1],
    ["gamma", 2],
  ]);
  expect(await view.clear("gamma")).toEqual({ ok: true, value: 1 });
  expect((await store.nodeStates("main")).alpha).toMatchObject({ selected: null, count: 2 });
});

it("keeps what a later node of that name is given apart, and shows nothing of it that isn't its own", async () => {
  const store = await opened(temporaryFolder());
  await store.setInput("main", "alpha.t", inline("old"));
  const view = namedStore(store, names([known("gamma", "alpha"), known("alpha", "alpha~1")]));
  await view.setInput("main", "alpha.t", inline("new"));
  expect((await view.sheet("main")).values).toEqual({ "gamma.t": inline("old"), "alpha.t": inline("new") });
  // Somebody who knows nothing of the new node yet takes it for no other.
  const before = namedStore(store, names([known("gamma", "alpha")]));
  await before.setInput("main", "alpha.t", inline("unknown"));
  expect((await before.sheet("main")).values["gamma.t"]).toEqual(inline("old"));
});

it("translates which variant is selected, and no text that merely reads like one", async () => {
  const store = await opened(temporaryFolder());
  await store.setInput("main", "either.variant", inline("fine"));
  await store.setInput("main", "told.variant", inline("fine"));
  const nodes = [known("either", "either", { kind: "choice" }), known("best", "fine"), known("told")];
  const view = namedStore(store, names(nodes));
  expect((await view.sheet("main")).values).toEqual({
    "either.variant": inline("best"),
    "told.variant": inline("fine"),
  });
  await view.setInput("main", "either.variant", inline("best"));
  expect((await store.sheet("main")).values["either.variant"]).toEqual(inline("fine"));
});

it("translates controls that have names of their own", async () => {
  const store = await opened(temporaryFolder());
  await store.setInput("main", "prompt", inline("p"));
  await store.setInput("main", "alpha.t", inline("t"));
  const view = namedStore(store, names([known("gamma", "alpha")], { topic: "prompt", "alpha.text": "alpha.t" }));
  expect((await view.sheet("main")).values).toEqual({ topic: inline("p"), "gamma.text": inline("t") });
  await view.setInput("main", "gamma.text", null);
  expect((await store.sheet("main")).values).toEqual({ prompt: inline("p") });
});

it("are there for whoever opens the store next, and for who has it open already", async () => {
  const root = temporaryFolder();
  const [store, other] = [await opened(root), await opened(root)];
  expect(other.names()).toBe(NO_NAMES);
  const renamed = names([known("gamma", "alpha"), known("beta", "beta", { gone: 3 })], { topic: "prompt" });
  expect(store.keepNames(renamed)).toEqual({ ok: true, value: undefined });
  expect(store.names()).toBe(renamed);
  expect(other.names()).toEqual(renamed);
  expect(other.names()).toBe(other.names());
  expect((await opened(root)).names()).toEqual(renamed);
});

it.each([
  ["garbage", "}{"],
  ["two names for one", seal({ format: 1, ...names([known("a", "x"), known("b", "x")]) })],
  ["one name twice", seal({ format: 1, ...names([known("a", "x"), known("a", "y")]) })],
  ["no list of nodes", seal({ format: 1, nodes: {}, controls: {} })],
])("that are damaged (%s) are set aside, said and not believed", async (_what, text) => {
  const root = temporaryFolder();
  const store = await opened(root);
  store.keepNames(names([known("gamma", "alpha")]));
  const folder = join(root, ".daggr/workflows");
  const path = join(folder, readdirSync(folder)[0]!, "names.json");
  expect(readFileSync(path, "utf8")).toContain("gamma");
  writeFileSync(path, text);
  const next = await opened(root);
  expect(next.names()).toBe(NO_NAMES);
  expect(existsSync(path)).toBe(false);
  expect(next.notices()).toHaveLength(1);
});

it("hold for the session where there can be no folder", async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, ".daggr"), "in the way");
  const store = await opened(root);
  expect(store.names()).toBe(NO_NAMES);
  const renamed = names([known("gamma", "alpha")]);
  expect(store.keepNames(renamed)).toEqual({ ok: true, value: undefined });
  expect(store.names()).toBe(renamed);
});
