import type { Failure } from "../../../model/failure.js";
import type { HuggingFaceAccess } from "../../../protocol/runner.js";
import { CutAnswer } from "./chatStream.js";
import { AnswerError } from "./remoteJob.js";

/** Why a model gave no answer, told from the client's error. */
export function modelFailure(error: unknown, addressed: string, { token, endpoint }: HuggingFaceAccess): Failure {
  // A policy may stand behind it.
  const model = addressed.replace(/:.*$/s, "");
  const [hasToken, page] = [token !== null, `${endpoint}/${model}`];
  if (!(error instanceof Error)) return { reason: "remote-error", message: `${model}: ${String(error)}` };
  if (error instanceof AnswerError) return answerFailure(error, model);
  if (error instanceof CutAnswer) {
    return {
      reason: "connection-lost",
      message: `The answer of ${model} broke off in the middle.`,
      hint: "Run the node again.",
    };
  }
  const status = statusOf(error);
  const said = saidBy(error) ?? error.message.replace(/^Failed to perform inference: /, "");
  switch (status) {
    case 401:
      return {
        reason: "unauthorised",
        message: hasToken
          ? `Hugging Face refuses the token for ${model}.`
          : `${model} wants a Hugging Face token, and there is none.`,
        hint: hasToken
          ? "Sign in again; the token needs the permission to call inference providers."
          : "Sign in to Hugging Face, or set HF_TOKEN.",
      };
    case 402:
      return {
        reason: "out-of-credits",
        message: `The credits for inference are used up: ${said}`,
        hint: "See the billing page of the Hugging Face account.",
        page: `${endpoint}/settings/billing`,
      };
    case 403:
      return {
        reason: hasToken ? "forbidden" : "unauthorised",
        message: `${hasToken ? `The account has no access to ${model}` : `${model} is not open to everybody`}: ${said}`,
        hint: `If the model is gated, ask for access on its page, ${page}${hasToken ? "" : ", then sign in"}.`,
        page,
      };
    case 404:
      return {
        reason: "not-found",
        message: `No provider serves ${model}: ${said}`,
        hint: "Check the model's name; its page on the Hub lists its providers.",
        page,
      };
    case 429:
      return {
        reason: "rate-limited",
        message: `Too many requests for ${model}: ${said}`,
        hint: "Wait a little and run again.",
      };
    case 503:
      return {
        reason: "unavailable",
        message: `${model} is not ready: ${said}`,
        hint: "Large models take minutes to load; run again in a while.",
      };
    case 200:
      return notUnderstood(model, said);
    case null:
      break;
    default:
      return {
        reason: status === 400 || status === 422 ? "invalid-input" : status < 500 ? "refused" : "remote-error",
        message: `${model} (${status}): ${said}`,
      };
  }
  switch (error.name) {
    case "InputError":
    case "RoutingError":
      return /No Inference Provider/i.test(said)
        ? {
            reason: "unsupported",
            message: `No inference provider serves ${model}.`,
            hint: "Take a model whose page on the Hub lists providers, or run this one in code of your own.",
            page,
          }
        : { reason: "unsupported", message: `${model}: ${said}` };
    case "ProviderOutputError":
    case "SyntaxError": // of what should have been JSON
      return notUnderstood(model, said);
  }
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = "code" in cause ? String(cause.code) : "";
  if (code === "UND_ERR_HEADERS_TIMEOUT") {
    return {
      reason: "connection-lost",
      message: `${model} has not begun to answer for five minutes.`,
      hint: "Ask for less, or take a provider that answers faster.",
    };
  }
  if (error.message === "fetch failed" || error.message === "terminated") {
    const lost = code === "UND_ERR_SOCKET" || code === "ECONNRESET" || error.message === "terminated";
    return lost
      ? {
          reason: "connection-lost",
          message: `The connection broke while ${model} was working.`,
          hint: "Run the node again.",
        }
      : {
          reason: "unreachable",
          message: `Hugging Face cannot be reached: ${cause.message || code}.`,
          hint: "Check the network connection.",
        };
  }
  return { reason: "refused", message: `${model}: ${said}` };
}

function notUnderstood(model: string, said: string): Failure {
  return {
    reason: "refused",
    message: `The answer of ${model} could not be understood: ${said}`,
    hint: `Its provider answers otherwise than it should. Name another behind the model: "${model}:PROVIDER"; the model's page lists them.`,
  };
}

/** The work was taken in, and then no answer came of it. */
function answerFailure({ status, said }: AnswerError, model: string): Failure {
  const refused = status < 500 && status !== 429 && said.startsWith("{");
  return refused
    ? { reason: "refused", message: `${model} (${status}): ${said}` }
    : {
        reason: "connection-lost",
        message: `What ${model} made could not be fetched: the server answered ${status}.`,
        hint: "Run the node again.",
      };
}

/** What the provider itself said: the client puts guesses of its own in front of it. */
function saidBy(error: Error): string | null {
  if (!("httpResponse" in error) || typeof error.httpResponse !== "object" || error.httpResponse === null) return null;
  const { body } = error.httpResponse as { body?: unknown }; // any object may be read by key
  if (typeof body !== "object" || body === null) return null;
  const { error: said, message, detail } = body as Readonly<Record<string, unknown>>; // any object may be read by key
  const inner = typeof said === "object" && said !== null && "message" in said ? said.message : said;
  const text = [inner, message, detail].find((each) => typeof each === "string" && each !== "");
  return typeof text === "string" ? text : null;
}

function statusOf(error: Error): number | null {
  if (!("httpResponse" in error) || typeof error.httpResponse !== "object" || error.httpResponse === null) return null;
  const { status } = error.httpResponse as { status?: unknown }; // any object may be read by key
  return typeof status === "number" ? status : null;
}
