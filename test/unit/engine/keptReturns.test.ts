import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { RunRequest } from "../../../src/model/plan.js";
import { planSummary } from "../../../src/model/planSummary.js";
import { openStore } from "../../../src/store/workflowStore.js";
import { eventually } from "../../eventually.js";
import { type FaultProxy, startFaultProxy } from "../../servers/faultProxy.js";
import { type GradioServer, startGradio } from "../../servers/gradio.js";
import { type InferenceServer, startInference } from "../../servers/inference.js";
import { Workspace } from "./workspace.js";

let app: GradioServer;
let proxy: FaultProxy;
let hub: InferenceServer;
let w: Workspace;
let since: number;

beforeAll(async () => {
  [app, hub] = await Promise.all([startGradio(), startInference()]);
  proxy = await startFaultProxy(app.url);
  vi.stubEnv("HF_ENDPOINT", hub.url);
  vi.stubEnv("HF_INFERENCE_ENDPOINT", `${hub.url}/router`);
}, 90_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await proxy.stop();
  await Promise.all([app.stop(), hub.stop()]);
});
beforeEach(() => {
  hub.forgetRequests();
  since = proxy.requests.length;
});
afterEach(() => w.dispose());

const textOf = (nodes: string, names: string) =>
  `import { FnNode, GradioNode, Graph, InferenceNode, gr } from "daggr";
const app = ${JSON.stringify(proxy.url)};
${nodes}
export default new Graph({ name: "returns", nodes: [${names}] });
`;

async function opened(nodes: string, names: string): Promise<void> {
  w = await Workspace.create(textOf(nodes, names));
  await w.open();
}

const save = (nodes: string, names: string) => w.save(textOf(nodes, names));
const joins = () => proxy.requests.slice(since).filter(({ path }) => path.includes("/queue/join")).length;
const posts = () => hub.requests.filter(({ method }) => method === "POST").length;

async function steps(scope: RunRequest["scope"], target?: string, reuse: RunRequest["reuse"] = "fresh") {
  const plan = await w.engine.preview(w.file, { scope, targets: target === undefined ? [] : [target], reuse });
  if (!plan.ok) throw new Error(plan.failure.message);
  return plan.value.steps;
}

/** A node's result as it is kept. */
async function recordOf(node: string) {
  const store = await openStore(w.folder, "returns");
  if (!store.ok) throw new Error(store.failure.message);
  const record = await store.value.getResult(w.node(node).result?.id ?? "");
  await store.value.close();
  return record;
}

const writer = (postprocess: string, outputs = "{ file: gr.File() }", text = "x") =>
  `const writer = new GradioNode(app, {
  apiName: "/write_file",
  inputs: { text: ${JSON.stringify(text)}, kind: () => ["txt", "csv"][Math.floor(Math.random() * 2)] },
  postprocess: ${postprocess},
  outputs: ${outputs},
});`;

test("what an app returned is not asked for again once postprocess is mended, though the node draws an input", async () => {
  await opened(writer(`(file) => { throw new Error("not yet: " + file.length); }`), "writer");
  await w.run();
  expect(w.node("writer").outcome).toMatchObject({
    kind: "failed",
    failure: { reason: "thrown", hint: expect.stringContaining("What came back is kept") as unknown },
  });
  // Nor by trying once more what cannot succeed.
  await w.run({ scope: "step", targets: ["writer"] });
  expect(w.node("writer").outcome).toMatchObject({ kind: "failed" });
  expect(joins()).toBe(1);

  await save(writer("(file) => file"), "writer");
  await w.reopen();
  expect(await steps("step", "writer")).toMatchObject([
    { action: "run", reason: "no result yet; runs on the answer that `writer` already gave", answered: true },
  ]);
  expect(await w.run({ scope: "step", targets: ["writer"] })).toMatchObject({ value: { status: "succeeded" } });
  expect(joins()).toBe(1);
  expect(w.output("writer", "file")).toMatchObject({ $file: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
  const { name } = w.output("writer", "file") as { name: string };
  const record = await recordOf("writer");
  expect(record?.inputs.kind).toMatchObject({ value: name.split(".").at(-1) });
  expect(record?.versions.gradio).toMatch(/^\d/);
  expect(JSON.stringify(w.events)).toContain("Not called again: what came back at ");

  // Asked for by name, it draws again.
  const [again] = await steps("step", "writer");
  expect(again).toMatchObject({ action: "run", reason: "`kind` is drawn anew" });
  expect(again).not.toHaveProperty("answered");
  await w.run({ scope: "step", targets: ["writer"] });
  expect(joins()).toBe(2);
}, 60_000);

test("asking for it anew calls anew, and so does another input", async () => {
  const echo = (postprocess: string, text: string) =>
    `const echo = new GradioNode(app, { apiName: "/echo", inputs: { text: "${text}" }, outputs: { a: null, b: null }, postprocess: ${postprocess} });`;
  await opened(echo("(text) => [text]", "hi"), "echo");
  await w.run();
  expect(w.node("echo").outcome).toMatchObject({ kind: "failed", failure: { reason: "invalid-output" } });
  await w.run({ scope: "step", targets: ["echo"], reuse: "not-targets" });
  expect(joins()).toBe(2);
  await save(echo("(text) => [text, text.length]", "hi"), "echo");
  expect(await w.run()).toMatchObject({ value: { status: "succeeded" } });
  expect([joins(), w.output("echo", "a"), w.output("echo", "b")]).toEqual([2, "hi", 2]);
  await save(echo("(text) => [text, text.length]", "ho"), "echo");
  await w.run();
  expect([joins(), w.output("echo", "a")]).toEqual([3, "ho"]);
}, 60_000);

test("what is cleared is called again", async () => {
  const chat = (postprocess: string) =>
    `const chat = new InferenceNode("test/chat", { inputs: { prompt: "hi" }, outputs: { text: gr.Markdown() }, postprocess: ${postprocess} });`;
  await opened(chat("(text: any) => text.gone.gone"), "chat");
  await w.run();
  expect(w.node("chat").outcome).toMatchObject({ kind: "failed", failure: { reason: "thrown" } });
  await w.engine.clearCache(w.file, "chat");
  await save(chat("(text: any) => text.toUpperCase()"), "chat");
  await w.run();
  expect([w.output("chat", "text"), posts()]).toEqual(["YOU SAID: HI", 2]);
}, 60_000);

test("a model's files are kept, and what another component makes of them", async () => {
  const picture = (outputs: string) =>
    `const picture = new InferenceNode("test/text-to-image", { inputs: { prompt: "a cat" }, outputs: ${outputs}, postprocess: (file: string) => [file, file] });`;
  await opened(picture("{ picture: gr.Image() }"), "picture");
  await w.run();
  expect(w.node("picture").outcome).toMatchObject({ kind: "failed", failure: { reason: "invalid-output" } });
  await save(picture("{ picture: gr.Gallery() }"), "picture");
  expect(await w.run()).toMatchObject({ value: { status: "succeeded" } });
  expect(w.output("picture", "picture")).toMatchObject([{ mediaType: "image/png" }, { mediaType: "image/png" }]);
  expect(posts()).toBe(1);
}, 60_000);

test("of a node that runs once an item, each item's", async () => {
  const each = (postprocess: string) =>
    `const words = new FnNode(() => ["a", "b", "b"], { outputs: { list: null } });
const each = new InferenceNode("test/summarization", { inputs: { text: words.list.each }, outputs: { text: null }, postprocess: ${postprocess} });`;
  await opened(
    each(`(answer: any) => { if (answer.summary_text.endsWith("b")) throw new Error("b"); return "A"; }`),
    "each",
  );
  await w.run();
  expect(posts()).toBe(3);
  await save(each("(answer: any) => answer.summary_text"), "each");
  expect(await w.run()).toMatchObject({ value: { status: "succeeded" } });
  expect(w.output("each", "text")).toEqual(["In short: a", "In short: b", "In short: b"]);
  expect(posts()).toBe(3);
}, 60_000);

test("what has succeeded is not called again for another postprocess, other outputs, or both", async () => {
  await opened(writer("(file) => file"), "writer");
  await w.run();
  expect(w.output("writer", "file")).toMatchObject({ $file: expect.any(String) as unknown });
  await save(writer("(file) => [file, 'and more']", "{ file: gr.File(), words: gr.Textbox() }"), "writer");
  const planned = await steps("all");
  const reason = "code of `writer` changed; runs on the answer that `writer` already gave";
  expect(planned).toEqual([{ node: "writer", action: "run", reason, answered: true }]);
  expect(planSummary({ steps: planned })).toBe("1 will run (1 without a call)");
  expect(await steps("all", undefined, "never")).toMatchObject([
    { reason: "asked for", expectedMs: expect.any(Number) as unknown },
  ]);
  expect(await w.run()).toMatchObject({ value: { status: "succeeded", executed: 1 } });
  expect([joins(), w.output("writer", "words")]).toEqual([1, "and more"]);
  // Asked for by name, it draws again, for its last draw has a result.
  await save(writer("(file) => [file, 'or less']", "{ file: gr.File(), words: gr.Textbox() }"), "writer");
  await w.run({ scope: "step", targets: ["writer"] });
  expect([joins(), w.output("writer", "words")]).toEqual([2, "or less"]);
}, 60_000);

test.each([
  ["waits for ever", "await new Promise(() => undefined);"],
  ["computes for ever", "for (;;);"],
])(
  "what was answered is kept when somebody stops a postprocess that %s",
  async (_, hangs) => {
    const begins = `(await import("node:fs")).writeFileSync(import.meta.dirname + "/at it", "");`;
    await opened(writer(`async (file) => { ${begins} ${hangs} }`), "writer");
    const run = w.run();
    await eventually(() => expect(existsSync(join(w.folder, "at it"))).toBe(true));
    await w.engine.stop(w.file);
    expect(await run).toMatchObject({ value: { status: "cancelled" } });
    await save(writer("(file) => file"), "writer");
    expect(await w.run()).toMatchObject({ value: { status: "succeeded" } });
    expect(joins()).toBe(1);
    const { name } = w.output("writer", "file") as { name: string };
    expect((await recordOf("writer"))?.inputs.kind).toMatchObject({ value: name.split(".").at(-1) });
  },
  60_000,
);

test("when time is up for a postprocess, another attempt and another run go on from what was answered", async () => {
  const slow = (seconds: number) => `import { setTimeout } from "node:timers/promises";
const words = new FnNode(() => ["a", "b"], { outputs: { list: null } });
const each = new InferenceNode("test/summarization", {
  inputs: { text: words.list.each }, outputs: { text: null }, timeout: ${seconds}, retries: 1,
  postprocess: async (answer: any) => { await setTimeout(3000); return answer.summary_text; },
});`;
  await opened(slow(1), "each");
  await w.run();
  expect(w.node("each").outcome).toMatchObject({ kind: "failed" });
  expect(posts()).toBe(2);
  await save(slow(30), "each");
  await w.run();
  expect(w.output("each", "text")).toEqual(["In short: a", "In short: b"]);
  expect(posts()).toBe(2);
}, 60_000);
