import type { Progress } from "../../../model/runEvent.js";
import type { HuggingFaceAccess } from "../../../protocol/runner.js";
import { type Endpoints, modelFetch, placeholder } from "./modelFetch.js";

/** Why the answer of a model that has done its work could not be had. */
export class AnswerError extends Error {
  readonly status: number;
  /** What the server said, as it said it. */
  readonly said: string;

  constructor(status: number, said: string) {
    super(`The server answered ${status}.`);
    this.status = status;
    this.said = said;
  }
}

/** To tell a provider that its work is no longer wanted: less than a process is given to end. Milliseconds. */
const CANCEL_LIMIT = 1800;

/**
 * The requests of one execution. Several providers only take the work in, and are then asked again and again until it is done, which
 * the client does with the global `fetch`; what goes there with {@link signal} belongs to this execution.
 */
export class RemoteJob {
  /** For the client: aborted with the execution, and an object of its own. */
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
  readonly #send: typeof fetch;
  readonly #progress: (progress: Progress) => void;
  readonly #tell: (signal: AbortSignal) => typeof fetch;
  #cancel: { readonly url: string; readonly method: string } | null = null;

  constructor(
    access: HuggingFaceAccess,
    endpoints: Endpoints,
    signal: AbortSignal,
    progress: (progress: Progress) => void,
  ) {
    this.signal = AbortSignal.any([signal]);
    this.#progress = progress;
    this.#send = modelFetch(access, endpoints, this.signal, progress);
    this.#tell = (limit) => modelFetch(access, endpoints, limit, () => undefined);
    this.fetch = async (input, init) => {
      const response = await this.#send(input, init);
      if (response.ok) await this.#taken(new URL(input instanceof Request ? input.url : input), response);
      return response;
    };
    jobs.set(this.signal, this);
    catchPolls(access, endpoints);
  }

  /** A poll, or what the model made. The client takes whatever comes for the answer, a page that says "forbidden" too. */
  async poll(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const response = await this.#send(input, init);
    if (!response.ok) throw new AnswerError(response.status, (await response.text().catch(() => "")).slice(0, 500));
    if (isJson(response)) {
      const { queue_position } = await fieldsOf(response.clone());
      if (typeof queue_position === "number") {
        this.#progress({ queuePosition: queue_position + 1, message: "In the provider's queue" });
      }
    }
    return response;
  }

  /** Tells the provider to stop, where it can be told. */
  async cancel(): Promise<void> {
    if (!this.#cancel) return;
    const { url, method } = this.#cancel;
    const headers = { authorization: `Bearer ${placeholder}` };
    const tell = this.#tell(AbortSignal.timeout(CANCEL_LIMIT));
    const response = await tell(url, { method, headers }).catch(() => null);
    await response?.body?.cancel();
  }

  /** A provider that takes work in says where it can be cancelled; what goes there goes through the router, too. */
  async #taken(url: URL, response: Response): Promise<void> {
    const [, provider] = url.pathname.split("/");
    const method = provider === "fal-ai" ? "PUT" : provider === "replicate" ? "POST" : null;
    if (method === null || !isJson(response)) return;
    const { cancel_url, urls } = await fieldsOf(response.clone());
    const own = cancel_url ?? (typeof urls === "object" && urls !== null && "cancel" in urls ? urls.cancel : null);
    const cancel = typeof own === "string" ? URL.parse(own) : null;
    if (cancel) this.#cancel = { url: `${url.origin}/${provider}${cancel.pathname}${url.search}`, method };
  }
}

function isJson(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("application/json") === true;
}

async function fieldsOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const value: unknown = await response.json().catch(() => null);
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {}; // any object may be read by key
}

const jobs = new WeakMap<AbortSignal, RemoteJob>();
let patched = false;

/** The client polls with the global `fetch`: by its signal or by the placeholder it is known what comes from there. */
function catchPolls(access: HuggingFaceAccess, endpoints: Endpoints): void {
  if (patched) return;
  patched = true;
  const original = globalThis.fetch;
  const never = new AbortController().signal;
  globalThis.fetch = (input, init) => {
    const job = init?.signal ? jobs.get(init.signal) : undefined;
    const inline = typeof input === "string" && input.startsWith("data:");
    if (job && !inline) return job.poll(input, init);
    const headers = new Headers(init?.headers);
    if (headers.get("authorization")?.includes(placeholder) !== true) return original(input, init);
    return modelFetch(access, endpoints, init?.signal ?? never, () => undefined)(input, init);
  };
}
