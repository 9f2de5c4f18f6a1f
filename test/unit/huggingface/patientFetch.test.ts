import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { patientFetch } from "../../../src/huggingface/patientFetch.js";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serving(answer: (response: ServerResponse, times: number) => void): Promise<string> {
  let times = 0;
  server = createServer((_, response) => answer(response, ++times));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`; // a TCP server has no other kind of address
}

const head = { "content-type": "application/json" };
const part = Buffer.alloc(2 ** 20, "[1],");

test("data that breaks off is asked for again", async () => {
  const url = await serving((response, times) => {
    response.writeHead(200, { ...head, "content-length": "9" });
    if (times === 1) response.write('{"a":', () => response.destroy());
    else response.end('{"a": 12}');
  });
  const response = await patientFetch(fetch)(url);
  expect(await response.json()).toEqual({ a: 12 });
});

test("a large file of JSON is followed as it comes, and arrives whole", async () => {
  const rest = Promise.withResolvers<undefined>();
  const sent = createHash("sha256");
  const url = await serving((response) => {
    const send = (parts: number) => {
      for (let i = 0; i < parts; i++) {
        sent.update(part);
        response.write(part);
      }
    };
    response.writeHead(200, head);
    send(6);
    void rest.promise.then(() => {
      send(10);
      response.end();
    });
  });
  // The server waits for this to begin.
  const response = await patientFetch(fetch)(url);
  expect(response.headers.get("content-type")).toBe("application/json");
  rest.resolve(undefined);
  const received = createHash("sha256");
  let size = 0;
  for await (const bytes of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    received.update(bytes);
    size += bytes.length;
  }
  expect(size).toBe(16 * part.length);
  expect(received.digest("hex")).toBe(sent.digest("hex"));
});

test("a large file that nobody wants any more is let go of", async () => {
  const closed = Promise.withResolvers<undefined>();
  const url = await serving((response) => {
    response.on("close", () => closed.resolve(undefined));
    response.writeHead(200, head);
    for (let i = 0; i < 6; i++) response.write(part);
  });
  const response = await patientFetch(fetch)(url);
  await response.body?.cancel();
  await closed.promise;
});
