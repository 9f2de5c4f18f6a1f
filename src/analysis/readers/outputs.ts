import type { Reading } from "../reading.js";
import { component, componentSite } from "./component.js";
import { itemList } from "./itemList.js";
import type { Options } from "./options.js";
import { NO_PORTS, type OutputReading, type PortsReading } from "./reader.js";

/** The outputs of a node, or the ports of an `InputNode`: a component each, an item list, or `null` for one that isn't shown. */
export function readOutputs(options: Options, reading: Reading, option = "outputs"): PortsReading<OutputReading> {
  const value = options.value(option);
  if (value === undefined) return { ...NO_PORTS, open: options.open };
  if (value.kind !== "object") {
    const at = options.get(option)?.value;
    if (value.kind === "unknown") reading.unknown(value, `What the ${option} are`);
    else if (at) reading.unknown({ kind: "unknown", cause: { kind: "expression" }, at }, `What the ${option} are`);
    return { ...NO_PORTS, open: true };
  }
  const { entries, open } = reading.properties(value, `One of the ${option}`);
  const ports = [...entries.values()].map((property): OutputReading => {
    const { name, nameAt, at } = property;
    const given = reading.evaluate(property.value);
    let spec: OutputReading["spec"] = null;
    const shown = componentSite(given);
    if (shown) spec = component.read(shown, reading);
    else if (given.kind === "site" && given.site.construct === "itemList") spec = itemList.read(given.site, reading);
    else if (given.kind === "unknown") {
      reading.untold = true;
      reading.unknown(given, `The component of \`${name}\``);
    } else if (given.kind !== "literal") {
      reading.complete = false;
    }
    return { name, nameAt, at, spec };
  });
  return { ports, open: open.length > 0, at: { module: value.module, node: value.node } };
}
