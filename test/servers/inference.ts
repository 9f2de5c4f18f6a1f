import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, answers, type TaskCall } from "./inference/answers.js";
import { type ChatCall, chatCompletion, streamChat } from "./inference/chat.js";
import { type Fault, faultInName, faults, json } from "./inference/faults.js";
import { providerQueue, type ProviderQueue } from "./inference/providerQueue.js";
import { type HubModel, hubReply, type HubSpace } from "./inference/hub.js";

export interface RecordedRequest {
  readonly method: string;
  /** The host that the caller meant, also where {@link InferenceServer.fetch} sent the request here instead. */
  readonly host: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** True once the caller has gone away before the answer was complete. */
  closedEarly: boolean;
}

export interface Hold {
  /** Settles when a request has come as far as the hold. */
  readonly reached: Promise<void>;
  release(): void;
}

export interface InferenceServer {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** What the provider fal-ai, which takes work in and is then asked for it, does wrong. */
  readonly queue: Pick<ProviderQueue, "fail">;
  /** A `fetch` for the public hosts: requests to the Hub and the router come here, all others go where they say. */
  readonly fetch: typeof fetch;
  addModel(id: string, model: HubModel): void;
  addSpace(id: string, space: HubSpace): void;
  /** The next `times` calls of the model fail; then it answers again. */
  failNext(model: string, fault: Fault, times?: number): void;
  /** Keeps the next call of the model waiting; a chat stream waits before its word number `beforeWord`, counted from 0. */
  hold(model: string, beforeWord?: number): Hold;
  forgetRequests(): void;
  stop(): Promise<void>;
}

const publicHosts = new Set(["huggingface.co", "router.huggingface.co"]);
const chatModel: HubModel = { task: "text-generation", servedAs: "conversational" };
const meantHost = "x-meant-host";

/**
 * The Hub and the inference router on one loopback port, true to their protocols: `/api/models/…`, `/api/spaces/…`, `/v1/chat/completions`,
 * `/PROVIDER/v1/chat/completions`, `/hf-inference/models/…`; the router's paths answer below `/router` too.
 *
 * There is a model for every task, `test/TASK`, and for every fault, `test/chat-FAULT` (see {@link Fault}).
 */
export async function startInference(): Promise<InferenceServer> {
  const models = new Map<string, HubModel>(Object.keys(answers).map((task) => [`test/${task}`, { task }]));
  models.set("test/text-generation", { task: "text-generation" });
  models.set("test/chat", { ...chatModel, providers: ["hf-inference", "together", "groq"] });
  for (const fault of Object.keys(faults)) models.set(`test/chat-${fault}`, chatModel);
  const spaces = new Map<string, HubSpace>();
  const requests: RecordedRequest[] = [];
  const failures = new Map<string, Fault[]>();
  const holds = new Map<string, { at: number; wait: () => Promise<void> }>();

  const heldAt = async (model: string, word: number) => {
    const hold = holds.get(model);
    if (hold?.at !== word) return;
    holds.delete(model);
    await hold.wait();
  };

  const queue = providerQueue();
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { error: String(error) });
    });
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)); // no encoding is set, so chunks are buffers
    const recorded = record(request, body);
    requests.push(recorded);
    response.on("close", () => (recorded.closedEarly = !response.writableFinished));

    const url = new URL(recorded.path.replace(/^\/router(?=\/)/, ""), "http://loopback");
    const hub = hubReply(url, models, spaces, request.headers.authorization !== undefined);
    if (hub) return json(response, hub.status, hub.body);
    if (await queue.respond(url, recorded, response)) return;
    const call = routerCall(url.pathname, body);
    if (!call) return json(response, 404, { error: `Cannot ${recorded.method} ${url.pathname}` });

    const fault = failures.get(call.model)?.shift() ?? faultInName(call.model);
    if (fault) return faults[fault](response, call.model);
    if (!models.has(call.model)) return faults.missing(response, call.model);
    if (call.kind === "chat" && call.chat.stream === true) {
      return streamChat(call.chat, response, (word) => heldAt(call.model, word));
    }
    await heldAt(call.model, 0);
    if (call.kind === "chat") return json(response, 200, chatCompletion(call.chat));
    if (call.kind === "completion") return json(response, 200, { choices: [{ text: `${call.prompt} and so on` }] });
    const answer = answers[call.task ?? models.get(call.model)?.task ?? ""];
    if (!answer) return json(response, 400, { error: `Model ${call.model} has no such task` });
    send(response, answer(taskCall(body, request.headers["content-type"])));
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has no other kind of address

  return {
    url,
    requests,
    queue,
    fetch: (input, init) => {
      const request = new Request(input, init);
      const { hostname, pathname, search } = new URL(request.url);
      if (!publicHosts.has(hostname)) return fetch(request);
      const headers = new Headers(request.headers);
      headers.set(meantHost, hostname);
      return fetch(`${url}${pathname}${search}`, { ...init, headers });
    },
    addModel: (id, model) => void models.set(id, model),
    addSpace: (id, space) => void spaces.set(id, space),
    failNext: (model, fault, times = 1) => void failures.set(model, Array<Fault>(times).fill(fault)),
    hold: (model, beforeWord = 0) => {
      const reached = Promise.withResolvers<undefined>();
      const released = Promise.withResolvers<undefined>();
      const wait = async () => {
        reached.resolve(undefined);
        await released.promise;
      };
      holds.set(model, { at: beforeWord, wait });
      return { reached: reached.promise, release: () => released.resolve(undefined) };
    },
    forgetRequests: () => void (requests.length = 0),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function record(request: IncomingMessage, body: Buffer): RecordedRequest {
  const { method = "", url = "", headers } = request;
  const meant = headers[meantHost];
  const host = typeof meant === "string" ? meant : (headers.host ?? "");
  return { method, host, path: url, headers, body, closedEarly: false };
}

type RouterCall =
  | { readonly kind: "chat"; readonly model: string; readonly chat: ChatCall }
  | { readonly kind: "completion"; readonly model: string; readonly prompt: string }
  | { readonly kind: "task"; readonly model: string; readonly task?: string };

/** Reads the router's addresses: the automatic router, a provider's own, or hf-inference's with the model in the path. */
function routerCall(path: string, body: Buffer): RouterCall | undefined {
  const hosted =
    /^\/hf-inference\/models\/([^/]+\/[^/]+)(?:\/(?:pipeline\/([^/]+)|v1\/(chat\/completions|completions)))?$/.exec(
      path,
    );
  const shared = /^(?:\/[\w-]+)?(?:\/openai)?\/v1\/(chat\/completions|completions)$/.exec(path);
  const route = hosted?.[3] ?? shared?.[1];
  if (route === undefined) {
    if (hosted?.[1] === undefined) return undefined;
    return { kind: "task", model: hosted[1], ...(hosted[2] === undefined ? {} : { task: hosted[2] }) };
  }
  // Only fields that the protocol defines are read, and each of them is optional.
  const sent = JSON.parse(body.toString("utf8")) as ChatCall & { readonly prompt?: string };
  // `owner/model:provider` is how the automatic router is told to use one provider.
  const model = hosted?.[1] ?? sent.model?.replace(/:[\w-]+$/, "") ?? "";
  return route === "completions"
    ? { kind: "completion", model, prompt: sent.prompt ?? "" }
    : { kind: "chat", model, chat: sent };
}

function taskCall(body: Buffer, contentType = "application/octet-stream"): TaskCall {
  if (!contentType.startsWith("application/json"))
    return { inputs: undefined, parameters: {}, bytes: body, contentType };
  // The shape every hf-inference task shares; absent fields are handled.
  const sent = JSON.parse(body.toString("utf8")) as Partial<Pick<TaskCall, "inputs" | "parameters">>;
  const inner = sent.inputs;
  const image = typeof inner === "object" && inner !== null && "image" in inner ? inner.image : inner;
  const bytes = typeof image === "string" ? Buffer.from(image, "base64") : Buffer.alloc(0);
  return { inputs: inner, parameters: sent.parameters ?? {}, bytes, contentType };
}

function send(response: ServerResponse, answer: Answer): void {
  if ("json" in answer) return json(response, 200, answer.json);
  response.writeHead(200, { "content-type": answer.contentType, "content-length": answer.bytes.length });
  response.end(answer.bytes);
}
