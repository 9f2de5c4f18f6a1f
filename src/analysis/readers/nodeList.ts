import { message } from "../diagnostics.js";
import { nodeSite } from "../evaluate.js";
import { type Place, excerpt } from "../place.js";
import type { Reading } from "../reading.js";
import type { Site } from "../site.js";
import { type StaticValue, unknown } from "../staticValue.js";

/** Nodes listed in an array; `null` where text doesn't tell. */
export function readNodes(
  list: StaticValue | undefined,
  at: Place,
  reading: Reading,
): ({ readonly site: Site; readonly at: Place } | null)[] {
  if (list?.kind !== "array") {
    if (list) reading.unknown(list.kind === "unknown" ? list : unknown(at), "What is listed here", LISTED);
    return list ? [null] : [];
  }
  const nodes: ({ site: Site; at: Place } | null)[] = [];
  for (const element of reading.elements(list)) {
    if ("kind" in element) {
      reading.unknown(element, "What is listed here", LISTED);
      nodes.push(null);
      continue;
    }
    const value = reading.evaluate(element);
    const site = nodeSite(value);
    if (site) {
      nodes.push({ site, at: element });
    } else if (value.kind === "unknown") {
      reading.unknown(value, "What is listed here", LISTED);
      nodes.push(null);
    } else if (value.kind === "package") {
      reading.unknown(unknown(element), "What is listed here", LISTED);
      nodes.push(null);
    } else {
      reading.report({ ...message("not-a-node", excerpt(element), describe(value)), at: element });
    }
  }
  return nodes;
}

const LISTED = "Declare each node with `const` and list it by that name.";

function describe(value: StaticValue): string {
  switch (value.kind) {
    case "port":
      return `a port of \`${value.nodeAt.node.getText(value.nodeAt.module.source)}\``;
    case "function":
      return "a function";
    case "site":
      return value.site.construct === "Graph" ? "a graph" : "a component";
    case "array":
      return "an array";
    case "object":
      return "an object";
    case "module":
      return "a module";
    default:
      return "a plain value";
  }
}
