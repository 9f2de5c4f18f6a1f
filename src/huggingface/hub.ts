import type { Failure } from "../model/failure.js";
import type { ModelInfo } from "../model/modelInfo.js";
import { failed, type Result, success } from "../model/outcome.js";
import type { HuggingFaceAccess } from "../protocol/runner.js";
import { patientFetch } from "./patientFetch.js";
import { tokenFetch } from "./tokenFetch.js";

export interface SpaceInfo {
  /** Where the app answers, without trailing slash. */
  readonly host: string;
  /** `RUNNING`, `SLEEPING`, `PAUSED`, … as the Hub names it; `null` when it doesn't say. */
  readonly stage: string | null;
  readonly sdk: string | null;
  readonly revision: string | null;
}

/** What the Hub knows of a model. */
export async function modelInfo(
  id: string,
  access: HuggingFaceAccess,
  signal: AbortSignal,
): Promise<Result<ModelInfo>> {
  const query = "?expand[]=pipeline_tag&expand[]=sha&expand[]=inferenceProviderMapping";
  const info = await lookUp("models", id, access, signal, query);
  if (!info.ok) return info;
  const { pipeline_tag, sha, inferenceProviderMapping } = info.value;
  return success({ task: text(pipeline_tag), providers: servedTasks(inferenceProviderMapping), revision: text(sha) });
}

/** What the Hub knows of a Space. */
export async function spaceInfo(
  id: string,
  access: HuggingFaceAccess,
  signal: AbortSignal,
): Promise<Result<SpaceInfo>> {
  const info = await lookUp("spaces", id, access, signal);
  if (!info.ok) return info;
  const { host, subdomain, runtime, sdk, sha } = info.value;
  const stage = typeof runtime === "object" && runtime !== null && "stage" in runtime ? text(runtime.stage) : null;
  const named = text(subdomain) ?? id.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const address = text(host) ?? `https://${named}.hf.space`;
  return success({ host: address.replace(/\/+$/, ""), stage, sdk: text(sdk), revision: text(sha) });
}

/** The Hub has answered this as a list and as an object by provider. */
function servedTasks(mapping: unknown): Record<string, string> {
  if (typeof mapping !== "object" || mapping === null) return {};
  return Object.fromEntries(
    Object.entries(mapping).flatMap(([key, entry]: [string, unknown]) => {
      if (typeof entry !== "object" || entry === null || !("task" in entry)) return [];
      const provider = Array.isArray(mapping) && "provider" in entry ? text(entry.provider) : key;
      const task = text(entry.task);
      return provider !== null && task !== null ? [[provider, task] as const] : [];
    }),
  );
}

async function lookUp(
  kind: "models" | "spaces",
  id: string,
  access: HuggingFaceAccess,
  signal: AbortSignal,
  query = "",
): Promise<Result<Readonly<Record<string, unknown>>>> {
  const what = kind === "models" ? "model" : "Space";
  let response: Response;
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(30_000)]);
    response = await patientFetch(tokenFetch(access))(`${access.endpoint}/api/${kind}/${id}${query}`, {
      signal: timeout,
    });
    if (response.ok) return success((await response.json()) as Readonly<Record<string, unknown>>); // the Hub answers an object
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? causeOf(error) : String(error);
    return failed({
      reason: "unreachable",
      message: `The Hub at ${access.endpoint} could not be reached to look up the ${what} ${id}: ${why}.`,
      hint: "Check the network connection (and HF_ENDPOINT, if it is set).",
    });
  }
  const page = `${access.endpoint}/${kind === "spaces" ? "spaces/" : ""}${id}`;
  return failed(refusal(what, id, response.status, access.token !== null, page));
}

function refusal(what: string, id: string, status: number, hasToken: boolean, page: string): Failure {
  switch (status) {
    case 401:
      return hasToken
        ? {
            reason: "unauthorised",
            message: `The Hub refuses the Hugging Face token.`,
            hint: "Sign in again with a valid token.",
          }
        : {
            reason: "not-found",
            message: `The ${what} ${id} does not exist on the Hub, or it is private.`,
            hint: "Check its name; if it is private, sign in to Hugging Face or set HF_TOKEN.",
          };
    case 403:
      return {
        reason: hasToken ? "forbidden" : "unauthorised",
        message: `The ${what} ${id} is gated, and ${hasToken ? "the Hugging Face account has no access to it" : "there is no Hugging Face token"}.`,
        hint: `Ask for access on its page, ${page}${hasToken ? "" : ", then sign in"}.`,
        page,
      };
    case 404:
      return {
        reason: "not-found",
        message: `The ${what} ${id} does not exist on the Hub, or this account may not see it.`,
        hint: "Check its name; if it is private, sign in with an account that may use it.",
      };
    case 429:
      return {
        reason: "rate-limited",
        message: "The Hub refuses more requests for now (429).",
        hint: "Wait a few minutes, or sign in.",
      };
    default:
      return { reason: "remote-error", message: `The Hub answered ${status} when asked for the ${what} ${id}.` };
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
