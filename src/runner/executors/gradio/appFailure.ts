import { mayCarryToken } from "../../../huggingface/hosts.js";
import type { Failure } from "../../../model/failure.js";
import type { AppClient, Loss } from "./appClient.js";
import type { ResolvedApp } from "./address.js";

/** Whose Spaces they are doesn't depend on where this machine asks for them. */
const HUB = "https://huggingface.co";

/** Why no connection to the app could be made, told from what the requests came to. */
export function connectFailure(error: unknown, app: ResolvedApp, client: AppClient): Failure {
  if (client.networkError !== null) return unreachable(client.networkError, app);
  const status = client.answers.get("config");
  if (client.answers.get("login") === 401 || client.answers.get("login") === 400) {
    return {
      reason: "login-needed",
      message: `${capital(app.name)} refuses this user and password.`,
      hint: "They stand in its address, before the host.",
    };
  }
  switch (status) {
    case 401:
    case 403:
      return {
        reason: wantsToken(app) ? "unauthorised" : "login-needed",
        message: `${capital(app.name)} asks for a login.`,
        hint: wantsToken(app)
          ? "If it is private, sign in to Hugging Face with an account that may use it."
          : // With `http://` before it, it would be hidden as what it stands for is.
            `Write its address with user and password before the host: user:password@${new URL(app.address.url).host}.`,
      };
    case 404:
      return {
        reason: "not-found",
        message: `${capital(app.name)} is no Gradio app: it has no /config.`,
        hint: "Check the address; it is the one that the browser shows for the app.",
      };
    case 502:
    case 503:
    case 504:
      return {
        reason: "unavailable",
        message: `${capital(app.name)} answers ${status}: it is not running, or starting.`,
        hint: "Try again in a minute.",
      };
    default: {
      const said = error instanceof Error ? error.message : String(error);
      return {
        reason: "remote-error",
        message: `${capital(app.name)} could not be asked for its configuration: ${said}`,
      };
    }
  }
}

/** Whether it is a Hugging Face token that opens it, rather than a login of its own. */
function wantsToken({ isSpace, address }: ResolvedApp): boolean {
  return isSpace || (address.login === null && mayCarryToken(address.url, HUB));
}

export function unreachable(error: unknown, app: ResolvedApp): Failure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why =
    code === "ECONNREFUSED" ? "nothing listens there" : cause instanceof Error ? cause.message || code : String(cause);
  return {
    reason: "unreachable",
    message: `${capital(app.name)} cannot be reached: ${why}.`,
    hint: app.isSpace ? "Check the network connection." : "Is the server running? Start it and run the node again.",
  };
}

export function lossFailure(loss: Loss, app: ResolvedApp, silenceMs: number): Failure {
  const how = {
    broken: "The connection broke",
    ended: "The connection ended",
    silent: `Nothing was heard for ${Math.round(silenceMs / 1000)} seconds`,
  }[loss.kind];
  return { reason: "connection-lost", message: `${how} while ${app.name} was working.`, hint: "Run the node again." };
}

/** What a status event with stage `error` says. */
export function callFailure(
  status: { readonly message?: unknown; readonly broken?: boolean; readonly code?: string; readonly title?: string },
  app: ResolvedApp,
  apiName: string | number,
  client: AppClient,
  hasToken: boolean,
): Failure {
  const { message, broken, code } = status;
  if (broken === true && client.networkError !== null) return unreachable(client.networkError, app);
  if (broken === true) return lossFailure({ kind: "broken", error: null }, app, 0);
  const joined = client.answers.get("join");
  if (joined === 401 || joined === 403) {
    const reason = wantsToken(app) ? "unauthorised" : "login-needed";
    return { reason, message: `${capital(app.name)} does not let this caller use ${apiName}.` };
  }
  if (joined === 429)
    return {
      reason: "rate-limited",
      message: `${capital(app.name)} takes no more calls for now (429).`,
      hint: "Wait a little and run again.",
    };
  if (joined === 503)
    return {
      reason: "unavailable",
      message: `The queue of ${app.name} is full.`,
      hint: "Run again in a little while.",
    };
  const text = textOf(message);
  if (code === "validation_error")
    return { reason: "invalid-input", message: `${apiName} of ${app.name} refuses its inputs: ${text}` };
  if (text === "") {
    return {
      reason: "remote-error",
      message: `${apiName} of ${app.name} failed without saying why.`,
      hint: "The app hides its errors; its owner finds them in its log.",
    };
  }
  return { reason: "remote-error", message: `${apiName}: ${text}`, ...gpuTrouble(text, app, hasToken) };
}

/** What Spaces on shared GPUs say in plain text. */
function gpuTrouble(text: string, app: ResolvedApp, hasToken: boolean): Partial<Failure> {
  const own = "or duplicate the Space to hardware of your own and write its name here";
  if (/quota/i.test(text)) {
    const more = hasToken
      ? "Wait as long as it says"
      : "Sign in to Hugging Face: an account has a quota of its own. Or wait";
    return { reason: "rate-limited", hint: app.isSpace ? `${more}, ${own}.` : "Wait as long as it says." };
  }
  if (/rate.?limit|too many requests/i.test(text))
    return { reason: "rate-limited", hint: "Wait a little and run again." };
  if (
    /no gpu|gpu[^.]* (not|un)\s?available|gpu (task|worker)[^.]* (abort|timeout|error)|gpu task aborted/i.test(text)
  ) {
    return {
      reason: "unavailable",
      hint: `The app got no GPU. Run again in a few minutes${app.isSpace ? `, ${own}` : ""}.`,
    };
  }
  if (/out of memory/i.test(text))
    return { hint: "The app ran out of memory. Ask for less: a smaller size, fewer steps." };
  return {};
}

function textOf(message: unknown): string {
  if (message === null || message === undefined) return "";
  return typeof message === "string" ? message : JSON.stringify(message);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
