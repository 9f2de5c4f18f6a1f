import { Client } from "@gradio/client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "../../servers/faultProxy.js";
import { type GradioServer, startGradio } from "../../servers/gradio.js";

const eventStream = /\/queue\/data/;

describe("the proxy that makes networks fail", () => {
  let gradio: GradioServer;
  let proxy: FaultProxy;
  beforeAll(async () => {
    gradio = await startGradio();
  });
  afterAll(() => gradio.stop());
  beforeEach(async () => {
    proxy = await startFaultProxy(gradio.url);
  });
  afterEach(() => proxy.stop());

  test("is not noticed while nothing is injected", async () => {
    const client = await Client.connect(proxy.url);
    expect((await client.predict("/echo", ["hi"])).data).toEqual(["hi"]);
    client.close();
    expect(proxy.requests.some(({ path }) => path.includes("/queue/data"))).toBe(true);
  });

  test("breaks an event stream in the middle of a job", async () => {
    const client = await Client.connect(proxy.url);
    const begun = proxy.answering(eventStream);
    const job = client.submit("/slow", [5, 30]);
    await begun;
    expect(proxy.dropNow(eventStream)).toBe(1);
    await job.cancel();
    client.close();
  });

  test("ends, drops or holds back an answer after so many bytes", async () => {
    proxy.inject({ kind: "drop", path: /config/, afterBytes: 10, times: 1 });
    await expect(fetch(`${proxy.url}/config`).then((answer) => answer.text())).rejects.toThrow();
    proxy.inject({ kind: "stall", path: /config/, afterBytes: 10, times: 1 });
    const held = await fetch(`${proxy.url}/config`, { signal: AbortSignal.timeout(300) });
    await expect(held.text()).rejects.toMatchObject({ name: "TimeoutError" });
    await expect(fetch(`${proxy.url}/config`).then((answer) => answer.json())).resolves.toHaveProperty("version");
  });

  test("refuses uploads", async () => {
    proxy.inject({ kind: "status", path: /\/upload/, status: 413 });
    const client = await Client.connect(proxy.url);
    const { error } = await client.upload_files(proxy.url, [new File(["x"], "x.txt")]);
    expect(error).toBeDefined();
    client.close();
  });
});
