import { nearest } from "../analysis/suggestion.js";
import { success, type Result } from "../model/outcome.js";
import type { EngineApi } from "../protocol/engine.js";
import { plainText } from "./plainText.js";
import type { RunReport } from "./runCommand.js";

/** The sheet that is there without anybody having made it. */
const FIRST_SHEET = "main";

/** Goes on with the sheet of that name. One that is new is a slip as often as a wish, so it is said. */
export async function chooseSheet(
  engine: EngineApi,
  file: string,
  name: string,
  report: Pick<RunReport, "say">,
): Promise<Result<void>> {
  const names = await engine.sheetNames(file);
  if (!names.ok) return names;
  const known = new Set([FIRST_SHEET, ...names.value]);
  if (!known.has(name)) report.say(`daggr: ${plainText(newSheetText(name, [...known]))}`);
  const selected = await engine.selectSheet(file, name);
  return selected.ok ? success(undefined) : selected;
}

function newSheetText(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const meant = near === null ? "" : ` Did you mean “${near}”?`;
  return `“${name}” is a new sheet (there are: ${known.join(", ")}).${meant}`;
}
