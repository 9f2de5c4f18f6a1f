import { closest, distance } from "fastest-levenshtein";
import type { Failure } from "../../../model/failure.js";
import { failed, type Result, success } from "../../../model/outcome.js";
import type { RuntimeNode } from "../../../sdk/runtime.js";

/** One parameter of an endpoint, as the app describes it. */
export interface Parameter {
  readonly name: string;
  readonly label: string;
  /** Gradio's component, lower case: `image`, `textbox`. */
  readonly component: string;
  /** The Python type as the app writes it: `filepath`, `dict(video: filepath, …)`. */
  readonly pythonType: string;
  readonly hasDefault: boolean;
  readonly default: unknown;
}

export interface Endpoint {
  readonly parameters: readonly Parameter[];
  /** Gradio's component of each value that it gives back, lower case. */
  readonly returns: readonly string[];
}

/** The parts of the client's description that are read; older apps leave some of them out. */
interface ApiInfo {
  readonly named_endpoints: Readonly<Record<string, ApiEndpoint>>;
  readonly unnamed_endpoints: Readonly<Record<string, ApiEndpoint>>;
}
interface ApiEndpoint {
  readonly parameters: readonly ApiParameter[];
  readonly returns: readonly { readonly component?: string }[];
}
interface ApiParameter {
  readonly parameter_name?: string | null;
  readonly label?: string;
  readonly component?: string;
  readonly python_type?: { readonly type?: string };
  readonly parameter_has_default?: boolean;
  readonly parameter_default?: unknown;
  /** A state of the session: the client fills it in. */
  readonly hidden?: boolean;
}

/** Finds the endpoint, or says which there are. */
export function findEndpoint(api: ApiInfo, apiName: string | number, app: string): Result<Endpoint> {
  const { named_endpoints: named, unnamed_endpoints: unnamed } = api;
  const found = typeof apiName === "number" ? unnamed[String(apiName)] : named[apiName];
  if (found) {
    const parameters = found.parameters.filter(({ hidden }) => hidden !== true).map(toParameter);
    const returns = found.returns.map(({ component = "" }) => component.toLowerCase());
    return success({ parameters, returns });
  }
  const names = typeof apiName === "number" ? Object.keys(unnamed) : Object.keys(named);
  const shown = names.length > 0 ? `It has: ${names.join(", ")}.` : "It offers none of that kind.";
  return failed({
    reason: "unknown-endpoint",
    message: `${capital(app)} has no endpoint ${apiName}. ${shown}`,
    ...suggestion(String(apiName), names),
  });
}

function toParameter(api: ApiParameter, index: number): Parameter {
  return {
    name: api.parameter_name ?? `param_${index}`,
    label: api.label ?? "",
    component: (api.component ?? "").toLowerCase(),
    pythonType: api.python_type?.type ?? "",
    hasDefault: api.parameter_has_default ?? false,
    default: api.parameter_default,
  };
}

/** Components whose value may be an object, of which outputs take keys. */
const objects: ReadonlySet<string> = new Set(["", "api", "json", "label", "state"]);

/** Whether the outputs can be filled at all: that is better known before a call than after it. */
export function fitsOutputs(
  { returns }: Endpoint,
  { outputs, postprocess }: Pick<RuntimeNode, "outputs" | "postprocess">,
  node: string,
  apiName: string | number,
): Result<void> {
  const [only] = returns;
  const keyed = returns.length === 1 && only !== undefined && objects.has(only);
  if (postprocess || keyed || outputs.length <= returns.length) return success(undefined);
  const names = outputs.map(({ name }) => `\`${name}\``).join(", ");
  const gives = returns.length === 1 ? "one value" : `${returns.length} values`;
  return failed({
    reason: "invalid-output",
    message: `${apiName} gives ${gives}, but \`${node}\` declares ${outputs.length} outputs (${names}).`,
    hint: "Outputs take the values in their order. Leave out those that are too many, or make them in `postprocess`.",
  });
}

/**
 * The values in the endpoint's order. Left-out parameters take the app's default.
 *
 * @param validate false: unknown names aren't refused but fill, in order, the parameters that are still open
 */
export function argumentsFor(
  { parameters }: Endpoint,
  inputs: Readonly<Record<string, unknown>>,
  node: string,
  apiName: string | number,
  validate: boolean,
): Result<readonly { readonly parameter: Parameter; readonly value: unknown; readonly given: boolean }[]> {
  const names = parameters.map(({ name }) => name);
  const strangers = Object.keys(inputs).filter((name) => !names.includes(name));
  const [unknown] = strangers;
  if (validate && unknown !== undefined) {
    const has = names.length === 0 ? "It has none" : `It has: ${names.join(", ")}`;
    return refuse(
      `\`${node}\` gives \`${unknown}\`, but ${apiName} has no such parameter. ${has}.`,
      suggestion(unknown, names),
    );
  }
  const spare = strangers.map((name) => inputs[name]);
  const missing: string[] = [];
  const values = parameters.map((parameter) => {
    const { name, hasDefault } = parameter;
    if (Object.hasOwn(inputs, name) && inputs[name] !== undefined) {
      return { parameter, value: inputs[name], given: true };
    }
    if (spare.length > 0) return { parameter, value: spare.shift() ?? null, given: true };
    if (!hasDefault) missing.push(name);
    return { parameter, value: hasDefault ? (parameter.default ?? null) : null, given: false };
  });
  if (validate && missing.length > 0) {
    const which = missing.map((name) => `\`${name}\``).join(", ");
    return failed({
      reason: "missing-input",
      message: `${apiName} needs ${which}, but \`${node}\` gives no value for ${missing.length === 1 ? "it" : "them"}.`,
    });
  }
  return success(values);
}

function refuse(message: string, more: Pick<Failure, "hint">): { readonly ok: false; readonly failure: Failure } {
  return failed({ reason: "invalid-input", message, ...more });
}

function suggestion(name: string, names: readonly string[]): { hint?: string } {
  if (names.length === 0) return {};
  const near = closest(name, [...names]);
  return distance(name, near) <= Math.max(2, near.length / 3) ? { hint: `Did you mean ${near}?` } : {};
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
