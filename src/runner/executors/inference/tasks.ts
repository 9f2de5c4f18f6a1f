import type { InferenceClient } from "@huggingface/inference";
import { TASK_INPUTS, type TaskInputs } from "../../../model/taskInputs.js";

export type Values = Readonly<Record<string, unknown>>;

/** How a model is asked for a task. */
interface TaskCall {
  /** The client's method. */
  readonly method: keyof InferenceClient;
  /** The client's arguments, made of fields and parameters. */
  readonly args: (fields: Values, parameters: Values) => object;
}

/** One task that models can be asked for. */
export type Task = TaskInputs & TaskCall;

const ofImage = ({ image, prompt }: Values, parameters: Values) => ({
  ...(image !== undefined && { inputs: image }),
  parameters: { ...(prompt !== undefined && { prompt }), ...parameters },
});

const text = (method: keyof InferenceClient): TaskCall => ({
  method,
  args: ({ inputs }, parameters) => ({ inputs, parameters }),
});
const file = (name: "image" | "audio", method: keyof InferenceClient): TaskCall => ({
  method,
  args: (fields, parameters) => ({ data: fields[name], parameters }),
});

const calls: Readonly<Record<string, TaskCall>> = {
  "audio-classification": file("audio", "audioClassification"),
  "audio-to-audio": { method: "audioToAudio", args: ({ audio }) => ({ data: audio }) },
  "automatic-speech-recognition": file("audio", "automaticSpeechRecognition"),
  "document-question-answering": {
    method: "documentQuestionAnswering",
    args: ({ image, question }, parameters) => ({ inputs: { image, question }, parameters }),
  },
  "feature-extraction": {
    method: "featureExtraction",
    args: ({ inputs }, parameters) => ({ inputs, ...parameters }),
  },
  "fill-mask": text("fillMask"),
  "image-classification": file("image", "imageClassification"),
  "image-segmentation": {
    method: "imageSegmentation",
    args: ({ image }, parameters) => ({ inputs: image, parameters }),
  },
  "image-text-to-image": { method: "imageTextToImage", args: ofImage },
  "image-text-to-video": { method: "imageTextToVideo", args: ofImage },
  "image-to-image": { method: "imageToImage", args: ofImage },
  "image-to-text": file("image", "imageToText"),
  "image-to-video": { method: "imageToVideo", args: ofImage },
  "object-detection": file("image", "objectDetection"),
  "question-answering": {
    method: "questionAnswering",
    args: ({ question, context }, parameters) => ({ inputs: { question, context }, parameters }),
  },
  "sentence-similarity": {
    method: "sentenceSimilarity",
    args: ({ source_sentence, sentences }) => ({ inputs: { source_sentence, sentences } }),
  },
  summarization: text("summarization"),
  "table-question-answering": {
    method: "tableQuestionAnswering",
    args: ({ table, query }, parameters) => ({ inputs: { table, query }, parameters }),
  },
  "text-classification": text("textClassification"),
  "text-generation": text("textGeneration"),
  "text-to-audio": text("textToAudio"),
  "text-to-image": text("textToImage"),
  "text-to-speech": text("textToSpeech"),
  "text-to-video": text("textToVideo"),
  "text2text-generation": text("textGeneration"),
  "token-classification": text("tokenClassification"),
  translation: text("translation"),
  "visual-question-answering": {
    method: "visualQuestionAnswering",
    args: ({ image, question }, parameters) => ({ inputs: { image, question }, parameters }),
  },
  "zero-shot-classification": {
    method: "zeroShotClassification",
    args: ({ inputs, candidate_labels }, parameters) => ({ inputs, parameters: { candidate_labels, ...parameters } }),
  },
  "zero-shot-image-classification": {
    method: "zeroShotImageClassification",
    args: ({ image, candidate_labels }, parameters) => ({
      inputs: { image },
      parameters: { candidate_labels, ...parameters },
    }),
  },
};

export const tasks: Readonly<Record<string, Task>> = Object.fromEntries(
  Object.entries(calls).flatMap(([name, call]) => {
    const inputs = TASK_INPUTS[name];
    return inputs ? [[name, { ...inputs, ...call }] as const] : [];
  }),
);
