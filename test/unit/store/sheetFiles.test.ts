import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CanvasView } from "../../../src/model/canvasView.js";
import type { Result } from "../../../src/model/outcome.js";
import { FIRST_SHEET } from "../../../src/model/sheets.js";
import { seal } from "../../../src/store/sealed.js";
import { openStore, type WorkflowStore } from "../../../src/store/workflowStore.js";
import { entryOf, inline, resultOf } from "./records.js";
import { temporaryFolder } from "./temporaryFolder.js";

const VIEW: CanvasView = { viewport: { x: 1, y: 2, zoom: 0.5 }, cards: {}, collapsed: ["image"] };
const DAY = 24 * 3_600_000;

/** Opens a store as another window would: with nothing in memory. */
async function opened(root: string, key: string | false = "Workflow"): Promise<WorkflowStore> {
  const store = await openStore(root, key);
  if (!store.ok) throw new Error(store.failure.message);
  onTestFinished(() => store.value.close());
  return store.value;
}

function well<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const names = ({ sheetFiles }: WorkflowStore): string[] => sheetFiles.list().sheets.map(({ name }) => name);
const deleted = ({ sheetFiles }: WorkflowStore): string[] => sheetFiles.list().deleted.map(({ name }) => name);

describe("sheets", () => {
  it("are one to begin with, which nobody has made", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    expect(store.sheetFiles.list()).toEqual({ sheets: [{ id: "main", name: "main" }], deleted: [] });
    expect(
      readdirSync(join(root, ".daggr/workflows")).flatMap((key) => readdirSync(join(root, ".daggr/workflows", key))),
    ).toEqual(["workflow.json"]);
  });

  it("are there for others, in the order in which they were made, or were put", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    const [b, a] = ["b", "a"].map((name) => well(here.sheetFiles.create(name)));
    expect(names(there)).toEqual(["main", "b", "a"]);
    well(there.sheetFiles.order([a!, "main", b!]));
    expect(names(here)).toEqual(["a", "main", "b"]);
    well(here.sheetFiles.create("last"));
    expect(names(await opened(root))).toEqual(["a", "main", "b", "last"]);
  });

  it("keep all that is on them when they are renamed, whoever goes on with them", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    const result = resultOf("image", 1, "one");
    await here.setInput("main", "prompt", inline("typed"));
    await here.appendHistory("main", entryOf(result));
    well(here.sheetFiles.rename("main", "night / day"));
    await there.setInput("main", "other", inline("typed there"));

    expect(names(there)).toEqual(["night / day"]);
    const again = await opened(root);
    expect(await again.sheet("main")).toEqual({
      id: "main",
      name: "night / day",
      values: { prompt: inline("typed"), other: inline("typed there") },
    });
    expect((await again.nodeStates("main")).image?.selected).toBe(result.id);
  });

  it("leave their name to others when they are renamed", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    await store.setInput("main", "prompt", inline("old"));
    well(store.sheetFiles.rename("main", "first"));
    const made = well(store.sheetFiles.create("main"));
    await store.setInput(made, "prompt", inline("new"));
    expect(names(await opened(root))).toEqual(["first", "main"]);
    expect((await store.sheet("main")).values.prompt).toEqual(inline("old"));
    expect(store.sheetFiles.named("main")).toBe(made);
    expect(store.sheetFiles.named("first")).toBe("main");
  });

  it("that are only looked at are not kept; what is done on one makes it", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    const id = here.sheetFiles.named("night");
    expect(names(here)).toEqual(["main", "night"]);
    expect(names(there)).toEqual(["main"]);
    await here.setInput(id, "prompt", inline("x"));
    expect(names(there)).toEqual(["main", "night"]);
  });

  it("that come to be in two windows at once are one where they are empty", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    expect(here.sheetFiles.named("night")).toBe(there.sheetFiles.named("night"));
    await here.setInput("night", "a", inline(1));
    await there.setInput("night", "b", inline(2));
    expect(names(here)).toEqual(["main", "night"]);
    expect(Object.keys((await here.sheet("night")).values)).toEqual(["a", "b"]);
  });

  it("that were given one name in two windows are told apart", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    const [a, b] = ["a", "b"].map((name) => well(here.sheetFiles.create(name)));
    well(here.sheetFiles.rename(a!, "night"));
    well(there.sheetFiles.rename(b!, "night"));
    expect(names(here)).toEqual(["main", "night", "night 2"]);
    expect(here.sheetFiles.named("night 2")).toBe(b);
  });
});

describe("a deleted sheet", () => {
  it("comes back whole, to its place", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    for (const name of ["a", "b", "c"]) await store.setInput(well(store.sheetFiles.create(name)), "x", inline(name));
    await store.appendHistory("b", entryOf(resultOf("image", 1, "one")));
    store.sheetFiles.keepView("b", VIEW);
    well(store.sheetFiles.delete("b"));
    expect(names(store)).toEqual(["main", "a", "c"]);
    expect(deleted(await opened(root))).toEqual(["b"]);

    const other = await opened(root);
    well(other.sheetFiles.restore("b"));
    expect(names(store)).toEqual(["main", "a", "b", "c"]);
    expect((await store.sheet("b")).values).toEqual({ x: inline("b") });
    expect(await store.history("b")).toHaveLength(1);
    expect(store.sheetFiles.view("b")).toEqual(VIEW);
  });

  it("takes in what another window types on it meanwhile", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    const id = well(here.sheetFiles.create("night"));
    await there.setInput(id, "before", inline(1));
    well(here.sheetFiles.delete(id));
    await there.setInput(id, "after", inline(2));
    expect(names(there)).toEqual(["main"]);
    well(here.sheetFiles.restore(id));
    expect((await here.sheet(id)).values).toEqual({ before: inline(1), after: inline(2) });
  });

  it("leaves its name to another, and is not deleted by renaming, nor renamed by deleting", async () => {
    const root = temporaryFolder();
    const [here, there] = [await opened(root), await opened(root)];
    await here.setInput("main", "x", inline(1));
    well(here.sheetFiles.delete("main"));
    expect(names(here)).toEqual([]);
    const made = well(there.sheetFiles.create("main"));
    expect(made).not.toBe("main");
    well(there.sheetFiles.rename("main", "late name"));
    expect(names(here)).toEqual(["main"]);
    expect(deleted(here)).toEqual(["late name"]);
  });

  it("is listed only where something was done on it", async () => {
    const store = await opened(temporaryFolder());
    const id = well(store.sheetFiles.create("empty"));
    well(store.sheetFiles.delete(id));
    expect(store.sheetFiles.list()).toEqual({ sheets: [{ id: "main", name: "main" }], deleted: [] });
    expect(store.sheetFiles.deleted(id)).toMatchObject({ id, name: "empty" });
  });

  it("keeps its results and content when others are cleared of what nothing names", async () => {
    const store = await opened(temporaryFolder());
    const id = well(store.sheetFiles.create("night"));
    const file = await store.blobs.putBytes(Buffer.from("picture"), "a.png");
    await store.setInput(id, "image", inline({ ...file }));
    well(store.sheetFiles.delete(id));
    expect(await store.clear()).toMatchObject({ ok: true });
    expect(await store.blobs.verify(file.$file)).toMatchObject({ ok: true });
  });

  it("goes for good after 30 days in which nobody has touched it", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    for (const name of ["old", "touched", "young"]) {
      const id = well(store.sheetFiles.create(name));
      await store.setInput(id, "x", inline(name));
      await store.appendHistory(id, entryOf(resultOf("image", name, name)));
      well(store.sheetFiles.delete(id));
    }
    const { workflow } = store.sheetFiles;
    const long = new Date(Date.now() - 31 * DAY);
    for (const id of ["old", "touched"]) {
      writeFileSync(workflow.sheetDeletion(id), seal({ format: 1, at: long.getTime() }));
      for (const path of [workflow.history(id), workflow.inputs(id)]) utimesSync(path, long, long);
    }
    await store.setInput("touched", "y", inline("late"));

    const later = await opened(root);
    expect(deleted(later).sort()).toEqual(["touched", "young"]);
    expect(existsSync(workflow.history("old"))).toBe(false);
    expect(existsSync(workflow.sheet("old"))).toBe(false);
    expect(readdirSync(join(root, ".daggr/tmp"))).toEqual([]);
  });

  it("stays deleted when it was the first, which is there by itself otherwise", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const day = well(store.sheetFiles.create("day"));
    await store.setInput(FIRST_SHEET, "x", inline("old"));
    await store.setInput(day, "x", inline("day"));
    well(store.sheetFiles.delete(FIRST_SHEET));
    for (let time = 0; time < 2; time++) store.sheetFiles.purge(Date.now() + 31 * DAY);
    expect(store.sheetFiles.list()).toEqual({ sheets: [{ id: day, name: "day" }], deleted: [] });
    expect((await (await opened(root)).sheet(FIRST_SHEET)).values).toEqual({});
  });
});

describe("a duplicate", () => {
  it("has all that the original has, and a life of its own", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const [first, second] = [resultOf("image", 1, "one"), resultOf("image", 2, "two")];
    for (const result of [first, second]) {
      await store.putResult(result);
      await store.appendHistory("main", entryOf(result));
    }
    await store.select("main", "image", first.id);
    await store.setInput("main", "prompt", inline("typed"));
    await store.setInput("main", "image.output @pin", inline("pinned"));
    store.sheetFiles.keepView("main", VIEW);
    const id = well(await store.duplicateSheet("main", "night"));
    await store.setInput("main", "prompt", inline("changed"));
    await store.select("main", "image", second.id);

    const other = await opened(root);
    expect(names(other)).toEqual(["main", "night"]);
    expect((await other.sheet(id)).values).toEqual({
      prompt: inline("typed"),
      "image.output @pin": inline("pinned"),
    });
    expect(await other.history(id)).toHaveLength(2);
    expect((await other.nodeStates(id)).image?.selected).toBe(first.id);
    expect(other.sheetFiles.view(id)).toEqual(VIEW);
    await other.setInput(id, "prompt", null);
    expect((await store.sheet("main")).values.prompt).toEqual(inline("changed"));
  });

  it("holds on to its results when the original is cleared in another window, and lets go when all is cleared", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    const result = resultOf("image", 1, "one");
    await store.putResult(result);
    await store.appendHistory("main", entryOf(result));
    const id = well(await store.duplicateSheet("main", "night"));
    expect(await (await opened(root)).clear("image")).toEqual({ ok: true, value: 1 });
    expect((await (await opened(root)).nodeStates(id)).image?.selected).toBeNull();
  });

  it("that is not finished is in the bin", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    well(store.sheetFiles.begin("night", "night"));
    await store.setInput("night", "prompt", inline("copied"));
    expect(names(await opened(root))).toEqual(["main"]);
    well(store.sheetFiles.restore("night"));
    expect(names(await opened(root))).toEqual(["main", "night"]);
  });

  it.skipIf(process.platform === "win32")("copies nothing from where a link leads", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    await store.setInput("main", "prompt", inline("typed"));
    const secret = join(temporaryFolder(), "secret");
    writeFileSync(secret, "secret");
    const { workflow } = store.sheetFiles;
    mkdirSync(workflow.histories, { recursive: true });
    symlinkSync(secret, workflow.history("main"));
    const id = well(await store.duplicateSheet("main", "night"));
    expect(existsSync(workflow.history(id))).toBe(false);
  });
});

describe("how a canvas is arranged", () => {
  it("is kept with the sheet", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    expect(store.sheetFiles.view("main")).toBeNull();
    store.sheetFiles.keepView("main", VIEW);
    expect((await opened(root)).sheetFiles.view("main")).toEqual(VIEW);
    expect(store.sheetFiles.view("other")).toBeNull();
  });

  it("is no loss where it is damaged", async () => {
    const root = temporaryFolder();
    const store = await opened(root);
    store.sheetFiles.keepView("main", VIEW);
    const path = store.sheetFiles.workflow.sheetView("main");
    writeFileSync(path, readFileSync(path, "utf8").replace("image", "imago"));
    expect((await opened(root)).sheetFiles.view("main")).toBeNull();
  });
});

it("a sheet whose name, order or deletion is damaged is there all the same, under its first name", async () => {
  const root = temporaryFolder();
  const store = await opened(root);
  for (const name of ["a", "b"]) await store.setInput(well(store.sheetFiles.create(name)), "x", inline(name));
  well(store.sheetFiles.rename("a", "renamed"));
  well(store.sheetFiles.delete("b"));
  const { workflow } = store.sheetFiles;
  for (const path of [workflow.sheetTitle("a"), workflow.sheetDeletion("b"), workflow.sheetOrder])
    writeFileSync(path, `${readFileSync(path, "utf8").slice(0, -8)}\n`);
  const other = await opened(root);
  expect(names(other)).toEqual(["main", "a", "b"]);
  expect(other.notices()).toMatchObject([{ id: "damaged" }]);
  expect((await other.sheet("b")).values).toEqual({ x: inline("b") });
});

it("sheets of a folder that can only be read are there, and are not changed", async () => {
  const root = temporaryFolder();
  const before = await opened(root);
  await before.setInput("night", "x", inline(1));
  writeFileSync(join(root, ".daggr/format.json"), '{"format":2}');
  const store = await opened(root);
  expect(names(store)).toEqual(["main", "night"]);
  for (const refused of [
    store.sheetFiles.create("a"),
    store.sheetFiles.rename("night", "a"),
    store.sheetFiles.delete("night"),
    await store.duplicateSheet("night", "a"),
  ])
    expect(refused).toMatchObject({ ok: false, failure: { reason: "store" } });
  expect(names(store)).toEqual(["main", "night"]);
  // A run on a new sheet is possible, for this session.
  await store.setInput(store.sheetFiles.named("mine"), "x", inline(2));
  expect((await store.sheet("mine")).values).toEqual({ x: inline(2) });
  expect(names(await opened(root))).toEqual(["main", "night"]);
});
