import { png, wav } from "./media.js";

/** What reached a task's endpoint: parameters from JSON, or the bytes of a media file. */
export interface TaskCall {
  readonly inputs: unknown;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Of a media body, or of media sent as base64 within JSON. */
  readonly bytes: Buffer;
  readonly contentType: string;
}

export type Answer = { readonly json: unknown } | { readonly bytes: Buffer; readonly contentType: string };

/**
 * One answer a task, in the shape hf-inference gives it. Every answer is made from what was sent, so that a test sees whether the right thing
 * arrived.
 */
export const answers: Readonly<Record<string, (call: TaskCall) => Answer>> = {
  "text-to-image": ({ inputs, parameters }) => ({
    bytes: png(sizeOf(parameters.width), sizeOf(parameters.height), colourOf(String(inputs))),
    contentType: "image/png",
  }),
  "image-to-image": ({ bytes }) => ({ bytes: png(16, 16, colourOf(digest(bytes))), contentType: "image/png" }),
  "text-to-video": ({ inputs }) => ({ bytes: Buffer.from(`video of ${String(inputs)}`), contentType: "video/mp4" }),
  "text-to-speech": ({ inputs }) => ({ bytes: wav(String(inputs).length / 20), contentType: "audio/wav" }),
  "text-to-audio": ({ inputs }) => ({ bytes: wav(String(inputs).length / 20), contentType: "audio/wav" }),
  "automatic-speech-recognition": ({ bytes, contentType }) => ({
    json: { text: `${bytes.length} bytes of ${contentType}` },
  }),
  "audio-to-audio": ({ bytes }) => ({
    json: [{ label: "speech", "content-type": "audio/wav", blob: bytes.toString("base64") }],
  }),
  "audio-classification": ({ bytes }) => ({ json: scored([`${bytes.length} bytes`, "other"]) }),
  "image-classification": ({ bytes }) => ({ json: scored([`${bytes.length} bytes`, "other"]) }),
  "object-detection": ({ bytes }) => ({
    json: [{ label: `${bytes.length} bytes`, score: 0.9, box: { xmin: 1, ymin: 2, xmax: 30, ymax: 40 } }],
  }),
  "image-segmentation": ({ bytes }) => ({
    json: [{ label: `${bytes.length} bytes`, score: 0.9, mask: png(8, 8, [255, 255, 255]).toString("base64") }],
  }),
  "image-to-text": ({ bytes }) => ({ json: { generated_text: `a picture of ${bytes.length} bytes` } }),
  "text-classification": ({ inputs }) => ({ json: [scored([`about ${String(inputs)}`, "other"])] }),
  "token-classification": ({ inputs }) => ({
    json: [{ entity_group: "PER", score: 0.9, word: firstWord(inputs), start: 0, end: firstWord(inputs).length }],
  }),
  translation: ({ inputs, parameters }) => ({
    json: [
      {
        translation_text: `${typeof parameters.tgt_lang === "string" ? parameters.tgt_lang : "?"}: ${String(inputs)}`,
      },
    ],
  }),
  summarization: ({ inputs }) => ({ json: [{ summary_text: `In short: ${firstWord(inputs)}` }] }),
  "feature-extraction": ({ inputs }) => ({ json: [String(inputs).length, 0.5, -0.5] }),
  "sentence-similarity": ({ inputs }) => ({ json: fieldOf(inputs, "sentences", []).map((_, i) => 1 / (i + 1)) }),
  "fill-mask": ({ inputs }) => ({
    json: [{ score: 0.9, token: 7, token_str: "blue", sequence: String(inputs).replace(/\[MASK\]|<mask>/, "blue") }],
  }),
  "question-answering": ({ inputs }) => {
    const answer = firstWord(fieldOf(inputs, "context", ""));
    return { json: { answer, start: 0, end: answer.length, score: 0.9 } };
  },
  "table-question-answering": ({ inputs }) => ({
    json: { answer: fieldOf(inputs, "query", ""), aggregator: "NONE", cells: ["1"], coordinates: [[0, 0]] },
  }),
  "document-question-answering": ({ inputs }) => ({
    json: [{ answer: fieldOf(inputs, "question", ""), score: 0.9, start: 0, end: 1 }],
  }),
  "visual-question-answering": ({ inputs }) => ({ json: [{ answer: fieldOf(inputs, "question", ""), score: 0.9 }] }),
  "zero-shot-classification": ({ parameters }) => ({ json: scored(parameters.candidate_labels) }),
  "zero-shot-image-classification": ({ parameters }) => ({ json: scored(parameters.candidate_labels) }),
};

function scored(labels: unknown): { label: string; score: number }[] {
  return (Array.isArray(labels) ? labels : []).map((label, i) => ({ label: String(label), score: 0.9 / (i + 1) }));
}

function fieldOf<T>(inputs: unknown, name: string, absent: T): T {
  // The caller states the type that the protocol gives this field.
  return typeof inputs === "object" && inputs !== null && name in inputs
    ? ((inputs as Readonly<Record<string, unknown>>)[name] as T)
    : absent;
}

const firstWord = (text: unknown) => String(text).split(/\s+/)[0] ?? "";
const sizeOf = (value: unknown) => (typeof value === "number" ? value : 32);
const digest = (bytes: Buffer) => `${bytes.length}:${bytes.subarray(0, 32).toString("hex")}`;

/** The same text always gives the same colour. */
export function colourOf(text: string): [red: number, green: number, blue: number] {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return [hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255];
}
