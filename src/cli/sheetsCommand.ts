import { nearest } from "../analysis/suggestion.js";
import { success, type Result } from "../model/outcome.js";
import { copyName, type DeletedSheet, type SheetChange, type SheetList, tidyName } from "../model/sheets.js";
import type { EngineApi } from "../protocol/engine.js";
import { coloursFor } from "./colours.js";
import { type CliContext, EXIT, type ExitCode, misuse, type Refusal } from "./context.js";
import { plainText, shortText } from "./plainText.js";
import { storeRoots } from "./workflowFile.js";

/** What can be done with sheets, and what is to be given for it. */
export const SHEET_ACTIONS = {
  new: "<name>",
  duplicate: "<sheet> [name]",
  rename: "<sheet> <name>",
  move: "<sheet> <place>",
  reset: "<sheet>",
  delete: "<sheet>",
  restore: "<sheet>",
} as const;

type SheetAction = keyof typeof SHEET_ACTIONS;

/**
 * `daggr sheets`: lists a workflow's sheets, or changes them. Executes nothing.
 *
 * @param file - absolute path
 * @param written - the action and what was given for it; empty: lists them
 */
export async function sheetsCommand(
  file: string,
  written: readonly string[],
  { json }: { readonly json: boolean },
  context: CliContext,
): Promise<ExitCode> {
  const engine = await context.createEngine({ event: () => undefined, debuggerReady: () => undefined });
  try {
    await engine.configure({ trusted: true, token: null, roots: storeRoots(file, context.cwd) });
    await engine.open(file);
    return await sheets(engine, file, written, json, context);
  } finally {
    await engine.dispose();
  }
}

async function sheets(
  engine: EngineApi,
  file: string,
  written: readonly string[],
  json: boolean,
  context: CliContext,
): Promise<ExitCode> {
  const refuse = (message: string, exitCode: ExitCode): ExitCode => {
    context.stderr.write(`daggr: ${shortText(message, 4000, "cut")}\n`);
    return exitCode;
  };
  const before = await engine.sheets(file);
  if (!before.ok) return refuse(sentence(before.failure), EXIT.failed);
  const [action, ...given] = written;
  if (action !== undefined) {
    const change = changeOf(action, given, before.value);
    if (!change.ok) return refuse(change.failure.message, change.failure.exitCode);
    const changed = await engine.changeSheets(file, change.value);
    if (!changed.ok) return refuse(sentence(changed.failure), EXIT.failed);
    context.stderr.write(`daggr: ${plainText(doneText(change.value, changed.value.sheet.name, given[0] ?? ""))}\n`);
  }
  const after = await engine.sheets(file);
  if (!after.ok) return refuse(sentence(after.failure), EXIT.failed);
  if (json) context.stdout.write(`${JSON.stringify(after.value)}\n`);
  else if (action === undefined) context.stdout.write(listText(after.value, context));
  return EXIT.succeeded;
}

function changeOf(action: string, given: readonly string[], list: SheetList): Result<SheetChange, Refusal> {
  if (!isAction(action))
    return misuse(
      `There is no action “${action}”; there are: ${Object.entries(SHEET_ACTIONS)
        .map(([name, takes]) => `${name} ${takes}`)
        .join(", ")}.`,
    );
  const takes = SHEET_ACTIONS[action].split(" ");
  const least = takes.filter((each) => each.startsWith("<")).length;
  if (given.length < least || given.length > takes.length)
    return misuse(`Write \`daggr sheets <file> ${action} ${takes.join(" ")}\`; a name with blanks goes in quotes.`);
  const [first = "", second] = given;
  if (action === "new") return success({ type: "create", name: first });
  const found = find(first, action === "restore" ? list.deleted : list.sheets, action === "restore");
  if (!found.ok) return found;
  const { id: sheet, name } = found.value;
  switch (action) {
    case "duplicate":
      return success({ type: "duplicate", sheet, name: second ?? copyName(name, list.sheets) });
    case "rename":
      return success({ type: "rename", sheet, name: second ?? "" });
    case "move": {
      const place = Number(second);
      if (!Number.isInteger(place) || place < 1 || place > list.sheets.length)
        return misuse(`The place is a number from 1 to ${list.sheets.length}, not ${second ?? ""}.`);
      return success({ type: "move", sheet, to: place - 1 });
    }
    case "restore":
      return success({ type: "restore", sheet, use: false });
    case "reset":
    case "delete":
      return success({ type: action, sheet });
  }
}

function find(
  written: string,
  sheets: readonly { readonly id: string; readonly name: string }[],
  deleted: boolean,
): Result<{ readonly id: string; readonly name: string }, Refusal> {
  // Of several that were deleted, the latest, which comes first.
  const found = sheets.find(({ name }) => name === written) ?? sheets.find(({ name }) => name === tidyName(written));
  if (found) return success(found);
  const names = sheets.map(({ name }) => name);
  const near = nearest(written, names);
  const there = names.length === 0 ? "there is none" : `there are: ${names.join(", ")}`;
  const what = deleted ? "deleted sheet" : "sheet";
  return misuse(`There is no ${what} “${written}” (${there}).${near === null ? "" : ` Did you mean “${near}”?`}`);
}

function doneText(change: SheetChange, name: string, written: string): string {
  switch (change.type) {
    case "create":
      return `sheet “${name}” was made.`;
    case "duplicate":
      return `“${written}” was duplicated as “${name}”.`;
    case "rename":
      return `“${written}” is called “${name}” now.`;
    case "move":
      return `“${name}” was moved.`;
    case "reset":
      return `“${name}” was reset; what was on it can be brought back with \`restore\` for 30 days.`;
    case "delete":
      return `“${name}” was deleted; \`restore\` brings it back for 30 days.`;
    case "restore":
      return name === written ? `“${name}” is back.` : `“${written}” is back as “${name}”.`;
    case "select":
      return `“${name}” is in use.`;
  }
}

function listText({ sheets: there, deleted }: SheetList, { stdout, env }: CliContext): string {
  const colours = coloursFor(stdout, env);
  const lines = there.map(({ name }) => plainText(name));
  return [...lines, ...deleted.map((sheet) => colours.dim(deletedText(sheet)))].map((line) => `${line}\n`).join("");
}

function deletedText({ name, deletedAt }: DeletedSheet): string {
  return `${plainText(name)} (deleted ${new Date(deletedAt).toISOString().slice(0, 16).replace("T", " ")} UTC)`;
}

function isAction(action: string): action is SheetAction {
  return Object.hasOwn(SHEET_ACTIONS, action);
}

function sentence({ message, hint }: { readonly message: string; readonly hint?: string }): string {
  return hint === undefined ? message : `${message} ${hint}`;
}
