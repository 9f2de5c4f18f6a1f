import { failed, type Result, success } from "../../../model/outcome.js";
import { CHAT_INPUTS } from "../../../model/taskInputs.js";
import { readFile, sortInputs } from "./parameters.js";
import type { Values } from "./tasks.js";

/** The request for a chat: earlier messages, a system prompt, what is asked now with its images. */
export async function chatRequest(inputs: Values, node: string, task: string, folder: string): Promise<Result<object>> {
  const sorted = await sortInputs(inputs, CHAT_INPUTS, node, task, folder);
  if (!sorted.ok) return sorted;
  const { messages = [], prompt, system, image, audio, video } = sorted.value.fields;
  if (!Array.isArray(messages))
    return failed({
      reason: "invalid-input",
      message: `Input \`${node}.messages\` must be a list of messages, each with \`role\` and \`content\`.`,
    });
  const images = image === undefined ? [] : Array.isArray(image) ? (image as unknown[]) : [image];
  const parts: object[] = [];
  for (const each of images) {
    const file = await readFile(each, `Input \`${node}.image\``, folder);
    if (!file.ok) return file;
    parts.push({ type: "image_url", image_url: { url: await dataUrl(file.value, "image/png") } });
  }
  if (audio instanceof Blob) {
    const format = audio.type.includes("wav") ? "wav" : (/^audio\/(?:x-)?(\w+)/.exec(audio.type)?.[1] ?? "wav");
    const data = await base64(audio);
    parts.push({ type: "input_audio", input_audio: { data, format: format === "mpeg" ? "mp3" : format } });
  }
  if (video instanceof Blob) parts.push({ type: "video_url", video_url: { url: await dataUrl(video, "video/mp4") } });
  if (prompt === undefined && parts.length === 0 && messages.length === 0) {
    return failed({
      reason: "missing-input",
      message: `${task} needs \`prompt\` or \`messages\`, but \`${node}\` gives neither.`,
    });
  }
  const content =
    parts.length === 0 ? prompt : [...(prompt === undefined ? [] : [{ type: "text", text: prompt }]), ...parts];
  return success({
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...(messages as unknown[]),
      ...(content === undefined ? [] : [{ role: "user", content }]),
    ],
    ...sorted.value.parameters,
  });
}

async function base64(file: Blob): Promise<string> {
  return Buffer.from(await file.arrayBuffer()).toString("base64");
}

async function dataUrl(file: Blob, otherwise: string): Promise<string> {
  return `data:${file.type || otherwise};base64,${await base64(file)}`;
}
