import type { ModelInfo } from "./modelInfo.js";

/** How an input is read: as it is, as a text, as the bytes of a file, as a list of names, or as a table's columns. */
export type FieldKind = "value" | "text" | "file" | "labels" | "table";

export interface Field {
  readonly kind: FieldKind;
  /** Which of its names to tell people; absent: the protocol's own. */
  readonly told?: string;
  /** Other names under which authors may give it. */
  readonly also?: readonly string[];
  readonly optional?: boolean;
}

/** What models take of one task, by the protocol's own names. */
export interface TaskInputs {
  /** What the model works on. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Everything else that it takes. */
  readonly parameters: readonly string[];
  /** Parameters' other names. */
  readonly renamed?: Readonly<Record<string, string>>;
}

const textInput: Field = { kind: "text", told: "text", also: ["text", "prompt", "input"] };
const promptedInput: Field = { ...textInput, told: "prompt" };
const imageInput: Field = { kind: "file", also: ["inputs", "input", "file"] };
const promptInput: Field = { kind: "text", also: ["text"], optional: true };

const text = (...parameters: readonly string[]): TaskInputs => ({ fields: { inputs: textInput }, parameters });
const prompted = (...parameters: readonly string[]): TaskInputs => ({
  fields: { inputs: promptedInput },
  parameters,
});
const image = (...parameters: readonly string[]): TaskInputs => ({ fields: { image: imageInput }, parameters });
const audio = (...parameters: readonly string[]): TaskInputs => ({ fields: { audio: imageInput }, parameters });

const generation = [
  "max_new_tokens",
  "temperature",
  "top_k",
  "top_p",
  "typical_p",
  "do_sample",
  "repetition_penalty",
  "seed",
  "stop",
  "truncate",
  "return_full_text",
  "watermark",
  "frequency_penalty",
  "best_of",
  "adapter_id",
  "decoder_input_details",
  "details",
  "grammar",
  "top_n_tokens",
];
const imageMaking = [
  "width",
  "height",
  "num_inference_steps",
  "guidance_scale",
  "negative_prompt",
  "scheduler",
  "seed",
];
const videoMaking = ["num_frames", "num_inference_steps", "guidance_scale", "negative_prompt", "seed"];
const audioMaking = ["generation_parameters", "voice", "speed"];
const imageEditing = [...imageMaking.filter((name) => name !== "width" && name !== "height"), "target_size"];

/** By task. Conversations are {@link CHAT_INPUTS}. */
export const TASK_INPUTS: Readonly<Record<string, TaskInputs>> = {
  "audio-classification": audio("function_to_apply", "top_k"),
  "audio-to-audio": audio(),
  "automatic-speech-recognition": audio("return_timestamps", "generation_parameters"),
  "document-question-answering": {
    fields: { image: imageInput, question: { kind: "text" } },
    parameters: [
      "top_k",
      "doc_stride",
      "max_answer_len",
      "max_seq_len",
      "max_question_len",
      "handle_impossible_answer",
      "lang",
      "word_boxes",
    ],
  },
  "feature-extraction": text("normalize", "prompt_name", "truncate", "truncation_direction"),
  "fill-mask": text("top_k", "targets"),
  "image-classification": image("function_to_apply", "top_k"),
  "image-segmentation": image("mask_threshold", "overlap_mask_area_threshold", "subtask", "threshold"),
  "image-text-to-image": {
    fields: { image: { ...imageInput, optional: true }, prompt: promptInput },
    parameters: imageEditing,
  },
  "image-text-to-video": {
    fields: { image: { ...imageInput, optional: true }, prompt: promptInput },
    parameters: [...videoMaking, "target_size"],
  },
  "image-to-image": { fields: { image: imageInput, prompt: promptInput }, parameters: imageEditing },
  "image-to-text": image("max_new_tokens", "generation_parameters"),
  "image-to-video": {
    fields: { image: imageInput, prompt: promptInput },
    parameters: [...videoMaking, "target_size"],
  },
  "object-detection": image("threshold"),
  "question-answering": {
    fields: { question: { kind: "text" }, context: { kind: "text", also: ["text"] } },
    parameters: [
      "top_k",
      "doc_stride",
      "max_answer_len",
      "max_seq_len",
      "max_question_len",
      "handle_impossible_answer",
      "align_to_words",
    ],
  },
  "sentence-similarity": {
    fields: { source_sentence: { kind: "text", also: ["text", "source"] }, sentences: { kind: "value" } },
    parameters: [],
  },
  summarization: text("clean_up_tokenization_spaces", "truncation", "generate_parameters", "max_length", "min_length"),
  "table-question-answering": {
    fields: { table: { kind: "table" }, query: { kind: "text", also: ["question"] } },
    parameters: ["padding", "sequential", "truncation"],
  },
  "text-classification": text("function_to_apply", "top_k"),
  "text-generation": prompted(...generation),
  "text-to-audio": text(...audioMaking),
  "text-to-image": prompted(...imageMaking),
  "text-to-speech": text(...audioMaking),
  "text-to-video": prompted(...videoMaking),
  "text2text-generation": prompted(...generation),
  "token-classification": text("aggregation_strategy", "ignore_labels", "stride"),
  translation: text("src_lang", "tgt_lang", "clean_up_tokenization_spaces", "truncation", "generate_parameters"),
  "visual-question-answering": { fields: { image: imageInput, question: { kind: "text" } }, parameters: ["top_k"] },
  "zero-shot-classification": {
    fields: { inputs: textInput, candidate_labels: { kind: "labels", also: ["labels"] } },
    parameters: ["hypothesis_template", "multi_label"],
  },
  "zero-shot-image-classification": {
    fields: { image: imageInput, candidate_labels: { kind: "labels", also: ["labels"] } },
    parameters: ["hypothesis_template"],
  },
};

/** What conversations take. */
export const CHAT_INPUTS: TaskInputs = {
  fields: {
    messages: { kind: "value", also: ["history", "chat"], optional: true },
    prompt: { kind: "text", also: ["text", "inputs", "input", "message", "question"], optional: true },
    system: { kind: "text", also: ["system_prompt", "system_message"], optional: true },
    image: { kind: "value", also: ["images"], optional: true },
    audio: { kind: "file", optional: true },
    video: { kind: "file", optional: true },
  },
  parameters: [
    "max_tokens",
    "temperature",
    "top_p",
    "stop",
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "response_format",
    "tools",
    "tool_choice",
    "tool_prompt",
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "n",
    "reasoning_effort",
    "stream_options",
  ],
  // Text generation goes by other names for the same things.
  renamed: { max_new_tokens: "max_tokens" },
};

/** Tasks that are conversations: they stream. */
export const CHAT_TASKS: ReadonlySet<string> = new Set([
  "chat",
  "conversational",
  "image-text-to-text",
  "audio-text-to-text",
  "video-text-to-text",
]);

/** How the router chooses among a chat model's providers, where none is named. */
export const PROVIDER_POLICIES: readonly string[] = ["fastest", "cheapest", "preferred"];

/** Whether what is written behind a model's name is one provider, and not a way to choose among them. */
export function namesProvider(written: string | null): boolean {
  return written !== null && written !== "auto" && !PROVIDER_POLICIES.includes(written);
}

/**
 * The task to ask a model for: one of {@link TASK_INPUTS}, or `chat`.
 *
 * @param named by the author, or else by the Hub
 * @param provider what is written behind the model's name
 * @param hasMessages whether the node gives it a conversation
 * @returns `null`: it cannot be asked for that
 */
export function calledTask(
  named: string,
  info: ModelInfo | null,
  provider: string | null,
  hasMessages: boolean,
): string | null {
  const served =
    provider !== null && namesProvider(provider) ? [info?.providers[provider]] : Object.values(info?.providers ?? {});
  const talks = served.includes("conversational") || hasMessages;
  // What a model is tagged as (any-to-any) may be another thing than how it is served.
  if (CHAT_TASKS.has(named) || (talks && (named === "text-generation" || !TASK_INPUTS[named]))) return "chat";
  return TASK_INPUTS[named] ? named : null;
}

/** What an input is, by the name that its author gives it, which may be in camelCase; `null`: the task takes no such thing. */
export function inputNamed(
  given: string,
  { fields, parameters, renamed = {} }: TaskInputs,
): { readonly kind: "field" | "parameter"; readonly name: string } | null {
  const written = snakeCase(given);
  const name = (Object.hasOwn(renamed, written) ? renamed[written] : undefined) ?? written;
  const field = Object.hasOwn(fields, name)
    ? name
    : Object.keys(fields).find((each) => fields[each]?.also?.includes(name) === true);
  if (field !== undefined) return { kind: "field", name: field };
  return parameters.includes(name) ? { kind: "parameter", name } : null;
}

/** What to call a field before people. */
export function toldName(name: string, { fields }: TaskInputs): string {
  return fields[name]?.told ?? name;
}

/** All names under which a task takes its inputs: see {@link inputNamed}. */
export function namesOf({ fields, parameters, renamed = {} }: TaskInputs): string[] {
  const taken = Object.entries(fields).flatMap(([name, { also = [] }]) => [name, ...also]);
  return [...taken, ...parameters, ...Object.keys(renamed)];
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
