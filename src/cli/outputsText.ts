import type { Graph, NodeId } from "../model/graph.js";
import type { Value } from "../model/value.js";
import { coloursFor } from "./colours.js";
import type { CliContext } from "./context.js";
import { shortText } from "./plainText.js";

/** Characters of one value that a terminal is given. */
const MOST_SHOWN = 50_000;

/**
 * What a run was for. One value stands alone, so that it can be piped on; several each stand under the name of their port.
 * Ports that are not shown on the card are left out, unless their node has no others. What goes to a file or to another
 * program is exact; a terminal is not led astray by it.
 */
export function outputsText(
  outputs: Readonly<Record<NodeId, Readonly<Record<string, Value>>>>,
  graph: Graph | null,
  { stdout, env }: Pick<CliContext, "stdout" | "env">,
): string {
  const { bold } = coloursFor(stdout, env);
  const display = stdout.isTTY
    ? (text: string) => shortText(text, MOST_SHOWN, "a file or a pipe gets all of it")
    : (text: string) => text;
  const shown = Object.entries(outputs).flatMap(([id, ports]) => {
    const declared = graph?.nodes.find((node) => node.id === id)?.outputs ?? [];
    const hidden = new Set(declared.filter(({ spec }) => spec === null).map(({ name }) => name));
    const all = Object.entries(ports);
    const visible = all.filter(([port]) => !hidden.has(port));
    return (visible.length > 0 ? visible : all).map(([port, value]) => ({
      name: display(`${id}.${port}`),
      text: display(valueText(value)),
    }));
  });
  const [only] = shown;
  if (only && shown.length === 1) return `${only.text}\n`;
  return shown
    .map(({ name, text }) => (text.includes("\n") ? `${bold(name)}:\n${text}\n` : `${bold(name)}: ${text}\n`))
    .join("");
}

/** Texts and paths as they are, all else as JSON. */
function valueText(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
