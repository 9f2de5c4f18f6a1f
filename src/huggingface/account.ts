import { failed, type Result, success } from "../model/outcome.js";
import type { HuggingFaceAccess } from "../protocol/runner.js";
import { tokenFetch } from "./tokenFetch.js";

/** Milliseconds. */
const PATIENCE = 15_000;

/** The name of the account that a token belongs to. Fails as `unauthorised` where the Hub refuses the token. */
export async function whoami(access: HuggingFaceAccess): Promise<Result<string>> {
  const { endpoint } = access;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await tokenFetch(access)(`${endpoint}/api/whoami-v2`, { signal });
    if (response.status === 401 || response.status === 403) {
      return failed({
        reason: "unauthorised",
        message: "Hugging Face refuses this token.",
        hint: "Copy the whole of it again, or make a new one.",
      });
    }
    if (!response.ok) {
      return failed({ reason: "remote-error", message: `The Hub at ${endpoint} answered ${response.status}.` });
    }
    const account: unknown = await response.json();
    if (typeof account === "object" && account !== null && "name" in account && typeof account.name === "string")
      return success(account.name);
    return failed({ reason: "remote-error", message: `The Hub at ${endpoint} did not say whose token it is.` });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    return failed({ reason: "unreachable", message: `The Hub at ${endpoint} could not be reached: ${why}.` });
  }
}
