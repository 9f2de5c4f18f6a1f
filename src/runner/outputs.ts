import { distance } from "fastest-levenshtein";
import type { NodeId } from "../model/graph.js";
import { failed, type Result, success } from "../model/outcome.js";
import type { RuntimeOutput } from "../sdk/runtime.js";
import { type ModelAnswer, takenFrom } from "./modelAnswer.js";
import { describe } from "./values/describe.js";

/** What a call gave back, before it is told apart into output ports. */
export type Returned =
  | { readonly kind: "one"; readonly value: unknown }
  /** Several values, as many as there are outputs. */
  | { readonly kind: "tuple"; readonly values: readonly unknown[] }
  /** Several values, of which the outputs take the first ones: an app's endpoint, whose later values may go unused. */
  | { readonly kind: "positions"; readonly values: readonly unknown[] }
  | ModelAnswer
  /** The values that some outputs have so far: a partial result. */
  | { readonly kind: "some"; readonly values: Readonly<Record<string, unknown>> };

/** A function (or `postprocess`) gives one value, unless several outputs are declared and it gives an array. */
export function returnedBy(value: unknown, ports: readonly string[]): Returned {
  return ports.length > 1 && Array.isArray(value) ? { kind: "tuple", values: value } : { kind: "one", value };
}

/**
 * One value for each output port. Throws what looking at the value throws: getters and proxies run user code.
 *
 * @param who what gave the value, as a sentence's subject: `` `speak` ``, `` postprocess of `speak` ``
 */
export function mapOutputs(
  returned: Returned,
  node: NodeId,
  outputs: readonly Pick<RuntimeOutput, "name" | "spec">[],
  who: string,
): Result<ReadonlyMap<string, unknown>> {
  const ports = outputs.map(({ name }) => name);
  const refuse = (message: string, hint?: string) =>
    failed({ reason: "invalid-output", message, ...(hint !== undefined && { hint }) } as const);
  const expected = `${ports.length} outputs (${ports.map((port) => `\`${port}\``).join(", ")})`;

  if (returned.kind === "model") return success(takenFrom(returned, ports.length > 0 ? ports : ["output"]));
  if (returned.kind === "some") {
    const { values } = returned;
    const given = (ports.length > 0 ? ports : ["output"]).filter((port) => Object.hasOwn(values, port));
    return success(new Map(given.map((port) => [port, values[port]])));
  }
  if (ports.length === 0) {
    const value =
      returned.kind === "one" ? returned.value : returned.values.length === 1 ? returned.values[0] : returned.values;
    return success(new Map([["output", value]]));
  }
  if (returned.kind !== "one") {
    const { values } = returned;
    if (returned.kind === "tuple" ? values.length !== ports.length : values.length < ports.length) {
      return refuse(
        `${who} gave ${values.length} ${values.length === 1 ? "value" : "values"}, but \`${node}\` declares ${expected}.`,
      );
    }
    return success(new Map(ports.map((port, i) => [port, values[i]])));
  }
  const { value } = returned;
  const [only] = ports;
  if (only !== undefined && ports.length === 1) {
    // A port that isn't shown may well carry nothing: the function is run for what it does.
    if (value !== undefined || outputs[0]?.spec === null) return success(new Map([[only, value]]));
    return refuse(
      `${who} returned nothing, but \`${node}\` declares the output \`${only}\`.`,
      "Return its value; null if there is none.",
    );
  }
  if (typeof value !== "object" || value === null) {
    return refuse(
      `${who} gave ${describe(value)}, but \`${node}\` declares ${expected}.`,
      `Return an object with these keys, or an array in this order.`,
    );
  }
  const values = new Map(ports.map((port) => [port, valueAt(value, port)]));
  const missing = ports.filter((port) => values.get(port) === undefined);
  const unknown = Object.keys(value).filter((key) => !ports.includes(key));
  if (unknown[0] !== undefined) {
    const near = missing.find((port) => distance(port, unknown[0] ?? "") <= Math.max(2, port.length / 3));
    return refuse(
      `${who} gave \`${unknown[0]}\`, but \`${node}\` declares no such output.`,
      near === undefined ? `Its outputs: ${ports.join(", ")}.` : `Did you mean \`${near}\`?`,
    );
  }
  if (missing[0] !== undefined) {
    return refuse(`${who} gave no value for the output \`${node}.${missing[0]}\`.`, "Give null if there is none.");
  }
  return success(values);
}

/** What a port's name means in an object: its own key, or its class's getter, but not what all objects have (`constructor`). */
function valueAt(value: object, port: string): unknown {
  const isThere = Object.hasOwn(value, port) || (port in value && !(port in Object.prototype));
  return isThere ? (value as Record<string, unknown>)[port] : undefined; // any object may be read by key
}
