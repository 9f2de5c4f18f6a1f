import { readInputs } from "./inputs.js";
import { Options } from "./options.js";
import type { NodeReading, Reader } from "./reader.js";

/** `new ChooseOneNode({ inputs: { options: x.images } })`: its port `chosen` gives the chosen one. */
export const chooseOne: Reader<NodeReading> = {
  construct: "ChooseOneNode",
  read(site, reading) {
    const options = new Options(site, 0, reading);
    const at = { module: site.module, node: site.expression };
    return {
      site,
      name: options.text("name") ?? null,
      target: { kind: "choose-one" },
      limits: {},
      inputs: readInputs(options, reading),
      outputs: { ports: [{ name: "chosen", nameAt: at, at, spec: null }], open: false, at: null },
      code: {},
    };
  },
};
