import type { ModelInfo } from "../model/modelInfo.js";
import { KeptAnswers } from "./keptAnswers.js";

/** A model's task and who serves it hardly ever change: for so long nobody asks again. Milliseconds. */
export const MODEL_LASTS_MS = 24 * 3_600_000;

/** What the Hub has said of models, by {@link modelKey}. */
export function keptModels(env: NodeJS.ProcessEnv): KeptAnswers<ModelInfo> {
  return new KeptAnswers(env, "models", toModelInfo);
}

/** @param endpoint where the Hub is */
export function modelKey(model: string, endpoint: string): string {
  return `${endpoint} ${model}`;
}

function toModelInfo(kept: unknown): ModelInfo | undefined {
  if (typeof kept !== "object" || kept === null) return undefined;
  const { task, providers, revision } = kept as Readonly<Record<string, unknown>>; // any object may be read by key
  const isText = (value: unknown): value is string | null => value === null || typeof value === "string";
  if (!isText(task) || !isText(revision) || typeof providers !== "object" || providers === null) return undefined;
  const served = Object.entries(providers).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { task, providers: Object.fromEntries(served), revision };
}
