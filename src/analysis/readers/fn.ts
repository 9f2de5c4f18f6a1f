import { message } from "../diagnostics.js";
import type { Reading } from "../reading.js";
import type { Site } from "../site.js";
import type { StaticValue } from "../staticValue.js";
import { readInputs } from "./inputs.js";
import { Options, codeRoot } from "./options.js";
import { readOutputs } from "./outputs.js";
import type { CodeRoot, NodeReading, OutputReading, PortsReading, Reader } from "./reader.js";

/** `new FnNode(fn, { inputs?, outputs?, … })`. */
export const fn: Reader<NodeReading> = {
  construct: "FnNode",
  read(site, reading) {
    const [argument] = site.expression.arguments ?? [];
    const called = argument && reading.evaluate({ node: argument, module: site.module });
    const code = readFunction(called, site, reading);
    const options = new Options(site, 1, reading);
    return {
      site,
      name: options.text("name") ?? null,
      target: {
        kind: "fn",
        functionName: functionName(called),
        functionAt: called?.kind === "function" ? { module: called.module, node: called.node } : null,
      },
      limits: options.limits(),
      inputs: readInputs(options, reading),
      outputs: options.value("outputs") || options.open ? readOutputs(options, reading) : onlyOutput(site),
      code: { fn: code, ...options.hooks() },
    };
  },
};

function readFunction(value: StaticValue | undefined, site: Site, reading: Reading): CodeRoot {
  const [argument] = site.expression.arguments ?? [];
  const at = { module: site.module, node: argument ?? site.expression };
  if (value && (value.kind === "function" || value.kind === "package" || value.kind === "unknown")) {
    return codeRoot(value, at, reading);
  }
  reading.report({ ...message("missing-argument", "FnNode", "a function as its first argument"), at });
  reading.complete = false;
  return null;
}

function functionName(value: StaticValue | undefined): string | null {
  if (value?.kind === "function") return value.name;
  if (value?.kind === "package") return value.name;
  return null;
}

/** A function without declared outputs has one port. */
function onlyOutput({ module, expression }: Site): PortsReading<OutputReading> {
  const at = { module, node: expression };
  return { ports: [{ name: "output", nameAt: at, at, spec: null, undeclared: true }], open: false, at: null };
}
