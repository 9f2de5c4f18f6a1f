import { readInputs } from "./inputs.js";
import { Options } from "./options.js";
import { readOutputs } from "./outputs.js";
import type { NodeReading, Reader } from "./reader.js";
import { textArgument } from "./textArgument.js";

/** `new InferenceNode("owner/model:provider", { task?, inputs, outputs, … })`. */
export const inference: Reader<NodeReading> = {
  construct: "InferenceNode",
  read(site, reading) {
    const written = textArgument(site, reading, "a model");
    const [model = "", provider] = written.split(":");
    const options = new Options(site, 1, reading);
    return {
      site,
      name: options.text("name") ?? null,
      target: { kind: "inference", model, provider: provider ?? null, task: options.text("task") ?? null },
      limits: options.limits(),
      inputs: readInputs(options, reading),
      outputs: readOutputs(options, reading),
      code: options.hooks(),
    };
  },
};
