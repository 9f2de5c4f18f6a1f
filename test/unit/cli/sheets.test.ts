import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failed, success } from "../../../src/model/outcome.js";
import { FakeEngine } from "./fakeEngine.js";
import { Shell } from "./terminal.js";

let shell: Shell;
let engine: FakeEngine;
beforeEach(() => {
  shell = new Shell();
  shell.write("a.daggr.ts", "");
  engine = new FakeEngine(null);
  engine.knownSheets = ["main", "night shift"];
  engine.deletedSheets = ["old"];
});
afterEach(() => shell.remove());

const sheets = (...args: string[]): Promise<number> => shell.run(["sheets", "a.daggr.ts", ...args], engine);

test("without an action the sheets are listed, and what can be brought back", async () => {
  expect(await sheets()).toBe(0);
  expect(shell.stdout.text).toBe("main\nnight shift\nold (deleted 1970-01-01 00:00 UTC)\n");
  expect(engine.sheetChanges).toEqual([]);
  expect(engine.disposed).toBe(true);
});

test("--json prints one object for programs, after a change too", async () => {
  await sheets("--json");
  const listed = {
    sheets: [
      { id: "id of main", name: "main" },
      { id: "id of night shift", name: "night shift" },
    ],
    deleted: [{ id: "id of old", name: "old", deletedAt: 0 }],
  };
  expect(JSON.parse(shell.stdout.text)).toEqual(listed);
  shell.stdout.text = "";
  await sheets("new", "third", "--json");
  expect(JSON.parse(shell.stdout.text)).toEqual(listed);
});

test.each([
  [["new", "third"], { type: "create", name: "third" }],
  [["duplicate", "main"], { type: "duplicate", sheet: "id of main", name: "main copy" }],
  [["duplicate", "main", "third"], { type: "duplicate", sheet: "id of main", name: "third" }],
  [["rename", "night shift", "day"], { type: "rename", sheet: "id of night shift", name: "day" }],
  [["move", "main", "2"], { type: "move", sheet: "id of main", to: 1 }],
  [["reset", "main"], { type: "reset", sheet: "id of main" }],
  [["delete", " night  shift "], { type: "delete", sheet: "id of night shift" }],
  [["restore", "old"], { type: "restore", sheet: "id of old", use: false }],
])("%j", async (args, change) => {
  expect(await sheets(...args)).toBe(0);
  expect(engine.sheetChanges).toEqual([change]);
  expect(shell.stderr.text).toMatch(/^daggr: .*(main|third|changed|night|old).*\.\n$/);
  expect(shell.stdout.text).toBe("");
});

describe("a command that was written wrongly does nothing, and says what to write", () => {
  test.each([
    [
      ["delete", "nigt shift"],
      "There is no sheet “nigt shift” (there are: main, night shift). Did you mean “night shift”?",
    ],
    [["delete", "old"], "There is no sheet “old” (there are: main, night shift)."],
    [["restore", "main"], "There is no deleted sheet “main” (there are: old)."],
    [["remove", "main"], "There is no action “remove”; there are: new <name>, duplicate <sheet> [name],"],
    [["rename", "main"], "Write `daggr sheets <file> rename <sheet> <name>`; a name with blanks goes in quotes."],
    [["delete", "night", "shift"], "Write `daggr sheets <file> delete <sheet>`; a name with blanks goes in quotes."],
    [["move", "main", "3"], "The place is a number from 1 to 2, not 3."],
  ])("%j", async (args, message) => {
    expect(await sheets(...args)).toBe(2);
    expect(shell.stderr.text).toContain(`daggr: ${message}`);
    expect(engine.sheetChanges).toEqual([]);
  });
});

test("what is refused is said with what to do", async () => {
  engine.onSheetChange = () => failed({ reason: "unsupported", message: "It is the only one.", hint: "Reset it." });
  expect(await sheets("delete", "main")).toBe(1);
  expect(shell.stderr.text).toBe("daggr: It is the only one. Reset it.\n");
});

test("a sheet that comes back under another name is said to", async () => {
  engine.onSheetChange = () => success({ sheet: { id: "x", name: "old 2" } });
  await sheets("restore", "old");
  expect(shell.stderr.text).toBe("daggr: “old” is back as “old 2”.\n");
});

test("names do nothing to the terminal", async () => {
  engine.knownSheets = ["\u001b[2Jx"];
  engine.deletedSheets = [];
  await sheets();
  expect(shell.stdout.text).toBe("x\n");
});
