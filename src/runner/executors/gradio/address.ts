import { setTimeout as wait } from "node:timers/promises";
import { type AppAddress, appAddress } from "../../../huggingface/appAddress.js";
import { spaceInfo } from "../../../huggingface/hub.js";
import { pageOfSpace } from "../../../huggingface/spacePage.js";
import { tokenFetch } from "../../../huggingface/tokenFetch.js";
import { failed, type Result, success } from "../../../model/outcome.js";
import type { Progress } from "../../../model/runEvent.js";
import type { HuggingFaceAccess } from "../../../protocol/runner.js";

export interface ResolvedApp {
  readonly address: AppAddress;
  /** How messages name the app; without passwords. */
  readonly name: string;
  readonly isSpace: boolean;
  readonly revision: string | null;
}

/** How long a Space may take to wake up or be built. Milliseconds. */
const WAKE_LIMIT = 180_000;
const WAKE_POLL = 3000;

const running: ReadonlySet<string> = new Set(["RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"]);
const onItsWay: Readonly<Record<string, string>> = {
  SLEEPING: "is waking up",
  BUILDING: "is being built",
  APP_STARTING: "is starting",
  STARTING: "is starting",
};

/**
 * Where an app answers: an http(s) address as written (its user and password become the app's login), or a Space's own host as the
 * Hub gives it. A Space that sleeps is woken up.
 */
export async function resolveApp(
  space: string,
  access: HuggingFaceAccess,
  signal: AbortSignal,
  progress: (progress: Progress) => void,
  wakeLimit = WAKE_LIMIT,
): Promise<Result<ResolvedApp>> {
  if (/^https?:\/\//i.test(space)) {
    const named = pageOfSpace(space, access.endpoint);
    return named === undefined ? fromUrl(space) : resolveApp(named, access, signal, progress, wakeLimit);
  }

  const deadline = Date.now() + wakeLimit;
  for (;;) {
    const info = await spaceInfo(space, access, signal);
    if (!info.ok) return info;
    const { host, stage, sdk, revision } = info.value;
    if (sdk === "static") {
      return failed({
        reason: "unsupported",
        message: `The Space ${space} is a static page: there is no Gradio app to call.`,
        hint: "Look on its page for the app or the model that it uses.",
      });
    }
    if (stage === null || running.has(stage)) {
      return success({ address: { url: host, login: null }, name: `the Space ${space}`, isSpace: true, revision });
    }
    const what = onItsWay[stage];
    if (what === undefined || Date.now() >= deadline) {
      return failed({
        reason: "unavailable",
        message:
          what === undefined
            ? `The Space ${space} ${stopped(stage)}.`
            : `The Space ${space} ${what} and did not get ready in time.`,
        hint:
          what === undefined
            ? `Its owner can mend that at ${access.endpoint}/spaces/${space}. If it isn't yours, duplicate it there and write your copy's name.`
            : "Try again in a few minutes.",
      });
    }
    progress({ message: `The Space ${what}…` });
    // A visit is what wakes it; the answer is only a page.
    const visit = await tokenFetch(access)(host, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    }).catch(() => null);
    await visit?.body?.cancel();
    await wait(Math.min(WAKE_POLL, Math.max(1, deadline - Date.now())), undefined, { signal });
  }
}

function fromUrl(space: string): Result<ResolvedApp> {
  if (!URL.canParse(space)) return failed({ reason: "not-found", message: `"${space}" is not an address.` });
  const address = appAddress(space);
  return success({ address, name: `the app at ${address.url}`, isSpace: false, revision: null });
}

function stopped(stage: string): string {
  switch (stage) {
    case "PAUSED":
    case "STOPPED":
      return "is paused";
    case "NO_APP_FILE":
      return "has no app";
    case "RUNTIME_ERROR":
      return "has crashed";
    case "BUILD_ERROR":
      return "could not be built";
    case "CONFIG_ERROR":
      return "is not configured as it should be";
    case "DELETING":
      return "is being deleted";
    default:
      return `does not run: ${stage.toLowerCase().replaceAll("_", " ")}`;
  }
}
