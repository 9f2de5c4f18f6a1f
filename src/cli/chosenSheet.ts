import { nearest } from "../analysis/suggestion.js";
import { failed, type Result } from "../model/outcome.js";
import { tidyName } from "../model/sheets.js";
import type { EngineApi } from "../protocol/engine.js";
import { plainText } from "./plainText.js";
import type { RunReport } from "./runCommand.js";

/** Goes on with the sheet of that name. One that is new is a slip as often as a wish, so it is said. */
export async function chooseSheet(
  engine: EngineApi,
  file: string,
  name: string,
  report: Pick<RunReport, "say">,
): Promise<Result<void>> {
  const list = await engine.sheets(file);
  if (!list.ok) return list;
  const known = list.value.sheets.map((sheet) => sheet.name);
  const isNamed = (sheet: { readonly name: string }) => sheet.name === name || sheet.name === tidyName(name);
  // Whoever deleted it may not be who runs it: on an empty one of that name, everything would be paid for with other inputs.
  if (!list.value.sheets.some(isNamed) && list.value.deleted.some(isNamed)) {
    const message = `Sheet “${name}” was deleted.`;
    const hint = `\`daggr sheets\` brings it back with \`restore\`, or makes an empty one with \`new\`.`;
    return failed({ reason: "not-found", message, hint });
  }
  const selected = await engine.selectSheet(file, name);
  if (selected.ok && !known.includes(tidyName(name)) && !known.includes(name))
    report.say(`daggr: ${plainText(newSheetText(tidyName(name), known))}`);
  return selected;
}

function newSheetText(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const meant = near === null ? "" : ` Did you mean “${near}”?`;
  return `“${name}” is a new sheet (there are: ${known.join(", ")}).${meant}`;
}
