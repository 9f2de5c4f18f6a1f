import { message } from "../diagnostics.js";
import { nodeSite } from "../evaluate.js";
import type { Property } from "../properties.js";
import type { Reading } from "../reading.js";
import type { StaticValue, UnknownValue } from "../staticValue.js";
import { component, componentSite } from "./component.js";
import { type Options, codeRoot } from "./options.js";
import { type InputReading, NO_PORTS, type PortsReading, type SourceReading } from "./reader.js";

/** The `inputs` of a node: controls, edges, fixed values and callables. */
export function readInputs(options: Options, reading: Reading): PortsReading<InputReading> {
  const value = options.value("inputs");
  if (value === undefined) return { ...NO_PORTS, open: options.open };
  if (value.kind !== "object") {
    const at = options.get("inputs")?.value;
    if (value.kind === "unknown") reading.unknown(value, "What these inputs are");
    else if (at) reading.unknown({ kind: "unknown", cause: { kind: "expression" }, at }, "What these inputs are");
    return { ...NO_PORTS, open: true };
  }
  const { entries, open } = reading.properties(value, "One of the inputs");
  const ports: InputReading[] = [];
  for (const property of entries.values()) {
    const source = readSource(property, reading);
    if (!source) continue;
    ports.push({ name: property.name, nameAt: property.nameAt, at: property.at, valueAt: property.value, source });
  }
  return { ports, open: open.length > 0, at: { module: value.module, node: value.node } };
}

/** `null` for an input that is written but `undefined`, which is the same as leaving it out. */
function readSource(property: Property, reading: Reading): SourceReading | null {
  const value = reading.evaluate(property.value);
  const control = componentSite(value);
  if (control) {
    const read = component.read(control, reading);
    return read ? { kind: "component", component: read } : { kind: "fixed" };
  }
  const node = nodeSite(value);
  if (node) return { kind: "node", site: node };
  switch (value.kind) {
    case "port":
      return { kind: "port", port: value };
    case "function":
      return { kind: "callable", code: codeRoot(value, property.value, reading) };
    case "unknown":
      return readUnknown(value, property, reading);
    case "literal":
      if (value.value === undefined) return null;
      break;
    default:
  }
  return readFixed(property, value, reading);
}

function readFixed(property: Property, value: StaticValue, reading: Reading): SourceReading {
  const json = reading.json(property.value);
  if (json !== undefined) return { kind: "fixed", value: json };
  if (value.kind === "package" || value.kind === "site" || value.kind === "construct" || value.kind === "module") {
    reading.complete = false;
  }
  return { kind: "fixed" };
}

function readUnknown(value: UnknownValue, property: Property, reading: Reading): SourceReading {
  reading.complete = false;
  const { cause } = value;
  switch (cause.kind) {
    case "undeclared":
      reading.undeclared(cause.name, value.at);
      return { kind: "broken" };
    case "no-member":
      reading.unknown(value, property.name);
      return { kind: "broken" };
    case "unresolved":
      return { kind: "broken" };
    case "local-call": {
      const remedy = "It is shown as a fixed value; for an edge or a control, write the port or the component here.";
      reading.report({ ...message("not-static", `What \`${cause.name}()\` gives`, remedy, true), at: value.at });
      return { kind: "fixed", made: codeRoot(value, property.value, reading) };
    }
    case "expression":
      // Arithmetic, the environment, the clock: a plain value, read when the file is run.
      return { kind: "fixed", made: codeRoot(value, property.value, reading) };
    default:
      reading.unknown(value, `The input \`${property.name}\``);
      return { kind: "fixed" };
  }
}
