import type { InferenceClient } from "@huggingface/inference";
import { TASK_INPUTS, type TaskInputs } from "../../../model/taskInputs.js";

export type Values = Readonly<Record<string, unknown>>;

/** How a model is asked for a task. */
interface TaskCall {
  /** The client's method. */
  readonly method: keyof InferenceClient;
  /** The client's arguments, made of fields and parameters. */
  readonly args: (fields: Values, parameters: Values) => object;
  /** The key of the answer that is the answer itself; without it, all of it is. */
  readonly answer?: string;
}

/** One task that models can be asked for. */
export type Task = TaskInputs & TaskCall;

const ofImage = ({ image, prompt }: Values, parameters: Values) => ({
  ...(image !== undefined && { inputs: image }),
  parameters: { ...(prompt !== undefined && { prompt }), ...parameters },
});

const text = (method: keyof InferenceClient, answer?: string): TaskCall => ({
  method,
  args: ({ inputs }, parameters) => ({ inputs, parameters }),
  ...(answer !== undefined && { answer }),
});
const file = (name: "image" | "audio", method: keyof InferenceClient, answer?: string): TaskCall => ({
  method,
  args: (fields, parameters) => ({ data: fields[name], parameters }),
  ...(answer !== undefined && { answer }),
});

const calls: Readonly<Record<string, TaskCall>> = {
  "audio-classification": file("audio", "audioClassification"),
  "audio-to-audio": { method: "audioToAudio", args: ({ audio }) => ({ data: audio }) },
  "automatic-speech-recognition": file("audio", "automaticSpeechRecognition", "text"),
  "document-question-answering": {
    method: "documentQuestionAnswering",
    args: ({ image, question }, parameters) => ({ inputs: { image, question }, parameters }),
    answer: "answer",
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
  "image-to-text": file("image", "imageToText", "generated_text"),
  "image-to-video": { method: "imageToVideo", args: ofImage },
  "object-detection": file("image", "objectDetection"),
  "question-answering": {
    method: "questionAnswering",
    args: ({ question, context }, parameters) => ({ inputs: { question, context }, parameters }),
    answer: "answer",
  },
  "sentence-similarity": {
    method: "sentenceSimilarity",
    args: ({ source_sentence, sentences }) => ({ inputs: { source_sentence, sentences } }),
  },
  summarization: text("summarization", "summary_text"),
  "table-question-answering": {
    method: "tableQuestionAnswering",
    args: ({ table, query }, parameters) => ({ inputs: { table, query }, parameters }),
    answer: "answer",
  },
  "text-classification": text("textClassification"),
  "text-generation": text("textGeneration", "generated_text"),
  "text-to-audio": text("textToAudio"),
  "text-to-image": text("textToImage"),
  "text-to-speech": text("textToSpeech"),
  "text-to-video": text("textToVideo"),
  "text2text-generation": text("textGeneration", "generated_text"),
  "token-classification": text("tokenClassification"),
  translation: text("translation", "translation_text"),
  "visual-question-answering": {
    method: "visualQuestionAnswering",
    args: ({ image, question }, parameters) => ({ inputs: { image, question }, parameters }),
    answer: "answer",
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
