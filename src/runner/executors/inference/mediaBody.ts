import type { Values } from "./tasks.js";

/**
 * The client sends a file to hf-inference as the bare body, and with it loses all parameters. The protocol has a second form, with the
 * file as base64 beside them.
 */
export function withParameters(send: typeof fetch, parameters: Values): typeof fetch {
  if (Object.keys(parameters).length === 0) return send;
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    if (!(init?.body instanceof Blob) || !address.includes("/hf-inference/models/")) return send(input, init);
    const bytes = Buffer.from(await init.body.arrayBuffer());
    const headers = new Headers(init.headers);
    headers.set("content-type", "application/json");
    return send(input, { ...init, headers, body: JSON.stringify({ inputs: bytes.toString("base64"), parameters }) });
  };
}
