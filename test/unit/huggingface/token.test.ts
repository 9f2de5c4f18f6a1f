import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { huggingFaceAccess, mayCarryToken, redact } from "../../../src/huggingface/access.js";
import { modelInfo, spaceInfo } from "../../../src/huggingface/hub.js";
import { tokenFetch } from "../../../src/huggingface/tokenFetch.js";
import { startInference } from "../../servers/inference.js";

const token = "hf_abcdefghijklmnopqrstuvwxyz";
const publicHub = "https://huggingface.co";

describe("finding the token", () => {
  const files = (known: Record<string, string>) => async (path: string) => {
    const text = known[path.replaceAll("\\", "/")];
    if (text === undefined) throw new Error("ENOENT");
    return text;
  };
  const everything = {
    "/at/path": "from path\n",
    "/hf/token": "from home",
    "/me/.cache/huggingface/token": "from default\n",
  };

  test.each([
    ["secret", { HF_TOKEN: "env", HF_TOKEN_PATH: "/at/path" }, "secret"],
    [null, { HF_TOKEN: " env\n", HF_TOKEN_PATH: "/at/path" }, "env"],
    [null, { HF_TOKEN: "", HF_TOKEN_PATH: "/at/path", HF_HOME: "/hf" }, "from path"],
    [null, { HF_HOME: "/hf", HOME: "/me" }, "from home"],
    [null, { HOME: "/me" }, "from default"],
    [null, { HOME: "/nobody" }, null],
  ])("%s and %o give %s", async (secret, env, expected) => {
    expect((await huggingFaceAccess(secret, env, files(everything))).token).toBe(expected);
  });

  test("the endpoint is the public Hub unless HF_ENDPOINT says otherwise", async () => {
    const endpoint = async (HF_ENDPOINT?: string) =>
      (await huggingFaceAccess(null, HF_ENDPOINT === undefined ? {} : { HF_ENDPOINT }, files({}))).endpoint;
    expect(await endpoint()).toBe(publicHub);
    expect(await endpoint("https://hub.example/hf/")).toBe("https://hub.example/hf");
    expect(await endpoint("not an address")).toBe(publicHub);
  });
});

test.each([
  ["https://huggingface.co/api/models/x", true],
  ["https://router.huggingface.co/v1", true],
  ["https://hf.co/x", true],
  ["https://owner-space.hf.space/config", true],
  ["https://hub.example/api", true],
  ["http://huggingface.co/api", false],
  ["https://hub.example.evil.net/", false],
  ["http://hub.example/", false],
  ["https://evilhuggingface.co/", false],
  ["https://huggingface.co.evil.net/", false],
  ["https://huggingface.co@evil.net/", false],
  ["https://evil.net/?https://huggingface.co", false],
  ["http://127.0.0.1:7860/", false],
  ["nonsense", false],
])("a request to %s may carry the token: %s", (url, may) => {
  expect(mayCarryToken(url, "https://hub.example")).toBe(may);
});

test("redacting takes out the token, what looks like one, and passwords in addresses", () => {
  expect(redact(`a ${token} b`, token)).toBe("a hf_••• b");
  expect(redact("plain-secret!", "plain-secret!")).toBe("hf_•••");
  expect(redact("other hf_AAAAAAAAAAAAAAAAAAAAAAAA", null)).toBe("other hf_•••");
  expect(redact("http://ann:pw@host/x", null)).toBe("http://•••@host/x");
  expect(redact("http://ann:p@s:w@host/x and http://host/?mail=a:b@c", null)).toBe(
    "http://•••@host/x and http://host/?mail=a:b@c",
  );
  expect(redact("nothing to hide", null)).toBe("nothing to hide");
});

describe("sending the token", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function listen(answer: (request: IncomingMessage) => { status: number; location?: string }) {
    const seen: (string | undefined)[] = [];
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        bodies.push(`${request.method ?? ""} ${body}`);
        const { status, location } = answer(request);
        response.writeHead(status, location === undefined ? {} : { location });
        response.end();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
    return { url: `http://127.0.0.1:${port}`, seen, bodies };
  }

  test("to the endpoint, and not on to where it redirects; back at the endpoint, again", async () => {
    const other = await listen(({ url }) =>
      url === "/back" ? { status: 302, location: `${hub.url}/end` } : { status: 200 },
    );
    const hub = await listen(({ url }) => {
      if (url === "/there") return { status: 307, location: `${other.url}/x` };
      if (url === "/round") return { status: 302, location: `${other.url}/back` };
      return url === "/here" ? { status: 308, location: "/end" } : { status: 200 };
    });
    const send = tokenFetch({ token, endpoint: hub.url });
    await send(`${hub.url}/there`, { method: "POST", body: "content" });
    expect([hub.seen, other.seen]).toEqual([[`Bearer ${token}`], [undefined]]);
    expect(other.bodies).toEqual(["POST content"]);
    await send(`${hub.url}/round`);
    expect(hub.seen).toEqual([`Bearer ${token}`, `Bearer ${token}`, `Bearer ${token}`]);
    expect(other.seen).toEqual([undefined, undefined]);
    await send(new Request(`${hub.url}/here`, { method: "PUT", body: "again" }));
    expect(hub.bodies.slice(-2)).toEqual(["PUT again", "PUT again"]);
  });

  test("and not to another host even when somebody put it into the headers", async () => {
    const other = await listen(() => ({ status: 200 }));
    const send = tokenFetch({ token, endpoint: publicHub });
    await send(other.url, { headers: { Authorization: `Bearer ${token}` } });
    await send(other.url, { headers: { Authorization: "Bearer the-app's-own" } });
    expect(other.seen).toEqual([undefined, "Bearer the-app's-own"]);
  });

  test("a circle of redirects ends", async () => {
    const hub = await listen(() => ({ status: 302, location: "/" }));
    await expect(tokenFetch({ token, endpoint: hub.url })(hub.url)).rejects.toThrow("redirects");
  });
});

describe("the Hub", () => {
  const none = AbortSignal.timeout(20_000);

  test("knows models and Spaces, and says which it doesn't", async () => {
    const hub = await startInference();
    try {
      const anonymous = { token: null, endpoint: hub.url };
      expect(await modelInfo("test/summarization", anonymous, none)).toMatchObject({
        ok: true,
        value: { task: "summarization" },
      });
      hub.addSpace("me/app", { host: "https://me-app.hf.space/", stage: "SLEEPING" });
      expect(await spaceInfo("me/app", anonymous, none)).toMatchObject({
        value: { host: "https://me-app.hf.space", stage: "SLEEPING" },
      });
      const missing = await modelInfo("me/gone", anonymous, none);
      expect(missing).toMatchObject({ ok: false, failure: { reason: "not-found" } });
      expect(JSON.stringify(missing)).toContain("private");
      expect(await modelInfo("me/gone", { token, endpoint: hub.url }, none)).toMatchObject({
        failure: {
          reason: "not-found",
          message: "The model me/gone does not exist on the Hub, or this account may not see it.",
        },
      });
    } finally {
      await hub.stop();
    }
  });

  test("that cannot be reached is named", async () => {
    const gone = await modelInfo("a/b", { token, endpoint: "http://127.0.0.1:9" }, none);
    expect(gone).toMatchObject({ ok: false, failure: { reason: "unreachable" } });
    expect(JSON.stringify(gone)).not.toContain(token);
  });
});
