import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { pinControl } from "../../../src/model/pins.js";
import type { SheetChange, SheetChanged } from "../../../src/model/sheets.js";
import { variantControl } from "../../../src/model/variants.js";
import { Workspace } from "./workspace.js";

const TEXT = `import { choice, FnNode, Graph, gr } from "daggr";

const loud = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  inputs: { text: gr.Textbox({ value: "hello" }) },
});
const quiet = new FnNode(({ text }: { text: string }) => text.toLowerCase(), {
  inputs: { text: gr.Textbox({ value: "Hello" }) },
});
const voice = choice([loud, quiet]);
const last = new FnNode(({ text }: { text: string }) => text + "!", { inputs: { text: voice.output } });
export default new Graph({ name: "sheets", nodes: [last] });
`;

const VIEW = { viewport: { x: 1, y: 2, zoom: 0.5 }, cards: { last: { x: 9, y: 9, moved: true } }, collapsed: ["loud"] };

let workspace: Workspace;
afterEach(() => workspace.dispose());

async function opened(text = TEXT): Promise<Workspace> {
  workspace = await Workspace.create(text);
  await workspace.open();
  return workspace;
}

async function changed(w: Workspace, change: SheetChange): Promise<SheetChanged> {
  const result = await w.engine.changeSheets(w.file, change);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const names = ({ state }: Workspace): string[] => state!.sheets.map(({ name }) => name);
const idOf = ({ state }: Workspace, name: string): string => state!.sheets.find((sheet) => sheet.name === name)!.id;
const typed = ({ state }: Workspace, control: string): unknown => {
  const value = state!.sheet.values[control];
  return value?.kind === "inline" ? value.value : value;
};

/** Something of every kind that a sheet keeps. */
async function fill(w: Workspace): Promise<void> {
  await w.engine.setInput(w.file, variantControl("voice"), "quiet");
  await w.engine.setInput(w.file, "quiet.text", "Good Night");
  await w.run();
  await w.engine.setInput(w.file, pinControl("last", "output"), "pinned");
  w.engine.keepView(w.file, w.state!.sheet.id, VIEW);
  await w.until(({ view }) => view !== null);
}

function expectFilled(w: Workspace): void {
  expect(typed(w, variantControl("voice"))).toBe("quiet");
  expect(typed(w, "quiet.text")).toBe("Good Night");
  expect(typed(w, pinControl("last", "output"))).toBe("pinned");
  expect(w.output("quiet")).toBe("good night");
  expect(w.node("last").count).toBe(1);
  expect(w.state!.view).toEqual(VIEW);
}

function expectEmpty(w: Workspace): void {
  expect(w.state!.sheet.values).toEqual({});
  expect(w.node("last")).toMatchObject({ result: null, count: 0 });
}

test("a sheet is there from the beginning", async () => {
  const w = await opened();
  expect(w.state!.sheets).toEqual([{ id: "main", name: "main" }]);
  expect(w.state!.sheet).toEqual({ id: "main", name: "main", values: {} });
});

test("a new sheet is empty, arranged as the one before, and in use", async () => {
  const w = await opened();
  await fill(w);
  expect(await changed(w, { type: "create", name: "  Sheet 2 " })).toEqual({
    sheet: { id: "Sheet 2", name: "Sheet 2" },
  });
  expect(names(w)).toEqual(["main", "Sheet 2"]);
  expect(w.state!.sheet.name).toBe("Sheet 2");
  expectEmpty(w);
  expect(w.state!.view).toEqual(VIEW);
  await changed(w, { type: "select", sheet: "main" });
  expectFilled(w);
});

test("a duplicate has everything, and what is done on it stays on it", async () => {
  const w = await opened();
  await fill(w);
  const { sheet } = await changed(w, { type: "duplicate", sheet: "main", name: "copy" });
  expect(w.state!.sheet).toMatchObject(sheet);
  expectFilled(w);
  await w.engine.setInput(w.file, "quiet.text", "Other");
  w.engine.keepView(w.file, sheet.id, { ...VIEW, collapsed: [] });
  await changed(w, { type: "select", sheet: "main" });
  expectFilled(w);
  await w.reopen();
  expectFilled(w);
  expect(names(w)).toEqual(["main", "copy"]);
});

test("a copy comes beside its original", async () => {
  const w = await opened();
  await changed(w, { type: "create", name: "b" });
  await changed(w, { type: "duplicate", sheet: "main", name: "copy" });
  expect(names(w)).toEqual(["main", "copy", "b"]);
});

test("renaming leaves everything as it is, and is seen in the sheet in use", async () => {
  const w = await opened();
  await fill(w);
  await changed(w, { type: "rename", sheet: "main", name: "Night / 夜" });
  expect(names(w)).toEqual(["Night / 夜"]);
  expect(w.state!.sheet).toMatchObject({ id: "main", name: "Night / 夜" });
  expectFilled(w);
  await w.reopen();
  expect(w.state!.sheet.name).toBe("Night / 夜");
  expectFilled(w);
});

test("a deleted sheet comes back with everything, to its place and into use", async () => {
  const w = await opened();
  await fill(w);
  await changed(w, { type: "create", name: "b" });
  await changed(w, { type: "create", name: "c" });
  await changed(w, { type: "select", sheet: "main" });
  const { undo } = await changed(w, { type: "delete", sheet: "main" });
  expect(names(w)).toEqual(["b", "c"]);
  expect(w.state!.sheet.name).toBe("b");
  expectEmpty(w);

  await w.reopen();
  await changed(w, undo!);
  expect(names(w)).toEqual(["main", "b", "c"]);
  expectFilled(w);
});

test("taking back that another sheet was deleted leaves the one in use", async () => {
  const w = await opened();
  await changed(w, { type: "create", name: "b" });
  const { undo } = await changed(w, { type: "delete", sheet: "main" });
  await changed(w, undo!);
  expect(w.state!.sheet.name).toBe("b");
});

test("a reset sheet is empty in its place, and comes back with everything", async () => {
  const w = await opened();
  await fill(w);
  await changed(w, { type: "create", name: "b" });
  await changed(w, { type: "select", sheet: "main" });
  const { undo } = await changed(w, { type: "reset", sheet: "main" });
  expect(names(w)).toEqual(["main", "b"]);
  expect(w.state!.sheet.name).toBe("main");
  expectEmpty(w);
  expect(w.state!.view).toEqual(VIEW);
  await w.engine.setInput(w.file, "loud.text", "typed after it");

  await changed(w, undo!);
  expect(names(w)).toEqual(["main", "b"]);
  expectFilled(w);
  const list = await w.engine.sheets(w.file);
  expect(list.ok && list.value.deleted.map(({ name }) => name)).toEqual(["main"]);
});

test("a sheet that is reset twice comes back as it was before the first time", async () => {
  const w = await opened();
  await fill(w);
  const { undo } = await changed(w, { type: "reset", sheet: "main" });
  const again = await changed(w, { type: "reset", sheet: w.state!.sheet.id });
  expect(again).toEqual({ sheet: w.state!.sheets[0] });
  await changed(w, undo!);
  expect(names(w)).toEqual(["main"]);
  expectFilled(w);
});

test("sheets are put in another order", async () => {
  const w = await opened();
  for (const name of ["b", "c"]) await changed(w, { type: "create", name });
  await changed(w, { type: "move", sheet: "c", to: 0 });
  expect(names(w)).toEqual(["c", "main", "b"]);
  await changed(w, { type: "move", sheet: "c", to: 2 });
  expect(names(w)).toEqual(["main", "b", "c"]);
  await w.reopen();
  expect(names(w)).toEqual(["main", "b", "c"]);
});

describe("refused is", () => {
  test.each([
    ["no name", { type: "create", name: " " }, "A sheet needs a name."],
    ["a name that is taken", { type: "create", name: "b" }, "There is a sheet “b” already."],
    ["another's name", { type: "rename", sheet: "main", name: "b" }, "There is a sheet “b” already."],
    [
      "a copy of another's name",
      { type: "duplicate", sheet: "main", name: "main" },
      "There is a sheet “main” already.",
    ],
    ["a sheet that isn't there", { type: "select", sheet: "c" }, "That sheet is not there any more."],
  ] as const)("%s", async (_what, change, message) => {
    const w = await opened();
    await changed(w, { type: "create", name: "b" });
    await changed(w, { type: "select", sheet: "main" });
    expect(await w.engine.changeSheets(w.file, change)).toMatchObject({ ok: false, failure: { message } });
    expect(names(w)).toEqual(["main", "b"]);
    expect(w.state!.sheet.name).toBe("main");
  });

  test("to delete the last one", async () => {
    const w = await opened();
    expect(await w.engine.changeSheets(w.file, { type: "delete", sheet: "main" })).toMatchObject({
      ok: false,
      failure: { message: "“main” is the only sheet, and a workflow has at least one." },
    });
  });

  test("what would take its sheet from a run; what wouldn't is done", async () => {
    const w = await opened(TEXT.replace(`text + "!"`, `new Promise<string>((done) => setTimeout(done, 700, text))`));
    await changed(w, { type: "create", name: "b" });
    await changed(w, { type: "select", sheet: "main" });
    const end = w.run();
    await w.until(({ nodes }) => nodes.last?.activity.kind === "running");
    const refused: SheetChange[] = [
      { type: "select", sheet: "b" },
      { type: "create", name: "c" },
      { type: "duplicate", sheet: "main", name: "c" },
      { type: "reset", sheet: "main" },
      { type: "delete", sheet: "main" },
    ];
    for (const change of refused)
      expect(await w.engine.changeSheets(w.file, change)).toMatchObject({
        ok: false,
        failure: { reason: "unsupported", message: expect.stringContaining("during a run") as unknown },
      });
    await changed(w, { type: "rename", sheet: "main", name: "renamed meanwhile" });
    const { undo } = await changed(w, { type: "delete", sheet: "b" });
    await changed(w, undo!);
    expect(await end).toMatchObject({ ok: true, value: { status: "succeeded" } });
    await w.reopen();
    expect(names(w)).toEqual(["renamed meanwhile", "b"]);
    expect(w.output("last")).toBe("HELLO");
  });
});

test("what was typed just before another sheet came into use is kept on its own", async () => {
  const w = await opened();
  await changed(w, { type: "create", name: "b" });
  expect(await w.engine.setInput(w.file, "loud.text", "of main", "main")).toMatchObject({ ok: true });
  expect(w.state!.sheet.values).toEqual({});
  w.engine.keepView(w.file, "main", VIEW);
  await changed(w, { type: "select", sheet: "main" });
  expect(typed(w, "loud.text")).toBe("of main");
  expect(w.state!.view).toEqual(VIEW);
});

test("a window begins with the sheet that it had, if that is there", async () => {
  const w = await opened();
  await changed(w, { type: "create", name: "b" });
  await w.engine.close(w.file);
  expect((await w.engine.open(w.file, "b")).state.sheet.name).toBe("b");
  await w.engine.close(w.file);
  expect((await w.engine.open(w.file, "gone")).state.sheet.name).toBe("main");
  await w.engine.close(w.file);
  expect((await w.engine.open(w.file)).state.sheet.name).toBe("main");
});

test("a sheet outlives passing by other names of the graph", async () => {
  const w = await opened();
  await changed(w, { type: "create", name: "night" });
  await w.engine.setInput(w.file, "loud.text", "typed");
  await w.save(TEXT.replace(`"sheets"`, `"other"`));
  await w.until(({ sheet }) => sheet.name === "main");
  await w.save(TEXT);
  await w.until(({ sheet }) => sheet.name === "night");
  expect(typed(w, "loud.text")).toBe("typed");
});

describe("another window", () => {
  test("sees what is done to sheets", async () => {
    const w = await opened();
    const other = w.beside();
    await other.open();
    await changed(w, { type: "create", name: "b" });
    await other.until(({ sheets }) => sheets.length === 2);
    await changed(w, { type: "rename", sheet: "main", name: "renamed" });
    await other.until(({ sheet }) => sheet.name === "renamed");
    await changed(w, { type: "move", sheet: "b", to: 0 });
    await other.until(({ sheets }) => sheets[0]!.name === "b");
  });

  test("goes on with a sheet that is deleted here, and loses nothing", async () => {
    const w = await opened();
    const other = w.beside();
    await other.open();
    await changed(w, { type: "create", name: "b" });
    await changed(w, { type: "delete", sheet: "main" });
    await other.until(({ sheets }) => sheets.every(({ id }) => id !== "main"));
    expect(other.state!.sheet.id).toBe("main");
    await other.engine.setInput(other.file, "loud.text", "typed on it");
    expect(await other.run()).toMatchObject({ ok: true, value: { status: "succeeded" } });
    await changed(other, { type: "restore", sheet: "main", use: true });
    await w.until(({ sheets }) => sheets.length === 2);
    await changed(w, { type: "select", sheet: idOf(w, "main") });
    expect(typed(w, "loud.text")).toBe("typed on it");
    expect(w.output("last")).toBe("TYPED ON IT!");
  });

  test("may delete the last but one at the same time: there is always a sheet", async () => {
    const w = await opened();
    const other = w.beside();
    await other.open();
    await fill(w);
    await changed(w, { type: "create", name: "b" });
    await Promise.all([
      w.engine.changeSheets(w.file, { type: "delete", sheet: "main" }),
      other.engine.changeSheets(other.file, { type: "delete", sheet: "b" }),
    ]);
    await w.reopen();
    expect(names(w).length).toBeGreaterThan(0);
    expect(names(w)).toContain(w.state!.sheet.name);
    await changed(w, { type: "restore", sheet: "main", use: true });
    expectFilled(w);
  });
});

test("sheets go on where somebody deletes the folder", async () => {
  const w = await opened();
  await changed(w, { type: "create", name: "b" });
  await rm(join(w.folder, ".daggr"), { recursive: true });
  await changed(w, { type: "create", name: "c" });
  expect(w.state!.sheet.name).toBe("c");
  expect(names(w)).toEqual(["main", "c"]);
});

test("a folder that can only be read has sheets that can be looked at", async () => {
  const w = await opened();
  await fill(w);
  await changed(w, { type: "create", name: "b" });
  await w.engine.setInput(w.file, "loud.text", "typed");
  await writeFile(join(w.folder, ".daggr/format.json"), '{"format":99}');
  await w.reopen();
  expectFilled(w);
  await changed(w, { type: "select", sheet: "b" });
  expect(typed(w, "loud.text")).toBe("typed");
  expect(await w.engine.changeSheets(w.file, { type: "rename", sheet: "b", name: "c" })).toMatchObject({
    ok: false,
    failure: { reason: "store" },
  });
});

test("what comes late of a sheet of another workflow makes no sheet here, and what was typed there is said not to be kept", async () => {
  const w = await opened();
  const { sheet } = await changed(w, { type: "create", name: "night" });
  await w.save(TEXT.replace(/name: "[^"]*"/, 'name: "another"'));
  await w.until(({ graph, sheet: { name } }) => graph?.name === "another" && name === "main");
  w.engine.keepView(w.file, sheet.id, VIEW);
  const late = await w.engine.setInput(w.file, "quiet.text", "late", sheet.id);
  expect(late).toMatchObject({ ok: false, failure: { reason: "not-found" } });
  expect(names(w)).toEqual(["main"]);
  expect(await w.engine.sheets(w.file)).toMatchObject({ ok: true, value: { sheets: [{ id: "main" }] } });
});
