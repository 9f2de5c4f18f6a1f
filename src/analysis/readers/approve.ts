import { readInputs } from "./inputs.js";
import { Options } from "./options.js";
import type { NodeReading, Reader } from "./reader.js";

/** `new ApproveNode({ inputs: { draft: x.text } })`: hands each input on under its own name. */
export const approve: Reader<NodeReading> = {
  construct: "ApproveNode",
  read(site, reading) {
    const options = new Options(site, 0, reading);
    const inputs = readInputs(options, reading);
    const outputs = inputs.ports.map(({ name, nameAt, at }) => ({ name, nameAt, at, spec: null }));
    return {
      site,
      name: options.text("name") ?? null,
      target: { kind: "approve" },
      limits: {},
      inputs,
      outputs: { ports: outputs, open: inputs.open, at: null },
      code: {},
    };
  },
};
