import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type FaultProxy, startFaultProxy } from "../../servers/faultProxy.js";
import { type GradioServer, startGradio } from "../../servers/gradio.js";
import { type InferenceServer, startInference } from "../../servers/inference.js";
import { Workspace } from "./workspace.js";

let app: GradioServer;
let proxy: FaultProxy;
let hub: InferenceServer;
let w: Workspace;
let cache: string;

beforeAll(async () => {
  [app, hub] = await Promise.all([startGradio(), startInference()]);
  proxy = await startFaultProxy(app.url);
  vi.stubEnv("HF_ENDPOINT", hub.url);
  cache = mkdtempSync(join(tmpdir(), "remote-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
  vi.stubEnv("LOCALAPPDATA", cache);
  vi.stubEnv("HF_INFERENCE_ENDPOINT", `${hub.url}/router`);
}, 90_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await proxy.stop();
  await Promise.all([app.stop(), hub.stop()]);
  rmSync(cache, { recursive: true, force: true });
});
beforeEach(() => hub.forgetRequests());
afterEach(async () => {
  proxy.heal();
  await w.dispose();
});

async function opened(nodes: string, names: string): Promise<void> {
  w = await Workspace.create(`import { FnNode, GradioNode, Graph, InferenceNode, gr } from "daggr";
const app = ${JSON.stringify(proxy.url)};
const outputs = { text: gr.Textbox() };
${nodes}
export default new Graph({ name: "remote", nodes: [${names}] });
`);
  await w.open();
}

const joins = (since: number) => proxy.requests.slice(since).filter(({ path }) => path.includes("/queue/join")).length;
const cancels = (since: number) => proxy.requests.slice(since).filter(({ path }) => path.endsWith("/cancel")).length;

test("an app that takes longer than the node's timeout is told to stop, and what was finished stays", async () => {
  await opened(
    `const quick = new GradioNode(app, { apiName: "/echo", inputs: { text: "hi" }, outputs });
const slow = new GradioNode(app, { apiName: "/slow", inputs: { steps: 9, seconds: 90 }, outputs, timeout: 4 });`,
    "quick, slow",
  );
  const since = proxy.requests.length;
  expect(await w.run()).toMatchObject({ value: { status: "failed" } });
  expect(w.node("slow").outcome).toMatchObject({ kind: "failed", failure: { reason: "timeout" } });
  expect(w.node("slow").result).toBeNull();
  expect(w.output("quick", "text")).toBe("hi");
  await expect.poll(() => cancels(since)).toBe(1);
}, 40_000);

test("a call that was turned away is made again as often as its retries say, and says so", async () => {
  await opened(
    `const once = new GradioNode(app, { apiName: "/echo", inputs: { text: "a" }, outputs });
const again = new GradioNode(app, { apiName: "/echo", inputs: { text: "b" }, outputs, retries: 1 });`,
    "once, again",
  );
  const full = () => proxy.inject({ kind: "status", path: /queue\/join/, status: 503, body: "{}", times: 1 });
  full();
  await w.run({ scope: "only", targets: ["once"] });
  expect(w.node("once").outcome).toMatchObject({ kind: "failed", failure: { reason: "unavailable" } });
  full();
  await w.run({ scope: "only", targets: ["again"] });
  expect(w.output("again", "text")).toBe("b");
  expect(JSON.stringify(w.events)).toContain("Attempt 1 failed");
}, 40_000);

test("an app that went silent is told to stop when time is up, and called again where the author asked for attempts", async () => {
  await opened(
    `const again = new GradioNode(app, { apiName: "/echo", inputs: { text: "c" }, outputs, timeout: 5, retries: 1 });`,
    "again",
  );
  const since = proxy.requests.length;
  proxy.inject({ kind: "stall", path: /queue\/data/, times: 1 });
  expect(await w.run()).toMatchObject({ value: { status: "succeeded" } });
  expect(w.output("again", "text")).toBe("c");
  expect(cancels(since)).toBe(1);
  expect(JSON.stringify(w.events)).toContain("took longer than its limit of 5 s and was stopped. Trying again");
}, 40_000);

test("stopped between items, those that are finished are kept and every call under way is ended", async () => {
  await opened(
    `const times = new FnNode(() => [0.1, 0.2, 60, 61], { outputs: { list: null } });
const each = new GradioNode(app, { apiName: "/slow", inputs: { steps: 1, seconds: times.list.each }, outputs, maxConcurrent: 2 });`,
    "each",
  );
  const since = proxy.requests.length;
  const run = w.run();
  await w.until(({ nodes }) => {
    const activity = nodes.each?.activity;
    return activity?.kind === "running" && activity.progress?.items?.succeeded === 2;
  });
  // What isn't under way yet is no call to end.
  await expect.poll(() => joins(since)).toBe(4);
  await w.engine.stop(w.file);
  await run;
  const page = await w.engine.items(w.file, "each", 0, 10);
  expect(page).toMatchObject({ value: { counts: { total: 4, succeeded: 2 } } });
  await expect.poll(() => cancels(since)).toBe(2);
}, 40_000);

test("a model's answer is told apart into outputs by their names, or made into them by postprocess", async () => {
  await opened(
    `const chat = new InferenceNode("test/chat", { inputs: { prompt: "hi" }, outputs: { text: gr.Markdown(), usage: gr.JSON() } });
const fine = new InferenceNode("test/summarization", {
  inputs: { text: chat.text },
  outputs: { summary: gr.Textbox(), length: null },
  postprocess: (answer: any) => ({ summary: answer.summary_text, length: answer.summary_text.length }),
});
const loud = new InferenceNode("test/chat", { inputs: { prompt: "hi" }, outputs, postprocess: (text) => String(text).toUpperCase() });`,
    "fine, loud",
  );
  expect(await w.run()).toMatchObject({ value: { status: "succeeded" } });
  expect([w.output("chat", "text"), w.output("chat", "usage")]).toEqual(["You said: hi", { total_tokens: 12 }]);
  expect([w.output("fine", "summary"), w.output("fine", "length")]).toEqual(["In short: You", 13]);
  expect(w.output("loud", "text")).toBe("YOU SAID: HI");
}, 40_000);

test("a chat that is stopped is cut at once, and leaves no result", async () => {
  await opened(
    `const chat = new InferenceNode("test/chat", { inputs: { prompt: "tell me a story" }, outputs });`,
    "chat",
  );
  const hold = hub.hold("test/chat", 2);
  const run = w.run();
  const early = await Promise.race([hold.reached.then(() => null), run]);
  expect(early && w.node("chat").outcome).toBeNull();
  await w.engine.stop(w.file);
  await run;
  expect(w.node("chat").result).toBeNull();
  await expect.poll(() => hub.requests.some(({ closedEarly }) => closedEarly)).toBe(true);
  hold.release();
  expect(await w.run()).toMatchObject({ value: { status: "succeeded" } });
  expect(w.output("chat", "text")).toBe("You said: tell me a story");
}, 40_000);

test("a chat with several outputs shows its text as it comes", async () => {
  await opened(
    `const chat = new InferenceNode("test/chat", { inputs: { prompt: "tell me" }, outputs: { content: gr.Textbox(), usage: null } });`,
    "chat",
  );
  const hold = hub.hold("test/chat", 2);
  const run = w.run();
  const { nodes } = await w.until(
    ({ nodes }) => nodes.chat?.activity.kind === "running" && !!nodes.chat.activity.partial,
  );
  const activity = nodes.chat?.activity;
  const partial = activity?.kind === "running" ? activity.partial : undefined;
  expect(partial).toMatchObject({ content: { kind: "inline", value: expect.stringMatching(/^You /) as string } });
  expect(partial).not.toHaveProperty("usage");
  hold.release();
  expect(await run).toMatchObject({ value: { status: "succeeded" } });
  expect(w.output("chat", "content")).toBe("You said: tell me");
}, 40_000);

test.skipIf(process.platform === "darwin")(
  "what the Hub said of a model is still known to another runner",
  async () => {
    hub.addModel("me/talker", { task: "text-generation", servedAs: "conversational" });
    await opened(`const talk = new InferenceNode("me/talker", { inputs: { prompt: "hi" }, outputs });`, "talk");
    const lookUps = () => hub.requests.filter(({ path }) => path.includes("/api/models/me/talker")).length;
    await w.run();
    const before = lookUps();
    expect(before).toBeGreaterThan(0);
    const calls = hub.requests.length - before;
    await w.reopen();
    expect(await w.run({ reuse: "never" })).toMatchObject({ value: { status: "succeeded" } });
    expect(hub.requests.length - lookUps()).toBe(2 * calls);
    expect(lookUps()).toBe(before);
  },
  40_000,
);
