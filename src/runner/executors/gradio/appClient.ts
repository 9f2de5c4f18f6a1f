import { Client } from "@gradio/client";
import type { AppAddress } from "../../../huggingface/appAddress.js";
import { patientFetch } from "../../../huggingface/patientFetch.js";
import { tokenFetch } from "../../../huggingface/tokenFetch.js";
import { unhurried } from "../../../huggingface/unhurried.js";
import type { HuggingFaceAccess } from "../../../protocol/runner.js";
import { openEventStream } from "./eventStream.js";

/** How a connection was lost: `broken` with its error, `ended` before the call was, or `silent` for too long. */
export type Loss =
  { readonly kind: "broken"; readonly error: unknown } | { readonly kind: "ended" } | { readonly kind: "silent" };

/** Gradio sends a heartbeat every 15 s when it has nothing else to say; two of them missing mean that nobody is there. */
export const SILENCE_LIMIT = 35_000;

/** What the last answer to each path was, by the path's last part: the client itself keeps little of it. */
export type Answers = ReadonlyMap<string, number>;

/**
 * Gradio's client for one execution. The token is never given to it: {@link tokenFetch} decides for each request. Everything it has
 * open ends with {@link end}.
 */
export class AppClient extends Client {
  /** Settles when the events of the call stop coming before the call has ended. */
  readonly lost: Promise<Loss>;
  readonly answers: Answers;
  /** The network's own error, when a request got no answer at all. */
  networkError: unknown = null;
  readonly #answers = new Map<string, number>();
  readonly #send: typeof fetch;
  readonly #sendPatiently: typeof fetch;
  readonly #ending = new AbortController();
  readonly #silenceMs: number;
  #lose: (loss: Loss) => void = () => undefined;
  #watchdog: NodeJS.Timeout | undefined;

  constructor({ url, login }: AppAddress, access: HuggingFaceAccess, silenceMs: number) {
    super(url, {
      events: ["data", "status", "log"],
      auth: login ? [login[0], login[1]] : null,
      record_history: false,
    });
    this.answers = this.#answers;
    this.#send = tokenFetch(access);
    this.#sendPatiently = patientFetch(this.#send);
    this.#silenceMs = silenceMs;
    this.lost = new Promise((resolve) => (this.#lose = resolve));
    // The base class binds its methods before this class is set up; its private parts exist only now.
    this.fetch = (input: string | URL | Request, init?: RequestInit) => this.#request(input, init);
    this.stream = (address) => this.#stream(address);
  }

  /** Reads the app's configuration and API. @throws whatever the client throws */
  async connect(): Promise<void> {
    // `init` is private in the types only; the public way, `Client.connect`, would make another object.
    await (this as unknown as { init(): Promise<void> }).init();
  }

  end(): void {
    clearTimeout(this.#watchdog);
    this.close();
    this.#ending.abort();
  }

  async #request(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    // The login's session goes where the login was.
    const { cookies } = this as unknown as { readonly cookies: string | null }; // private in the types only
    if (cookies !== null && originOf(input) === originOf(this.app_reference)) headers.append("cookie", cookies);
    const signals = [this.#ending.signal, ...(init.signal ? [init.signal] : [])];
    // A call is made once; what is read, and a file that is brought, costs nobody anything.
    const method = init.method ?? (input instanceof Request ? input.method : "GET");
    const free = method === "GET" || pathOf(input).endsWith(`${this.api_prefix}/upload`);
    const request = { ...init, headers, signal: AbortSignal.any(signals) };
    try {
      const response = await (free
        ? this.#sendPatiently(input, request)
        : this.#send(input, { ...request, ...unhurried }));
      this.#answers.set(lastPart(input), response.status);
      return response;
    } catch (error) {
      if (!this.#ending.signal.aborted) this.networkError = error;
      throw error;
    }
  }

  #stream(address: URL): EventSource {
    const controller = new AbortController();
    // The client ends its stream through this property.
    this.abort_controller = controller;
    const isCall = address.pathname.endsWith("/queue/data");
    const ignore = () => this.#ending.signal.aborted || controller.signal.aborted || !isCall;
    const lose = (loss: Loss) => {
      if (!ignore()) this.#lose(loss);
    };
    const heard = () => {
      clearTimeout(this.#watchdog);
      if (!ignore()) this.#watchdog = setTimeout(() => lose({ kind: "silent" }), this.#silenceMs);
    };
    heard();
    const headers = { accept: "text/event-stream" };
    this.stream_instance = openEventStream(
      this.#request(address, { headers, signal: controller.signal }),
      address.href,
      () => controller.abort(),
      { heard, ended: () => lose({ kind: "ended" }), broken: (error) => lose({ kind: "broken", error }) },
    );
    return this.stream_instance;
  }
}

function originOf(input: string | URL | Request): string | undefined {
  return URL.parse(typeof input === "string" ? input : input instanceof URL ? input.href : input.url)?.origin;
}

function lastPart(input: string | URL | Request): string {
  return pathOf(input).split("/").at(-1) ?? "";
}

function pathOf(input: string | URL | Request): string {
  return URL.parse(typeof input === "string" ? input : input instanceof URL ? input.href : input.url)?.pathname ?? "";
}
