import { readFileSync } from "node:fs";
import { type CliContext, EXIT, type ExitCode } from "./context.js";
import { coloursFor } from "./colours.js";
import { diagnosticText, hasErrors } from "./diagnosticText.js";
import { fileTrouble } from "./fileTrouble.js";
import { outline } from "./outline.js";

/**
 * `daggr graph`: reads the file and tells its graph. Runs none of its code.
 * @param file absolute path
 */
export async function graphCommand(
  file: string,
  { json }: { readonly json: boolean },
  { stdout, cwd, env }: CliContext,
): Promise<ExitCode> {
  // The compiler is loaded on first need: `daggr --help` has none.
  const { WorkflowAnalysis, graphJson } = await import("../analysis/index.js");
  const { graph, diagnostics } = new WorkflowAnalysis(file, { read: textOf }).analyse();
  if (json) {
    stdout.write(`${JSON.stringify(graphJson(graph, diagnostics), null, 2)}\n`);
  } else {
    const colours = coloursFor(stdout, env);
    const findings = diagnostics.map((diagnostic) => `${diagnosticText(diagnostic, cwd, colours)}\n`).join("");
    stdout.write([graph && outline(graph, colours), findings].filter(Boolean).join("\n"));
  }
  return hasErrors(diagnostics) ? EXIT.failed : EXIT.succeeded;
}

/** `undefined` for whatever is no readable file: the analysis says so at the place that names it. */
function textOf(path: string): string | undefined {
  try {
    return fileTrouble(path) === null ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
