import { once } from "node:events";
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as send,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What happens to the requests that match:
 * - `drop`: the connection breaks, after `afterBytes` bytes of the answer's body
 * - `end`: the answer ends cleanly after `afterBytes` bytes, as if it were complete
 * - `stall`: the answer stops after `afterBytes` bytes, the connection stays open
 * - `late`: the answer comes so many milliseconds later
 * - `status`: the request never reaches the server; this status and text come back
 */
export type ProxyFault = (
  | { readonly kind: "drop" | "end" | "stall"; readonly afterBytes?: number }
  | { readonly kind: "late"; readonly ms: number }
  | { readonly kind: "status"; readonly status: number; readonly body?: string }
) & {
  /** Tested against the path with its query. */
  readonly path: RegExp;
  /** How many requests it applies to; all of them unless given. */
  readonly times?: number;
};

export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

export interface FaultProxy {
  readonly url: string;
  /** Everything that was asked for, in order, faults included. */
  readonly requests: readonly ProxiedRequest[];
  /** Adds a fault; the oldest that matches wins. */
  inject(fault: ProxyFault): void;
  /** Forgets all faults. Stalled answers stay stalled. */
  heal(): void;
  /** Breaks every answer to a matching request that is under way now, and says how many there were. */
  dropNow(path: RegExp): number;
  /** Settles once the answer to a matching request has begun to arrive. */
  answering(path: RegExp): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A proxy in front of an HTTP server on loopback, which can be told to fail the way networks fail.
 *
 * @param target `http://127.0.0.1:PORT`
 */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const requests: ProxiedRequest[] = [];
  let faults: { fault: ProxyFault; left: number }[] = [];
  const underWay = new Set<{ path: string; response: ServerResponse; upstream: ClientRequest }>();
  const waiting: { path: RegExp; begun: () => void }[] = [];

  const faultFor = (path: string): ProxyFault | undefined => {
    const entry = faults.find(({ fault, left }) => left > 0 && fault.path.test(path));
    if (entry) entry.left -= 1;
    return entry?.fault;
  };

  const server = createServer((request, response) => {
    const { method = "", url: path = "", headers } = request;
    requests.push({ method, path, headers });
    const fault = faultFor(path);
    if (fault?.kind === "status") {
      request.resume();
      response.writeHead(fault.status, { "content-type": "text/plain" });
      response.end(fault.body ?? "The proxy says no.");
      return;
    }
    // The caller's Host goes along: Gradio builds the addresses in its answers from it, and they must lead through here.
    const upstream = send(new URL(path, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      for (const { begun } of waiting.filter((entry) => entry.path.test(path))) begun();
      if (fault?.kind === "late") setTimeout(() => answer.pipe(response), fault.ms);
      else if (fault) passUntil(answer, response, fault.kind, fault.afterBytes ?? 0);
      else answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    const entry = { path, response, upstream };
    underWay.add(entry);
    response.on("close", () => {
      underWay.delete(entry);
      upstream.destroy();
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server has no other kind of address
    requests,
    inject: (fault) => void faults.push({ fault, left: fault.times ?? Infinity }),
    heal: () => void (faults = []),
    dropNow: (path) => {
      const broken = [...underWay].filter((entry) => path.test(entry.path));
      for (const { response } of broken) response.destroy();
      return broken.length;
    },
    answering: (path) => new Promise((resolve) => waiting.push({ path, begun: resolve })),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function passUntil(
  answer: IncomingMessage,
  response: ServerResponse,
  kind: "drop" | "end" | "stall",
  afterBytes: number,
): void {
  let left = afterBytes;
  const cut = () => {
    answer.removeAllListeners("data").resume();
    if (kind === "drop") response.destroy();
    // A clean end needs a body without a length announced, which is how event streams come.
    if (kind === "end") response.end();
  };
  if (left === 0) return cut();
  answer.on("data", (chunk: Buffer) => {
    response.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) cut();
  });
  answer.on("end", () => response.end());
}
