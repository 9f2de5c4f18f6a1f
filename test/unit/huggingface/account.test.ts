import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { whoami } from "../../../src/huggingface/account.js";

const token = "hf_abcdefghijklmnopqrstuvwxyz";
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A Hub that knows one token, and writes down who asks for what with which. */
async function hub(
  answer: (authorization: string | undefined) => { status: number; body: unknown; location?: string },
) {
  const asked: Pick<IncomingMessage, "url" | "headers">[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const { status, body, location } = answer(request.headers.authorization);
    response.writeHead(status, { "content-type": "application/json", ...(location && { location }) });
    response.end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return { asked, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const known = (authorization: string | undefined) =>
  authorization === `Bearer ${token}`
    ? { status: 200, body: { type: "user", name: "ada", fullname: "Ada" } }
    : { status: 401, body: { error: "Invalid user token." } };

test("a token that the Hub knows is somebody's", async () => {
  const { endpoint, asked } = await hub(known);
  expect(await whoami({ token, endpoint })).toEqual({ ok: true, value: "ada" });
  expect(asked.map(({ url }) => url)).toEqual(["/api/whoami-v2"]);
});

test("one that it refuses is said to be refused, with what to do", async () => {
  const { endpoint } = await hub(known);
  const answer = await whoami({ token: `${token}x`, endpoint });
  expect(answer).toMatchObject({ ok: false, failure: { reason: "unauthorised", hint: expect.any(String) as string } });
});

test.each([
  [503, { error: "Overloaded" }, "answered 503"],
  [200, { type: "user" }, "did not say whose token it is"],
])("where the Hub answers %s, nobody can tell", async (status, body, message) => {
  const { endpoint } = await hub(() => ({ status, body }));
  expect(await whoami({ token, endpoint })).toMatchObject({
    ok: false,
    failure: { reason: "remote-error", message: expect.stringContaining(message) as string },
  });
});

test("a Hub that is down is unreachable", async () => {
  const { endpoint } = await hub(known);
  for (const stop of stops.splice(0)) await stop();
  const answer = await whoami({ token, endpoint });
  expect(answer).toMatchObject({ ok: false, failure: { reason: "unreachable" } });
  expect(JSON.stringify(answer)).not.toContain(token);
});

test("the token goes to no other host, though the Hub sends the question on", async () => {
  const other = await hub(() => ({ status: 401, body: {} }));
  const first = await hub(() => ({ status: 302, body: {}, location: `${other.endpoint}/elsewhere` }));
  await whoami({ token, endpoint: first.endpoint });
  expect(other.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});
