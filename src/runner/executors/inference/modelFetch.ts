import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { tokenFetch } from "../../../huggingface/tokenFetch.js";
import { isNeverSent, isTransientFault, isTransientStatus } from "../../../huggingface/transient.js";
import { unhurried } from "../../../huggingface/unhurried.js";
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

/**
 * A `fetch` for one execution: to the configured hosts, with the token where it may go. A request is repeated where that costs
 * nobody anything: one that never got there or was turned away (429, 503), and any that only reads. What is read is read to its
 * end, since an answer that breaks off may be one that was paid for. A model takes the time that it takes.
 */
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
    const reads = (init?.method ?? (input instanceof Request ? input.method : "GET")).toUpperCase() === "GET";
    for (let attempt = 1; ; attempt++) {
      const again = await once(async () => {
        const request = { ...init, headers, signal, ...(!reads && unhurried) };
        const response = await send(target instanceof Request ? target.clone() : target, request);
        return reads && response.ok ? whole(response) : response;
      }, reads);
      if (!again.retry || attempt === attempts || signal.aborted) {
        if ("error" in again) throw again.error;
        return again.response;
      }
      const delay = Math.min(longestWait, again.after ?? retryMs * 2 ** (attempt - 1));
      if ("response" in again) await again.response.body?.cancel();
      progress({ message: `${again.why}; trying again in ${Math.ceil(delay / 1000)} s` });
      await wait(delay, undefined, { signal });
    }
  };
}

type Once = { readonly retry: boolean; readonly why: string; readonly after?: number | undefined } & (
  { readonly response: Response } | { readonly error: unknown }
);

async function once(send: () => Promise<Response>, reads: boolean): Promise<Once> {
  try {
    const response = await send();
    const { status } = response;
    const retry = status === 429 || status === 503 || (reads && (status === 500 || isTransientStatus(status)));
    const why =
      status === 429
        ? "Too many requests"
        : status === 503 && !reads
          ? "The model is loading"
          : `The server answered ${status}`;
    return { response, retry, why, after: asked(response) };
  } catch (error) {
    return { error, retry: reads ? isTransientFault(error) : isNeverSent(error), why: "There was no connection" };
  }
}

async function whole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  return new Response(await response.blob(), { status, statusText, headers });
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
