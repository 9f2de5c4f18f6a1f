import { homedir } from "node:os";
import { join } from "node:path";
import type { HuggingFaceAccess } from "../protocol/runner.js";

export { mayCarryToken } from "./hosts.js";
export { redact } from "./redact.js";

type Environment = Readonly<Record<string, string | undefined>>;

const publicEndpoint = "https://huggingface.co";

/**
 * The token and the Hub to use, as Hugging Face's own tools find them: the token from secret storage, then `HF_TOKEN`, then
 * the file `HF_TOKEN_PATH`, then `$HF_HOME/token` (`~/.cache/huggingface/token`); the Hub from `HF_ENDPOINT`.
 *
 * @param secret from secret storage; `null`: none
 * @param readFile rejects where there is no such file
 */
export async function huggingFaceAccess(
  secret: string | null,
  env: Environment,
  readFile: (path: string) => Promise<string>,
): Promise<HuggingFaceAccess> {
  const given = [secret, env.HF_TOKEN, env.HUGGING_FACE_HUB_TOKEN].map(clean).find((token) => token !== null);
  const token = given ?? clean(await readFile(tokenFile(env)).catch(() => null));
  return { token, endpoint: endpointOf(env.HF_ENDPOINT) };
}

/** Whether the Hub is to be left alone: `HF_HUB_OFFLINE`, as Hugging Face's own tools read it. */
export function isOffline(env: Environment): boolean {
  return /^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? "");
}

function tokenFile(env: Environment): string {
  const path = clean(env.HF_TOKEN_PATH);
  if (path !== null) return expand(path, env);
  const home = clean(env.HF_HOME);
  if (home !== null) return join(expand(home, env), "token");
  return join(clean(env.XDG_CACHE_HOME) ?? join(homeOf(env), ".cache"), "huggingface", "token");
}

/** Where the Hub is, without trailing slash. */
export function endpointOf(configured: string | undefined): string {
  const endpoint = clean(configured)?.replace(/\/+$/, "") ?? publicEndpoint;
  return URL.canParse(endpoint) ? endpoint : publicEndpoint;
}

/** A line break in a token would be a header of its own; blanks come from copying. */
function clean(text: string | null | undefined): string | null {
  const trimmed = text?.replace(/[\r\n]+/g, "").trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

function expand(path: string, env: Environment): string {
  return path.replace(/^~(?=$|[/\\])/, () => homeOf(env));
}

function homeOf(env: Environment): string {
  return clean(env.HOME) ?? homedir();
}
