import { message } from "../diagnostics.js";
import { readNodes } from "./nodeList.js";
import { Options } from "./options.js";
import type { GraphReading, Reader } from "./reader.js";

/** `new Graph({ name, nodes, persistKey? })`. */
export const graph: Reader<GraphReading> = {
  construct: "Graph",
  read(site, reading) {
    const options = new Options(site, 0, reading);
    const given = options.value("name");
    const blank = given?.kind === "literal" && (typeof given.value !== "string" || given.value.trim() === "");
    if ((given === undefined && !options.open) || blank) {
      const place = options.get("name")?.value ?? options.at ?? { module: site.module, node: site.expression };
      reading.report({ ...message("missing-name"), at: place });
    }
    const at = options.get("nodes")?.value ?? options.at ?? { module: site.module, node: site.expression };
    return {
      site,
      name: options.text("name") ?? null,
      persistKey: options.flag("persistKey") === false ? false : (options.text("persistKey") ?? null),
      roots: options.open && !options.get("nodes") ? [null] : readNodes(options.value("nodes"), at, reading),
    };
  },
};
