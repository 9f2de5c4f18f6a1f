import { Options } from "./options.js";
import { readOutputs } from "./outputs.js";
import { NO_PORTS, type NodeReading, type Reader } from "./reader.js";

/** `new InputNode({ name?, ports: { prompt: gr.Textbox() } })`. */
export const input: Reader<NodeReading> = {
  construct: "InputNode",
  read(site, reading) {
    const options = new Options(site, 0, reading);
    return {
      site,
      name: options.text("name") ?? null,
      target: { kind: "input" },
      limits: {},
      inputs: NO_PORTS,
      outputs: readOutputs(options, reading, "ports"),
      code: {},
    };
  },
};
