import { readAppSchema } from "../huggingface/appSchema.js";
import { KeptAnswers } from "../huggingface/keptAnswers.js";
import type { AppSchema } from "../model/appSchema.js";
import type { Subject } from "./remoteKnowledge.js";

/** What Gradio apps have said of their endpoints, with the Space's revision, which is asked for each time. */
export function knownApps(env: NodeJS.ProcessEnv): Subject<AppSchema> {
  return {
    kept: new KeptAnswers(env, "apps", (kept) => (isSchema(kept) ? kept : undefined)),
    keyOf: (space) => space,
    lastsMs: 0,
    ask: readAppSchema,
  };
}

function isSchema(value: unknown): value is AppSchema {
  if (typeof value !== "object" || value === null || !("endpoints" in value)) return false;
  const { endpoints } = value;
  if (typeof endpoints !== "object" || endpoints === null) return false;
  return Object.values(endpoints).every(
    (endpoint: unknown) =>
      typeof endpoint === "object" &&
      endpoint !== null &&
      "parameters" in endpoint &&
      Array.isArray(endpoint.parameters) &&
      endpoint.parameters.every(
        (each: unknown) => typeof each === "object" && each !== null && "name" in each && typeof each.name === "string",
      ),
  );
}
