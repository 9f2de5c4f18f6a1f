import type { ServerResponse } from "node:http";

/** The ways a provider says no, as the router passes them on. */
export type Fault =
  | "unauthorized"
  | "gated"
  | "missing"
  | "limited"
  | "loading"
  | "broken"
  | "malformed"
  | "long"
  | "credits"
  | "hangup"
  | "cut";

/** A model whose name ends like this always fails like this: `acme/loading`, `acme/sdxl-limited`. */
export function faultInName(model: string): Fault | undefined {
  const word = /(?:^|[/-])(\w+)$/.exec(model)?.[1];
  return word !== undefined && word in faults ? (word as Fault) : undefined; // just looked up
}

export const faults: Readonly<Record<Fault, (response: ServerResponse, model: string) => void>> = {
  unauthorized: (response) => json(response, 401, { error: "Invalid username or password." }),
  gated: (response, model) => json(response, 403, { error: `Access to model ${model} is restricted.` }),
  missing: (response, model) => json(response, 404, { error: `Model ${model} does not exist` }),
  limited: (response) => {
    response.setHeader("retry-after", "1");
    json(response, 429, { error: "You have exceeded your rate limit." });
  },
  loading: (response, model) =>
    json(response, 503, { error: `Model ${model} is currently loading`, estimated_time: 20 }),
  broken: (response) => json(response, 500, { error: "CUDA out of memory" }),
  long: (response) =>
    json(response, 400, { error: { message: "The prompt is 9000 tokens, 4096 at most.", code: 400 } }),
  credits: (response) => json(response, 402, { error: "You have exceeded your monthly included credits." }),
  malformed: (response) => json(response, 200, { unexpected: true }),
  // An answer in pieces whose end never comes, though the connection ends as if all were well.
  cut: (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = { choices: [{ index: 0, delta: { content: "The first half" }, finish_reason: null }] };
    response.end(`data: ${JSON.stringify(chunk)}\n\n`);
  },
  hangup: (response) => void response.socket?.destroy(),
};

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "x-request-id": "request-1" });
  response.end(JSON.stringify(body));
}
