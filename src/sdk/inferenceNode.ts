import { type LimitOptions, limitsOf, NodeObject, type WithPorts } from "./node.js";
import { aFunction, anObject, aText, checkOptions, limitRules, requireOption, say } from "./options.js";
import type { Inputs, NoInputs, Outputs, PortsOf, ValuesOf } from "./source.js";

/** Tasks that a model can be asked for. */
export const INFERENCE_TASKS = [
  "audio-classification",
  "audio-to-audio",
  "automatic-speech-recognition",
  "chat",
  "document-question-answering",
  "feature-extraction",
  "fill-mask",
  "image-classification",
  "image-segmentation",
  "image-text-to-image",
  "image-text-to-video",
  "image-to-image",
  "image-to-text",
  "image-to-video",
  "object-detection",
  "question-answering",
  "sentence-similarity",
  "summarization",
  "table-question-answering",
  "text-classification",
  "text-generation",
  "text-to-audio",
  "text-to-image",
  "text-to-speech",
  "text-to-video",
  "text2text-generation",
  "token-classification",
  "translation",
  "visual-question-answering",
  "zero-shot-classification",
  "zero-shot-image-classification",
  "conversational",
  "image-text-to-text",
  "audio-text-to-text",
  "video-text-to-text",
] as const;

export type InferenceTask = (typeof INFERENCE_TASKS)[number];

export interface InferenceOptions<I extends Inputs, O extends Outputs> extends LimitOptions {
  /** Display name; the variable's name if left out. */
  readonly name?: string;
  /** The Hub says it (`pipeline_tag`) if left out. */
  readonly task?: InferenceTask;
  /** By the task's parameter names. */
  readonly inputs?: I;
  /**
   * An output that is called as a part of the answer takes that: of a chat `reasoning`, `tool_calls`, `finish_reason`, `usage`. The
   * first other one takes the answer itself.
   */
  readonly outputs: O;
  /** Gets the inputs, returns the inputs that the call gets. */
  preprocess?(inputs: ValuesOf<I>): object | Promise<object>;
  /** Gets the model's answer (a chat's text, unless it calls tools), returns what the outputs take. */
  postprocess?(...returns: unknown[]): unknown;
}

/** A model on Hugging Face's inference providers. */
export type InferenceNode<P = unknown> = WithPorts<P>;

/** @param model `owner/model`, or `owner/model:provider` */
type InferenceNodeConstructor = new <O extends Outputs, I extends Inputs = NoInputs>(
  model: string,
  options: InferenceOptions<I, O>,
) => InferenceNode<PortsOf<O>>;

const rules = {
  name: aText,
  task: (value: unknown) =>
    (INFERENCE_TASKS as readonly unknown[]).includes(value) ? null : `one of ${INFERENCE_TASKS.join(", ")}`,
  inputs: anObject,
  outputs: anObject,
  preprocess: aFunction,
  postprocess: aFunction,
  ...limitRules,
};

class InferenceNodeObject extends NodeObject {
  constructor(model: string, options: InferenceOptions<Inputs, Outputs>) {
    const [, id, provider] = (typeof model === "string" ? /^([^\s:]+)(?::([\w-]+))?$/.exec(model) : null) ?? [];
    if (id === undefined) {
      throw new TypeError(
        `InferenceNode: write a model as "owner/model" or "owner/model:provider", not ${say(model)}.`,
      );
    }
    const where = `InferenceNode(${JSON.stringify(model)})`;
    checkOptions(where, options, rules);
    requireOption(where, options, "outputs");
    super(where, {
      name: options.name ?? null,
      callee: { kind: "inference", model: id, provider: provider ?? null, task: options.task ?? null },
      limits: limitsOf(options),
      inputs: { ...options.inputs },
      outputs: { ...options.outputs },
      preprocess: options.preprocess?.bind(options),
      postprocess: options.postprocess?.bind(options),
    });
  }
}

/** Asks a model on Hugging Face's inference providers: `new InferenceNode("owner/model", { inputs: { … }, outputs: { … } })`. */
export const InferenceNode =
  // The ports exist on each instance, which a class cannot say.
  InferenceNodeObject as unknown as InferenceNodeConstructor;
