import type { Site } from "./site.js";
import type { CheckedReading } from "./readers/reader.js";

export interface NodeName {
  readonly id: string;
  readonly anonymous: boolean;
  /** The site that has the same name and came first. */
  readonly clash: Site | null;
}

/**
 * Gives every node its id: the name of the variable that holds it; for one without a variable, the key it is kept under or a
 * name made of what it calls, which stays the same while other nodes come and go.
 * @param readings in the order of declaration
 */
export function nameNodes(readings: readonly CheckedReading[]): Map<Site, NodeName> {
  const names = new Map<Site, NodeName>();
  const taken = new Map<string, Site>();
  const unnamed: CheckedReading[] = [];
  for (const reading of readings) {
    const { holder } = reading.site;
    if (holder.kind !== "variable") {
      unnamed.push(reading);
      continue;
    }
    const clash = taken.get(holder.name) ?? null;
    const id = free(holder.name, taken);
    taken.set(id, reading.site);
    names.set(reading.site, { id, anonymous: false, clash });
  }
  for (const reading of unnamed) {
    const id = free(madeUp(reading), taken);
    taken.set(id, reading.site);
    names.set(reading.site, { id, anonymous: true, clash: null });
  }
  return names;
}

function free(name: string, taken: ReadonlyMap<string, Site>): string {
  let id = name;
  for (let count = 2; taken.has(id); count++) id = `${name}_${count}`;
  return id;
}

function madeUp({ site, target }: CheckedReading): string {
  if (site.holder.kind === "member") {
    const key = site.holder.path.at(-1) ?? "";
    const name = identifier(/^\d+$/.test(key) ? (site.holder.path[0] ?? "") : key);
    if (name !== "") return name;
  }
  switch (target.kind) {
    case "fn":
      return target.functionName ?? "fn";
    case "gradio":
      return identifier(lastPart(target.space)) || "gradio";
    case "inference":
      return identifier(lastPart(target.model)) || "inference";
    case "choose-one":
      return "chooseOne";
    default:
      return target.kind;
  }
}

function lastPart(path: string): string {
  return path.split("/").findLast((part) => part !== "") ?? "";
}

/** `Z-Image-Turbo` → `zImageTurbo`; empty when nothing is left. */
function identifier(text: string): string {
  const words = text.split(/[^\p{L}\p{N}_$]+/u).filter((word) => word !== "");
  const [first = "", ...others] = words;
  const name =
    first.slice(0, 1).toLowerCase() +
    first.slice(1) +
    others.map((w) => w.slice(0, 1).toUpperCase() + w.slice(1)).join("");
  return /^\d/.test(name) ? `_${name}` : name;
}
