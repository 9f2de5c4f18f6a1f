import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { tokenFetch } from "../../../huggingface/tokenFetch.js";
import type { Progress } from "../../../model/runEvent.js";
import type { HuggingFaceAccess } from "../../../protocol/runner.js";

const publicHub = "https://huggingface.co";
const publicRouter = "https://router.huggingface.co";

/**
 * Stands for the token towards the client: looks like one to it, and is worth nothing. The client hands what it is given to
 * providers' hosts and to addresses out of their answers.
 */
export const placeholder = `hf_${randomUUID().replaceAll("-", "")}`;

export interface Endpoints {
  /** Where the inference router is, without trailing slash. */
  readonly router: string;
  /** The first wait before a request is repeated; it doubles each time. Milliseconds. */
  readonly retryMs: number;
}

/** `HF_INFERENCE_ENDPOINT`, as in Hugging Face's Python client, names another router. */
export function defaultEndpoints(): Endpoints {
  return { router: (process.env.HF_INFERENCE_ENDPOINT ?? publicRouter).replace(/\/+$/, ""), retryMs: 1000 };
}

const attempts = 4;
/** No longer wait than this, whatever the server asks for. Milliseconds. */
const longestWait = 30_000;

/** A `fetch` for one execution: to the configured hosts, with the token where it may go, again after 429 and 503. */
export function modelFetch(
  access: HuggingFaceAccess,
  { router, retryMs }: Endpoints,
  signal: AbortSignal,
  progress: (progress: Progress) => void,
): typeof fetch {
  const send = tokenFetch(access, router);
  return async (input, init) => {
    const address = redirect(String(input instanceof Request ? input.url : input), access.endpoint, router);
    const target = input instanceof Request ? new Request(address, input) : address;
    const headers = new Headers(init?.headers);
    if (headers.get("authorization")?.includes(placeholder) === true) headers.delete("authorization");
    for (let attempt = 1; ; attempt++) {
      const response = await send(target instanceof Request ? target.clone() : target, { ...init, headers, signal });
      if ((response.status !== 429 && response.status !== 503) || attempt === attempts) return response;
      const delay = Math.min(longestWait, asked(response) ?? retryMs * 2 ** (attempt - 1));
      await response.body?.cancel();
      const why = response.status === 429 ? "Too many requests" : "The model is loading";
      progress({ message: `${why}; trying again in ${Math.ceil(delay / 1000)} s` });
      await wait(delay, undefined, { signal });
    }
  };
}

function redirect(address: string, hub: string, router: string): string {
  for (const [from, to] of [
    [publicRouter, router],
    [publicHub, hub],
  ] as const) {
    if (address === from || address.startsWith(`${from}/`)) return to + address.slice(from.length);
  }
  return address;
}

/** `Retry-After`, in ms: seconds or a date. */
function asked(response: Response): number | undefined {
  const header = response.headers.get("retry-after");
  if (header === null) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

let patched = false;

/** Some providers' answers are polled for by the client with the global `fetch`: what carries the placeholder comes here too. */
export function catchPolls(access: HuggingFaceAccess, endpoints: Endpoints): void {
  if (patched) return;
  patched = true;
  const original = globalThis.fetch;
  const never = new AbortController().signal;
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    if (headers.get("authorization")?.includes(placeholder) !== true) return original(input, init);
    return modelFetch(access, endpoints, init?.signal ?? never, () => undefined)(input, init);
  };
}
