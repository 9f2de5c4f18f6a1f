import pc from "picocolors";
import type { Output } from "./context.js";

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours where the reader is a terminal; `NO_COLOR` and `FORCE_COLOR` have the last word, in this order. */
export function coloursFor(output: Output, env: Readonly<Record<string, string | undefined>>): Colours {
  if (env.NO_COLOR) return pc.createColors(false);
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== "") return pc.createColors(forced !== "0" && forced !== "false");
  return pc.createColors(output.isTTY === true && env.TERM !== "dumb");
}
