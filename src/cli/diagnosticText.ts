import type { Diagnostic, Severity } from "../model/diagnostic.js";
import type { Colours } from "./colours.js";
import { plainText, shortText } from "./plainText.js";
import { shownPath } from "./workflowFile.js";

/** `file:line:column severity code message`, which editors and terminals know to make a link of. */
export function diagnosticText({ code, severity, message, range }: Diagnostic, cwd: string, colours: Colours): string {
  const place = `${plainText(shownPath(range.file, cwd))}:${range.start.line}:${range.start.column}`;
  return `${colours.bold(place)} ${paint(severity, colours)} ${colours.dim(code)} ${shortText(message)}`;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

function paint(severity: Severity, colours: Colours): string {
  const colour = { error: colours.red, warning: colours.yellow, info: colours.blue }[severity];
  return colour(severity);
}
