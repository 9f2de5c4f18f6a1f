import * as vscode from "vscode";
import { copyName, nameProblem, newSheetName, type SheetEntry } from "../../model/sheets.js";
import type { Sheets } from "../sheets.js";
import { workflowName } from "../workflowFile.js";
import { COMMANDS } from "./ids.js";
import type { Handlers } from "./register.js";
import { sheetOf, type Targets } from "./target.js";

interface SheetCommandParts {
  readonly sheets: Sheets;
  readonly targets: Targets;
}

/** What a command may be about: the sheets of a workflow, and the one that was meant. */
type About = NonNullable<Awaited<ReturnType<Sheets["list"]>>> & { readonly file: string; readonly sheet: SheetEntry };

/** The sheets of a workflow, for who works from the editor; the canvas's menu comes here, too. */
export function sheetCommands({ sheets, targets }: SheetCommandParts) {
  /** Asks which sheet where the command doesn't say and there are several. */
  const about = async (argument: unknown, title: string | null): Promise<About | undefined> => {
    const file = targets.file(argument);
    const list = file === undefined ? null : await sheets.list(file);
    if (file === undefined || list === null) return undefined;
    const named = sheetOf(argument) ?? (title === null || list.sheets.length === 1 ? list.inUse : null);
    const sheet = list.sheets.find(({ id }) => id === named) ?? (await pick(list.sheets, list.inUse, title ?? ""));
    return sheet && { ...list, file, sheet };
  };
  return {
    [COMMANDS.switchSheet]: async (argument) => {
      const file = targets.file(argument);
      const list = file === undefined ? null : await sheets.list(file);
      if (file === undefined || list === null) return;
      const sheet = await pick(list.sheets, list.inUse, `Switch Sheet of ${workflowName(file)}`);
      if (sheet) await sheets.change(file, { type: "select", sheet: sheet.id });
    },
    [COMMANDS.newSheet]: async (argument) => {
      const file = targets.file(argument);
      const list = file === undefined ? null : await sheets.list(file);
      if (file === undefined || list === null) return;
      const name = await askName("New Sheet", newSheetName(list.sheets), list.sheets);
      if (name !== undefined) await sheets.change(file, { type: "create", name });
    },
    [COMMANDS.duplicateSheet]: async (argument) => {
      const asked = await about(argument, "Duplicate Sheet");
      if (!asked) return;
      const { file, sheet, sheets: all } = asked;
      const name = await askName(`Duplicate “${sheet.name}”`, copyName(sheet.name, all), all);
      if (name !== undefined) await sheets.change(file, { type: "duplicate", sheet: sheet.id, name });
    },
    [COMMANDS.renameSheet]: async (argument) => {
      const asked = await about(argument, "Rename Sheet");
      if (!asked) return;
      const { file, sheet } = asked;
      const others = asked.sheets.filter(({ id }) => id !== sheet.id);
      const name = await askName(`Rename “${sheet.name}”`, sheet.name, others);
      if (name !== undefined && name !== sheet.name)
        await sheets.change(file, { type: "rename", sheet: sheet.id, name });
    },
    [COMMANDS.resetSheet]: async (argument) => {
      const asked = await about(argument, null);
      if (asked) await sheets.change(asked.file, { type: "reset", sheet: asked.sheet.id });
    },
    [COMMANDS.deleteSheet]: async (argument) => {
      const asked = await about(argument, "Delete Sheet");
      if (asked) await sheets.change(asked.file, { type: "delete", sheet: asked.sheet.id });
    },
    [COMMANDS.restoreSheet]: async (argument) => {
      const file = targets.file(argument);
      const list = file === undefined ? null : await sheets.list(file);
      if (file === undefined || list === null) return;
      const named = sheetOf(argument);
      if (named !== null) return sheets.change(file, { type: "restore", sheet: named, use: true });
      if (list.deleted.length === 0) {
        const message = `${workflowName(file)} has no sheet that was deleted or reset within the last 30 days.`;
        return void vscode.window.showInformationMessage(message);
      }
      const picks = list.deleted.map(({ id, name, deletedAt }) => ({
        label: name,
        description: `deleted ${new Date(deletedAt).toLocaleString()}`,
        id,
      }));
      const picked = await vscode.window.showQuickPick(picks, { title: "Restore Sheet", placeHolder: "Deleted sheet" });
      if (picked) await sheets.change(file, { type: "restore", sheet: picked.id, use: true });
    },
  } satisfies Partial<Handlers>;
}

async function pick(
  sheets: readonly SheetEntry[],
  inUse: string | null,
  title: string,
): Promise<SheetEntry | undefined> {
  const picks = sheets.map((sheet) => ({
    label: sheet.name,
    ...(sheet.id === inUse && { description: "in use" }),
    sheet,
  }));
  return (await vscode.window.showQuickPick(picks, { title, placeHolder: "Sheet" }))?.sheet;
}

function askName(title: string, value: string, taken: readonly SheetEntry[]): Promise<string | undefined> {
  const names = taken.map(({ name }) => name);
  const options = {
    title,
    value,
    prompt: "Name of the sheet",
    validateInput: (text: string) => nameProblem(text, names),
  };
  return Promise.resolve(vscode.window.showInputBox(options));
}
