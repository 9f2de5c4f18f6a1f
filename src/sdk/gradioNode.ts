import { type LimitOptions, limitsOf, NodeObject, type WithPorts } from "./node.js";
import { aBoolean, aFunction, anObject, aText, checkOptions, limitRules, requireOption, say } from "./options.js";
import type { Inputs, NoInputs, Outputs, PortsOf, ValuesOf } from "./source.js";

export interface GradioOptions<I extends Inputs, O extends Outputs> extends LimitOptions {
  /** Display name; the variable's name if left out. */
  readonly name?: string;
  /** The endpoint, `/predict` if left out; a number means an unnamed endpoint, by its index. */
  readonly apiName?: string | number;
  /** By the endpoint's parameter names. */
  readonly inputs?: I;
  /** Names are free; they take the endpoint's return values in order. */
  readonly outputs: O;
  /** Hold inputs and endpoint against the app's own description. Default `true`. */
  readonly validate?: boolean;
  /** Run a copy of the Space on this machine. Default `false`. */
  readonly runLocally?: boolean;
  /** Gets the inputs, returns the inputs that the call gets. */
  preprocess?(inputs: ValuesOf<I>): object | Promise<object>;
  /** Gets the endpoint's return values, one argument each; returns what the outputs take. */
  postprocess?(...returns: unknown[]): unknown;
}

/** A Gradio app's endpoint. */
export type GradioNode<P = unknown> = WithPorts<P>;

/** @param space `owner/space` on the Hub, or an app's http(s) address */
type GradioNodeConstructor = new <O extends Outputs, I extends Inputs = NoInputs>(
  space: string,
  options: GradioOptions<I, O>,
) => GradioNode<PortsOf<O>>;

const rules = {
  name: aText,
  apiName: (value: unknown) =>
    typeof value === "string" && value.trim() !== "" ? null : isIndex(value) ? null : "an endpoint's name or its index",
  inputs: anObject,
  outputs: anObject,
  validate: aBoolean,
  runLocally: aBoolean,
  preprocess: aFunction,
  postprocess: aFunction,
  ...limitRules,
};

class GradioNodeObject extends NodeObject {
  constructor(space: string, options: GradioOptions<Inputs, Outputs>) {
    const where = typeof space === "string" ? `GradioNode(${JSON.stringify(space)})` : "GradioNode";
    if (!isSpace(space)) {
      throw new TypeError(`GradioNode: write a Space as "owner/name" or an app's http(s) address, not ${say(space)}.`);
    }
    checkOptions(where, options, rules);
    requireOption(where, options, "outputs");
    const { name, apiName = "/predict", inputs, outputs, validate = true, runLocally = false } = options;
    super(where, {
      name: name ?? null,
      callee: {
        kind: "gradio",
        space,
        apiName: typeof apiName === "string" && !apiName.startsWith("/") ? `/${apiName}` : apiName,
        runLocally,
        validate,
      },
      limits: limitsOf(options),
      inputs: { ...inputs },
      outputs: { ...outputs },
      // Called as plain functions; the method form above only lets authors narrow the parameters.
      preprocess: options.preprocess?.bind(options),
      postprocess: options.postprocess?.bind(options),
    });
  }
}

function isIndex(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isSpace(space: unknown): space is string {
  return typeof space === "string" && (/^https?:\/\/./.test(space) || /^[\w.-]+\/[\w.-]+$/.test(space));
}

/** Calls an endpoint of a Gradio app: `new GradioNode("owner/space", { inputs: { … }, outputs: { … } })`. */
export const GradioNode =
  // The ports exist on each instance, which a class cannot say.
  GradioNodeObject as unknown as GradioNodeConstructor;
