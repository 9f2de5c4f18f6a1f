import { message } from "../diagnostics.js";
import { excerpt } from "../place.js";
import type { Site } from "../site.js";
import { readNodes } from "./nodeList.js";
import { Options } from "./options.js";
import { NO_PORTS, type NodeReading, type Reader } from "./reader.js";

/** `choice([a, b], { name? })`: its ports are the variants', which are known once those are read. */
export const choice: Reader<NodeReading> = {
  construct: "choice",
  read(site, reading) {
    const [node] = site.expression.arguments ?? [];
    const list = node && reading.evaluate({ node, module: site.module });
    const nodes = readNodes(list, { module: site.module, node: node ?? site.expression }, reading);
    const variants = nodes.flatMap((listed): Site[] => (listed ? [listed.site] : []));
    for (const listed of nodes) {
      if (listed?.site.construct === "choice") {
        reading.report({ ...message("nested-choice", excerpt(listed.at)), at: listed.at });
      }
    }
    const options = new Options(site, 1, reading);
    return {
      site,
      name: options.text("name") ?? null,
      target: { kind: "choice", variants },
      limits: {},
      inputs: NO_PORTS,
      outputs: { ...NO_PORTS, open: nodes.includes(null) },
      code: {},
    };
  },
};
