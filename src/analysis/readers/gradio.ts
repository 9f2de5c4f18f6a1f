import { readInputs } from "./inputs.js";
import { Options } from "./options.js";
import { readOutputs } from "./outputs.js";
import type { NodeReading, Reader } from "./reader.js";
import { textArgument } from "./textArgument.js";

/** `new GradioNode("owner/space", { apiName?, inputs, outputs, … })`. */
export const gradio: Reader<NodeReading> = {
  construct: "GradioNode",
  read(site, reading) {
    const space = textArgument(site, reading, "a Space or an address");
    const options = new Options(site, 1, reading);
    const apiName = options.value("apiName");
    const endpoint =
      apiName?.kind === "literal" && typeof apiName.value === "number" ? apiName.value : options.text("apiName");
    return {
      site,
      name: options.text("name") ?? null,
      target: {
        kind: "gradio",
        space,
        apiName: typeof endpoint === "string" ? withSlash(endpoint) : (endpoint ?? "/predict"),
        runLocally: options.flag("runLocally") ?? false,
        validate: options.flag("validate") ?? true,
      },
      limits: options.limits(),
      inputs: readInputs(options, reading),
      outputs: readOutputs(options, reading),
      code: options.hooks(),
    };
  },
};

function withSlash(endpoint: string): string {
  return endpoint.startsWith("/") ? endpoint : `/${endpoint}`;
}
