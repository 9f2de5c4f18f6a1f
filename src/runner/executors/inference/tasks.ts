import type { InferenceClient } from "@huggingface/inference";

/** How an input is read: as it is, as a text, as the bytes of a file, as a list of names, or as a table's columns. */
export type FieldKind = "value" | "text" | "file" | "labels" | "table";

export interface Field {
  readonly kind: FieldKind;
  /** Other names under which authors may give it. */
  readonly also?: readonly string[];
  readonly optional?: boolean;
}

export type Values = Readonly<Record<string, unknown>>;

/** One task that models can be asked for. */
export interface Task {
  /** What the model works on. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Everything else that it takes, by the protocol's own names. */
  readonly parameters: readonly string[];
  /** The client's method. */
  readonly method: keyof InferenceClient;
  /** The client's arguments, made of fields and parameters. */
  readonly args: (fields: Values, parameters: Values) => object;
  /** The key of the answer that is the answer itself; without it, all of it is. */
  readonly answer?: string;
}

const textInput: Field = { kind: "text", also: ["text", "prompt", "input"] };
const imageInput: Field = { kind: "file", also: ["inputs", "input", "file"] };
const audioInput: Field = imageInput;

const ofText = ({ inputs }: Values, parameters: Values) => ({ inputs, parameters });
const ofFile = (name: string) => (fields: Values, parameters: Values) => ({ data: fields[name], parameters });
const ofImage = ({ image, prompt }: Values, parameters: Values) => ({
  ...(image !== undefined && { inputs: image }),
  parameters: { ...(prompt !== undefined && { prompt }), ...parameters },
});

const text = (method: keyof InferenceClient, parameters: readonly string[], answer?: string): Task => ({
  fields: { inputs: textInput },
  parameters,
  method,
  args: ofText,
  ...(answer !== undefined && { answer }),
});
const file = (
  name: "image" | "audio",
  method: keyof InferenceClient,
  parameters: readonly string[],
  answer?: string,
): Task => ({
  fields: { [name]: name === "image" ? imageInput : audioInput },
  parameters,
  method,
  args: ofFile(name),
  ...(answer !== undefined && { answer }),
});

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

export const tasks: Readonly<Record<string, Task>> = {
  "audio-classification": file("audio", "audioClassification", ["function_to_apply", "top_k"]),
  "audio-to-audio": { ...file("audio", "audioToAudio", []), args: (fields) => ({ data: fields.audio }) },
  "automatic-speech-recognition": file(
    "audio",
    "automaticSpeechRecognition",
    ["return_timestamps", "generation_parameters"],
    "text",
  ),
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
    method: "documentQuestionAnswering",
    args: ({ image, question }, parameters) => ({ inputs: { image, question }, parameters }),
    answer: "answer",
  },
  "feature-extraction": {
    ...text("featureExtraction", ["normalize", "prompt_name", "truncate", "truncation_direction"]),
    args: ({ inputs }, parameters) => ({ inputs, ...parameters }),
  },
  "fill-mask": text("fillMask", ["top_k", "targets"]),
  "image-classification": file("image", "imageClassification", ["function_to_apply", "top_k"]),
  "image-segmentation": {
    ...file("image", "imageSegmentation", ["mask_threshold", "overlap_mask_area_threshold", "subtask", "threshold"]),
    args: ({ image }, parameters) => ({ inputs: image, parameters }),
  },
  "image-text-to-image": {
    fields: {
      image: { ...imageInput, optional: true },
      prompt: { kind: "text", also: ["text"], optional: true },
    },
    parameters: [...imageMaking.filter((name) => name !== "width" && name !== "height"), "target_size"],
    method: "imageTextToImage",
    args: ofImage,
  },
  "image-text-to-video": {
    fields: {
      image: { ...imageInput, optional: true },
      prompt: { kind: "text", also: ["text"], optional: true },
    },
    parameters: [...videoMaking, "target_size"],
    method: "imageTextToVideo",
    args: ofImage,
  },
  "image-to-image": {
    fields: { image: imageInput, prompt: { kind: "text", also: ["text"], optional: true } },
    parameters: [...imageMaking.filter((name) => name !== "width" && name !== "height"), "target_size"],
    method: "imageToImage",
    args: ofImage,
  },
  "image-to-text": file("image", "imageToText", ["max_new_tokens", "generation_parameters"], "generated_text"),
  "image-to-video": {
    fields: { image: imageInput, prompt: { kind: "text", also: ["text"], optional: true } },
    parameters: [...videoMaking, "target_size"],
    method: "imageToVideo",
    args: ofImage,
  },
  "object-detection": file("image", "objectDetection", ["threshold"]),
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
    method: "questionAnswering",
    args: ({ question, context }, parameters) => ({ inputs: { question, context }, parameters }),
    answer: "answer",
  },
  "sentence-similarity": {
    fields: { source_sentence: { kind: "text", also: ["text", "source"] }, sentences: { kind: "value" } },
    parameters: [],
    method: "sentenceSimilarity",
    args: ({ source_sentence, sentences }) => ({ inputs: { source_sentence, sentences } }),
  },
  summarization: text(
    "summarization",
    ["clean_up_tokenization_spaces", "truncation", "generate_parameters", "max_length", "min_length"],
    "summary_text",
  ),
  "table-question-answering": {
    fields: { table: { kind: "table" }, query: { kind: "text", also: ["question"] } },
    parameters: ["padding", "sequential", "truncation"],
    method: "tableQuestionAnswering",
    args: ({ table, query }, parameters) => ({ inputs: { table, query }, parameters }),
    answer: "answer",
  },
  "text-classification": text("textClassification", ["function_to_apply", "top_k"]),
  "text-generation": text("textGeneration", generation, "generated_text"),
  "text-to-audio": text("textToAudio", audioMaking),
  "text-to-image": text("textToImage", imageMaking),
  "text-to-speech": text("textToSpeech", audioMaking),
  "text-to-video": text("textToVideo", videoMaking),
  "text2text-generation": text("textGeneration", generation, "generated_text"),
  "token-classification": text("tokenClassification", ["aggregation_strategy", "ignore_labels", "stride"]),
  translation: text(
    "translation",
    ["src_lang", "tgt_lang", "clean_up_tokenization_spaces", "truncation", "generate_parameters"],
    "translation_text",
  ),
  "visual-question-answering": {
    fields: { image: imageInput, question: { kind: "text" } },
    parameters: ["top_k"],
    method: "visualQuestionAnswering",
    args: ({ image, question }, parameters) => ({ inputs: { image, question }, parameters }),
    answer: "answer",
  },
  "zero-shot-classification": {
    fields: { inputs: textInput, candidate_labels: { kind: "labels", also: ["labels"] } },
    parameters: ["hypothesis_template", "multi_label"],
    method: "zeroShotClassification",
    args: ({ inputs, candidate_labels }, parameters) => ({ inputs, parameters: { candidate_labels, ...parameters } }),
  },
  "zero-shot-image-classification": {
    fields: { image: imageInput, candidate_labels: { kind: "labels", also: ["labels"] } },
    parameters: ["hypothesis_template"],
    method: "zeroShotImageClassification",
    args: ({ image, candidate_labels }, parameters) => ({
      inputs: { image },
      parameters: { candidate_labels, ...parameters },
    }),
  },
};

/** Tasks that are conversations: they stream, and have a module of their own. */
export const chatTasks: ReadonlySet<string> = new Set([
  "chat",
  "conversational",
  "image-text-to-text",
  "audio-text-to-text",
  "video-text-to-text",
]);
