import { message } from "../diagnostics.js";
import type { Reading } from "../reading.js";
import type { Site } from "../site.js";
import { unknown } from "../staticValue.js";

/** The text a construct is given first; `""` when it is missing or not known. @param what it is, with its article */
export function textArgument(site: Site, reading: Reading, what: string): string {
  const { expression, module, construct } = site;
  const [node] = expression.arguments ?? [];
  const value = node && reading.evaluate({ node, module });
  if (value?.kind === "literal" && typeof value.value === "string") return value.value;
  const at = { module, node: node ?? expression };
  reading.untold = true;
  if (!value || (value.kind !== "unknown" && value.kind !== "package")) {
    reading.complete = false;
    reading.report({ ...message("missing-argument", construct, `${what} as its first argument, as text`), at });
  } else {
    reading.unknown(
      value.kind === "unknown" ? value : unknown(at),
      "What is called",
      `Write ${what} as text to see it here.`,
      true,
    );
  }
  return "";
}
