import { beforeEach, describe, expect, it, vi } from "vitest";
import { COMMANDS } from "../../../src/extension/commands/ids.js";
import { sheetCommands } from "../../../src/extension/commands/sheets.js";
import type { Engine, EngineClient } from "../../../src/extension/engineProcess.js";
import { Sheets } from "../../../src/extension/sheets.js";
import { SheetsInUse } from "../../../src/extension/sheetsInUse.js";
import { Workflows } from "../../../src/extension/workflows.js";
import { failed, type Result, success } from "../../../src/model/outcome.js";
import type { SheetChange, SheetChanged, SheetList } from "../../../src/model/sheets.js";
import { FILE, state } from "./states.js";

const said = vi.hoisted(() => ({
  /** What a person picks, types or clicks, one by one; undefined: nothing. */
  answers: [] as (string | undefined)[],
  messages: [] as string[],
  lists: [] as string[][],
  /** Why what is typed is refused. */
  problems: [] as unknown[],
}));

vi.mock("vscode", () => {
  const message = (text: string, ...actions: string[]) => {
    said.messages.push([text, ...actions].join(" | "));
    const wanted = said.answers.shift();
    return Promise.resolve(actions.find((action) => action === wanted));
  };
  return {
    window: {
      showInformationMessage: message,
      showErrorMessage: message,
      showQuickPick: (picks: { label: string; description?: string }[]) => {
        said.lists.push(picks.map(({ label, description = "" }) => `${label} ${description}`.trim()));
        const wanted = said.answers.shift();
        return Promise.resolve(picks.find(({ label }) => label === wanted));
      },
      showInputBox: ({ value, validateInput }: { value: string; validateInput: (text: string) => unknown }) => {
        said.lists.push([value]);
        const typed = said.answers.shift();
        if (typed !== undefined) said.problems.push(validateInput(typed));
        return Promise.resolve(typed);
      },
    },
  };
});

let list: SheetList;
let changes: SheetChange[];
let kept: Map<string, unknown>;
/** What the engine answers, and what becomes of the sheet in use. */
let onChange: (change: SheetChange) => Result<SheetChanged>;
let workflows: Workflows;

beforeEach(() => {
  for (const each of Object.values(said)) each.splice(0);
  const sheets = ["main", "night"].map((name) => ({ id: `${name} id`, name }));
  list = { sheets, deleted: [{ id: "old id", name: "old", deletedAt: 0 }] };
  changes = [];
  kept = new Map();
  onChange = () => success({ sheet: { id: "x", name: "x" } });
});

function useSheet(id: string): void {
  workflows.receive(FILE, ++sequence, { type: "sheet-changed", sheet: { id, name: id, values: {} } });
}
let sequence = 0;

function setUp() {
  sequence = 0;
  const sheet = { id: "main id", name: "main", values: {} };
  const api = {
    open: () => Promise.resolve({ sequence: 0, state: state({}, { sheet }) }),
    close: () => Promise.resolve(),
    sheets: () => Promise.resolve(success(list)),
    changeSheets: (_file: string, change: SheetChange) => {
      changes.push(change);
      return Promise.resolve(onChange(change));
    },
  } as unknown as Engine; // the calls that are made here
  const engine: EngineClient = { ask: (call) => call(api), tell: (call) => void call(api) };
  workflows = new Workflows(engine);
  // Open in an editor, say.
  workflows.hold(FILE);
  const memory = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const inUse = new SheetsInUse(memory);
  const sheets = new Sheets({ engine, workflows, inUse });
  const targets = { file: () => FILE } as unknown as Parameters<typeof sheetCommands>[0]["targets"]; // all that is used of them
  return { commands: sheetCommands({ sheets, targets }), sheets, inUse };
}

describe("the commands about sheets", () => {
  it("let one be picked, and tell which is in use", async () => {
    const { commands } = setUp();
    said.answers.push("night");
    await commands[COMMANDS.switchSheet](undefined);
    expect(said.lists).toEqual([["main in use", "night"]]);
    expect(changes).toEqual([{ type: "select", sheet: "night id" }]);
  });

  it("ask for a name that nobody has, and refuse others as they are typed", async () => {
    const { commands } = setUp();
    said.answers.push("night");
    await commands[COMMANDS.newSheet](undefined);
    expect(said.lists).toEqual([["Sheet 3"]]);
    expect(said.problems).toEqual(["There is a sheet “night” already."]);
  });

  it("copy and rename the sheet that the canvas names, without asking which", async () => {
    const { commands } = setUp();
    const about = { file: FILE, sheet: "night id" };
    said.answers.push("night 2", "day");
    await commands[COMMANDS.duplicateSheet](about);
    await commands[COMMANDS.renameSheet](about);
    expect(said.lists).toEqual([["night copy"], ["night"]]);
    expect(changes).toEqual([
      { type: "duplicate", sheet: "night id", name: "night 2" },
      { type: "rename", sheet: "night id", name: "day" },
    ]);
  });

  it("ask which one to delete, and reset the one in use", async () => {
    const { commands } = setUp();
    said.answers.push("night");
    await commands[COMMANDS.deleteSheet](undefined);
    await commands[COMMANDS.resetSheet](undefined);
    expect(changes).toEqual([
      { type: "delete", sheet: "night id" },
      { type: "reset", sheet: "main id" },
    ]);
  });

  it("bring back what was deleted, or say that there is nothing", async () => {
    const { commands } = setUp();
    said.answers.push("old");
    await commands[COMMANDS.restoreSheet](undefined);
    expect(changes).toEqual([{ type: "restore", sheet: "old id", use: true }]);
    list = { ...list, deleted: [] };
    await commands[COMMANDS.restoreSheet](undefined);
    expect(said.messages).toEqual([expect.stringContaining("no sheet that was deleted or reset")]);
  });

  it("do nothing where nobody answers", async () => {
    const { commands } = setUp();
    for (const id of Object.keys(commands) as (keyof typeof commands)[])
      if (id !== COMMANDS.resetSheet) await commands[id](undefined);
    expect(changes).toEqual([]);
  });
});

describe("what is done to sheets", () => {
  it("is taken back from the message that tells of it", async () => {
    const { sheets } = setUp();
    const undo = { type: "restore", sheet: "main id", use: true } as const;
    onChange = (change) =>
      success({ sheet: { id: "main id", name: "main" }, ...(change.type === "delete" && { undo }) });
    said.answers.push("Undo");
    await sheets.change(FILE, { type: "delete", sheet: "main id" });
    expect(said.messages).toEqual(["Sheet “main” was deleted. | Undo"]);
    await vi.waitFor(() => expect(changes.at(-1)).toEqual(undo));
  });

  it("is said to be refused, with what to do", async () => {
    const { sheets } = setUp();
    onChange = () => failed({ reason: "unsupported", message: "You cannot do that during a run.", hint: "Wait." });
    await sheets.change(FILE, { type: "select", sheet: "night id" });
    expect(said.messages[0]).toContain("You cannot do that during a run. Wait.");
    expect(kept.size).toBe(0);
  });

  it("is remembered, so that the file is opened on the sheet that somebody chose, and no other", async () => {
    const { sheets, inUse } = setUp();
    onChange = () => {
      useSheet("night id");
      return success({ sheet: { id: "night id", name: "night" } });
    };
    await sheets.change(FILE, { type: "select", sheet: "night id" });
    expect(inUse.get(FILE)).toBe("night id");
    // As in a folder that isn't trusted any more.
    useSheet("main");
    onChange = () => success({ sheet: { id: "night id", name: "renamed" } });
    await sheets.change(FILE, { type: "rename", sheet: "night id", name: "renamed" });
    expect(inUse.get(FILE)).toBe("night id");
    inUse.rename(FILE, "/moved.daggr.ts");
    expect([inUse.get(FILE), inUse.get("/moved.daggr.ts")]).toEqual([null, "night id"]);
  });
});

it("the sheet in use goes along with its file, and with the folder of its file", () => {
  const { inUse } = setUp();
  inUse.keep("/flows/deep/a.daggr.ts", "night");
  inUse.rename("/flows", "/jobs");
  expect(inUse.get("/jobs/deep/a.daggr.ts")).toBe("night");
  inUse.rename("/jobs/deep/a.daggr.ts", "/jobs/b.daggr.ts");
  expect([inUse.get("/jobs/b.daggr.ts"), inUse.get("/jobs/deep/a.daggr.ts")]).toEqual(["night", null]);
});
