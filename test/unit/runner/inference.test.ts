import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Failure } from "../../../src/model/failure.js";
import { CHAT_TASKS, TASK_INPUTS } from "../../../src/model/taskInputs.js";
import type { Result } from "../../../src/model/outcome.js";
import type { Progress } from "../../../src/model/runEvent.js";
import { Execution } from "../../../src/runner/execution.js";
import type { Answer, Call } from "../../../src/runner/executors/executor.js";
import type { KeptAnswers } from "../../../src/huggingface/keptAnswers.js";
import { keptModels } from "../../../src/huggingface/keptModels.js";
import type { ModelInfo } from "../../../src/model/modelInfo.js";
import { callModel } from "../../../src/runner/executors/inference/inference.js";
import { placeholder } from "../../../src/runner/executors/inference/modelFetch.js";
import { tasks } from "../../../src/runner/executors/inference/tasks.js";
import { INFERENCE_TASKS } from "../../../src/sdk/inferenceNode.js";
import { takenFrom } from "../../../src/runner/modelAnswer.js";
import type { Returned } from "../../../src/runner/outputs.js";
import { type InferenceServer, startInference } from "../../servers/inference.js";
import { png } from "../../servers/inference/media.js";
import { impatient } from "./impatience.js";
import { temporaryFolder } from "./runnerProcess.js";

const token = "hf_secretsecretsecretsecret";
let server: InferenceServer;
let folder: string;

beforeAll(async () => {
  server = await startInference();
});
afterAll(() => server.stop());
beforeEach(() => {
  folder = temporaryFolder("inference");
  server.forgetRequests();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly task?: string | null;
  readonly provider?: string;
  readonly outputs?: readonly string[];
  readonly token?: string | null;
  readonly kept?: KeptAnswers<ModelInfo>;
}

/** As a process that starts in this test has it. */
const keptHere = () => keptModels({ XDG_CACHE_HOME: join(folder, "cache"), LOCALAPPDATA: join(folder, "cache") });

function start(model: string, inputs: Record<string, unknown>, options: Options = {}) {
  const progress: Progress[] = [];
  const partials: (Returned | null)[] = [];
  const logs: string[] = [];
  const execution = new Execution("x", "node", folder, (text) => text, {
    progress: (_, each) => void progress.push(each),
    partial: () => undefined,
    returned: () => undefined,
    log: (_, lines) => void logs.push(...lines.map(({ text }) => text)),
  });
  const call: Call = {
    id: "node",
    node: {
      key: {},
      kind: "inference",
      name: null,
      target: { kind: "inference", model, provider: options.provider ?? null, task: options.task ?? null },
      limits: {},
      inputs: [],
      outputs: (options.outputs ?? ["result"]).map((name) => ({ name, spec: null })),
    },
    inputs,
    execution,
    folder,
    huggingFace: { token: options.token === undefined ? token : options.token, endpoint: server.url },
    partial: (returned) => void Promise.resolve(returned()).then((each) => partials.push(each)),
  };
  const answer: Promise<Result<Answer>> = callModel(
    call,
    { router: `${server.url}/router`, retryMs: 5 },
    options.kept ?? keptHere(),
  );
  return { answer, execution, progress, partials, logs };
}

async function ask(model: string, inputs: Record<string, unknown>, options?: Options): Promise<unknown> {
  const answer = await start(model, inputs, options).answer;
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure));
  const outputs = options?.outputs ?? ["result"];
  if (answer.value.returned.kind !== "model") throw new Error("No model's answer.");
  const taken = takenFrom(answer.value.returned, outputs);
  return outputs.length === 1 ? taken.get(outputs[0] ?? "") : Object.fromEntries(taken);
}

async function failing(model: string, inputs: Record<string, unknown>, options?: Options): Promise<Failure> {
  const answer = await start(model, inputs, options).answer;
  if (answer.ok) throw new Error(JSON.stringify(answer.value));
  return answer.failure;
}

function media(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test("every task that authors can name can be called", () => {
  expect(Object.keys(tasks).sort()).toEqual(Object.keys(TASK_INPUTS).sort());
  for (const task of INFERENCE_TASKS) expect(task in tasks || CHAT_TASKS.has(task), task).toBe(true);
});

describe("tasks", () => {
  test("of text", async () => {
    expect(await ask("test/summarization", { text: "Once upon a time" })).toBe("In short: Once");
    expect(await ask("test/translation", { inputs: "hello", tgtLang: "fr" })).toBe("fr: hello");
    expect(await ask("test/fill-mask", { text: "The sky is [MASK]" })).toMatchObject([{ token_str: "blue" }]);
    expect(await ask("test/feature-extraction", { text: "four" })).toEqual([4, 0.5, -0.5]);
    expect(await ask("test/text-classification", { text: "cats" })).toMatchObject([{ label: "about cats" }, {}]);
    expect(await ask("test/token-classification", { text: "Ann sings" })).toMatchObject([{ word: "Ann" }]);
    expect(await ask("test/sentence-similarity", { source: "a", sentences: ["b", "c"] })).toEqual([1, 0.5]);
    const labels = ["red", "green"];
    expect(await ask("test/zero-shot-classification", { text: "x", labels })).toMatchObject([
      { label: "red" },
      { label: "green" },
    ]);
  });

  test("of names and tables, as controls have them", async () => {
    const named = await ask("test/zero-shot-classification", { text: "x", labels: "red, dark green" });
    expect(named).toMatchObject([{ label: "red" }, { label: "dark green" }]);
    const sent = () => (JSON.parse(server.requests.at(-1)?.body.toString() ?? "") as { inputs: object }).inputs;
    const columns = { table: { name: ["Ann", "Bo"], age: ["3", "4"] } };
    const rows = [["Ann", 3], ["Bo", 4]]; // prettier-ignore
    await ask("test/table-question-answering", { query: "how old", table: { headers: ["name", "age"], data: rows } });
    expect(sent()).toMatchObject(columns);
    const records = [{ name: "Ann", age: 3 }, { name: "Bo", age: 4 }]; // prettier-ignore
    await ask("test/table-question-answering", { query: "how old", table: records });
    expect(sent()).toMatchObject(columns);
  });

  test("of pictures made from a picture, a text or both", async () => {
    server.addModel("me/editor", { task: "image-text-to-image", providers: ["fal-ai"] });
    expect(String(await ask("me/editor", { prompt: "a cat" }))).toMatch(/\.png$/);
    const image = media("in.png", png(2, 2, [1, 1, 1]));
    expect(String(await ask("me/editor", { image, prompt: "bluer", seed: 3 }))).toMatch(/\.png$/);
    const sent = server.requests.findLast(({ method }) => method === "POST");
    expect(JSON.parse(sent?.body.toString() ?? "")).toMatchObject({ seed: 3, prompt: "bluer" });
  });

  test("of questions: the answer alone, or each output by its key", async () => {
    const asked = { question: "Who?", context: "Ada wrote it." };
    expect(await ask("test/question-answering", asked)).toBe("Ada");
    expect(await ask("test/question-answering", asked, { outputs: ["score"] })).toBe(0.9);
    expect(await ask("test/question-answering", asked, { outputs: ["answer", "score"] })).toEqual({
      answer: "Ada",
      score: 0.9,
    });
    expect(await ask("test/table-question-answering", { query: "how many", table: { a: ["1"] } })).toBe("how many");
    const image = media("a.png", png(2, 2, [1, 2, 3]));
    expect(await ask("test/visual-question-answering", { image, question: "What?" })).toBe("What?");
    expect(await ask("test/document-question-answering", { image, question: "Sum?" })).toBe("Sum?");
  });

  test("of several outputs: the first that is called as no part is takes the answer", async () => {
    const asked = { question: "Who?", context: "Ada wrote it." };
    const said = await ask("test/question-answering", asked, { outputs: ["score", "who"] });
    expect(said).toEqual({ who: "Ada", score: 0.9 });
    const found = await ask("test/text-classification", { text: "cats" }, { outputs: ["all", "label"] });
    expect(found).toMatchObject({ all: [{ label: "about cats" }, {}], label: ["about cats", "other"] });
    const heard = { audio: media("in.wav", Buffer.from("RIFFxxxxWAVE")) };
    const transcript = await ask("test/automatic-speech-recognition", heard, { outputs: ["words", "chunks"] });
    expect(transcript).toEqual({ words: "12 bytes of audio/wav", chunks: null });
  });

  test("an output for which the answer has nothing is refused before anything is asked for", async () => {
    const calls = () => server.requests.filter(({ method }) => method === "POST");
    const outputs = ["summary", "score"];
    expect(await failing("test/summarization", { text: "Once" }, { outputs })).toEqual({
      reason: "invalid-output",
      message: "The task summarization gives nothing that `node.score` could take: `node.summary` takes the answer.",
      hint: "Leave it out, or make it in `postprocess`.",
    });
    const misspelt = await failing("test/chat", { prompt: "hi" }, { outputs: ["text", "usge"] });
    expect(misspelt).toMatchObject({ reason: "invalid-output", hint: "Did you mean `usage`?" });
    const named = await failing("test/chat", { prompt: "hi" }, { outputs: ["text", "content"] });
    expect(named.message).toBe(
      "The task chat gives nothing that `node.text` could take: `node.content` takes the answer.",
    );
    expect(calls()).toEqual([]);
  });

  test("of sounds made from a sound: the file, and its label", async () => {
    const audio = media("in.wav", Buffer.from("RIFFxxxxWAVE"));
    const path = String(await ask("test/audio-to-audio", { audio }));
    expect(path).toMatch(/\.wav$/);
    expect(readFileSync(path, "utf8")).toBe("RIFFxxxxWAVE");
    const both = await ask("test/audio-to-audio", { audio }, { outputs: ["clean", "label"] });
    expect(both).toMatchObject({ clean: expect.stringMatching(/\.wav$/) as unknown, label: "speech" });
  });

  test("with files in", async () => {
    const bytes = png(4, 4, [9, 9, 9]);
    const image = media("in.png", bytes);
    const size = `${bytes.length} bytes`;
    expect(await ask("test/image-classification", { image })).toMatchObject([{ label: size }, {}]);
    expect(await ask("test/object-detection", { image })).toMatchObject([{ label: size }]);
    expect(await ask("test/image-to-text", { image })).toBe(`a picture of ${size}`);
    const zeroShot = await ask("test/zero-shot-image-classification", { image, candidateLabels: ["a", "b"] });
    expect(zeroShot).toMatchObject([{ label: "a" }, { label: "b" }]);
    const audio = media("in.wav", Buffer.from("RIFFxxxxWAVE"));
    expect(await ask("test/automatic-speech-recognition", { audio })).toBe("12 bytes of audio/wav");
    expect(await ask("test/audio-classification", { audio })).toMatchObject([{ label: "12 bytes" }, {}]);
  });

  test("send a file's parameters along with it", async () => {
    const bytes = png(4, 4, [9, 9, 9]);
    const image = media("in.png", bytes);
    const audio = media("in.wav", Buffer.from("RIFFxxxxWAVE"));
    const body = () => JSON.parse(server.requests.at(-1)?.body.toString() ?? "") as unknown;
    const size = `${bytes.length} bytes`;
    expect(await ask("test/image-classification", { image, top_k: 3 })).toMatchObject([{ label: size }, {}]);
    expect(body()).toEqual({ inputs: bytes.toString("base64"), parameters: { top_k: 3 } });
    await ask("test/object-detection", { image, threshold: 0.5 });
    expect(body()).toMatchObject({ parameters: { threshold: 0.5 } });
    await ask("test/audio-classification", { audio, topK: 2 });
    expect(body()).toMatchObject({ parameters: { top_k: 2 } });
    await ask("test/automatic-speech-recognition", { audio, return_timestamps: true });
    expect(body()).toMatchObject({ parameters: { return_timestamps: true } });
    await ask("test/image-to-text", { image, max_new_tokens: 9 });
    expect(body()).toMatchObject({ parameters: { max_new_tokens: 9 } });
  });

  test("with files out, as paths", async () => {
    const read = (path: unknown) => {
      expect(String(path).startsWith(folder)).toBe(true);
      return readFileSync(String(path));
    };
    const picture = await ask("test/text-to-image", { prompt: "a cat", width: 24, height: 16 });
    expect(String(picture)).toMatch(/\.png$/);
    expect([read(picture).readUInt32BE(16), read(picture).readUInt32BE(20)]).toEqual([24, 16]);
    expect(
      read(await ask("test/text-to-speech", { text: "hello" }))
        .subarray(0, 4)
        .toString(),
    ).toBe("RIFF");
    const image = media("in.png", png(2, 2, [1, 1, 1]));
    expect(
      read(await ask("test/image-to-image", { image, prompt: "bluer" }))
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    const [{ mask }] = (await ask("test/image-segmentation", { image })) as [{ mask: string }];
    expect(read(mask).subarray(1, 4).toString()).toBe("PNG");
  });

  test("what is given is checked by name", async () => {
    const unknown = await failing("test/text-to-image", { prompt: "a", widht: 3 });
    expect(unknown).toMatchObject({ reason: "invalid-input", hint: "Did you mean `width`?" });
    // Also of a name that isn't the protocol's own.
    expect(await failing("test/text-to-image", { promt: "a" })).toMatchObject({ hint: "Did you mean `prompt`?" });
    const odd = await failing("test/text-to-image", { prompt: "a", unrelatedOption: 3 });
    expect(odd.hint).toMatch(/^It takes: prompt \(or inputs, text, input\), width, height/);
    expect(await failing("test/summarization", {})).toMatchObject({ reason: "missing-input" });
    expect((await failing("test/image-classification", { image: "/gone.png" })).message).toContain("no such file");
  });

  test("a task that nobody knows lists those there are", async () => {
    server.addModel("me/odd", { task: "reinforcement-learning" });
    const failure = await failing("me/odd", {});
    expect(failure).toMatchObject({ reason: "unsupported" });
    expect(failure.message).toContain("reinforcement-learning");
    expect(failure.hint).toContain("text-to-image");
  });

  test("the task of a model is asked for once", async () => {
    server.addModel("me/once", { task: "summarization", sha: "c0ffee" });
    await ask("me/once", { text: "a" });
    const again = await start("me/once", { text: "b" }).answer;
    expect(again).toMatchObject({ value: { versions: { revision: "c0ffee" } } });
    expect(server.requests.filter(({ path }) => path.includes("pipeline_tag"))).toHaveLength(1);
  });
});

describe("chat", () => {
  test("takes sounds and films; a model of any kind that is served as a chat is one", async () => {
    server.addModel("me/any", { task: "any-to-any", servedAs: "conversational" });
    const audio = media("a.wav", Buffer.from("RIFFxxxxWAVE"));
    const video = media("a.mp4", Buffer.from("film"));
    await ask("me/any", { prompt: "what is it", audio, video });
    const { messages } = JSON.parse(server.requests.at(-1)?.body.toString() ?? "") as { messages: object[] };
    expect(messages[0]).toMatchObject({
      content: [
        { type: "text", text: "what is it" },
        { type: "input_audio", input_audio: { data: Buffer.from("RIFFxxxxWAVE").toString("base64"), format: "wav" } },
        { type: "video_url", video_url: { url: `data:video/mp4;base64,${Buffer.from("film").toString("base64")}` } },
      ],
    });
  });

  test("streams; a prompt, a system prompt and earlier messages all arrive", async () => {
    const run = start("test/chat", {
      prompt: "how are you",
      system: "be kind",
      messages: [{ role: "user", content: "hi" }],
      max_new_tokens: 50,
    });
    expect(await run.answer).toMatchObject({ value: { returned: { answer: { content: "You said: how are you" } } } });
    expect(run.partials.length).toBeGreaterThan(2);
    expect(run.partials[0]).toEqual({ kind: "some", values: { result: "You " } });
    const sent = server.requests.find(({ path }) => path.endsWith("/chat/completions"));
    expect(JSON.parse(sent!.body.toString())).toMatchObject({
      max_tokens: 50,
      messages: [
        { role: "system", content: "be kind" },
        { role: "user", content: "hi" },
        { role: "user", content: "how are you" },
      ],
    });
  });

  test("shows what has come of each output while it streams", async () => {
    const inputs = { prompt: "how are you", reasoning_effort: "high" };
    const run = start("test/chat", inputs, { outputs: ["text", "reasoning", "usage"] });
    expect(await run.answer).toMatchObject({
      value: { returned: { answer: { content: "You said: how are you", reasoning: "Let me think.", usage: {} } } },
    });
    expect(run.partials.slice(0, 3)).toEqual([
      { kind: "some", values: { reasoning: "Let me " } },
      { kind: "some", values: { reasoning: "Let me think." } },
      { kind: "some", values: { text: "You ", reasoning: "Let me think." } },
    ]);
    const thought = start("test/chat", inputs, { outputs: ["reasoning"] });
    await thought.answer;
    expect(thought.partials.at(-1)).toEqual({ kind: "some", values: { reasoning: "Let me think." } });
    const counted = start("test/chat", inputs, { outputs: ["usage"] });
    await counted.answer;
    expect(counted.partials.every((partial) => partial === null)).toBe(true);
  });

  test("takes images, and a provider", async () => {
    const image = media("a.png", png(2, 2, [0, 0, 0]));
    await ask("test/chat", { prompt: "what is it", image }, { task: "image-text-to-text", provider: "together" });
    const sent = server.requests.find(({ path }) => path.endsWith("/chat/completions"));
    expect(sent!.path).toContain("/together/");
    expect(sent!.body.toString()).toContain("data:image/png;base64,");
  });

  test("an answer that breaks off is not one", async () => {
    const run = start("test/chat-cut", { prompt: "x" });
    expect(await run.answer).toMatchObject({ ok: false, failure: { reason: "connection-lost" } });
    expect(run.partials).toEqual([{ kind: "some", values: { result: "The first half" } }]);
  });

  test("an answer that was cut for its length says so in the log", async () => {
    const run = start("test/chat", { prompt: "how are you", max_tokens: 2 });
    expect(await run.answer).toMatchObject({ value: { returned: { answer: { content: "You said: " } } } });
    run.execution.log.flush();
    expect(run.logs.join()).toContain("max_tokens");
    expect(run.progress.at(-1)).toMatchObject({ unit: "tokens" });
  });

  test("what it gives beside the text has ports of its own", async () => {
    const tools = [{ type: "function", function: { name: "weather" } }];
    const asked = { prompt: "Rome?", tools, reasoning_effort: "low" };
    const outputs = ["content", "tool_calls", "reasoning", "finish_reason", "usage"];
    expect(await ask("test/chat", asked, { outputs })).toEqual({
      content: "",
      tool_calls: [{ id: "call-1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }],
      reasoning: "Let me think.",
      finish_reason: "tool_calls",
      usage: { total_tokens: 12 },
    });
    const some = ["text", "toolCalls", "finishReason"];
    expect(await ask("test/chat", { prompt: "hi" }, { outputs: some })).toEqual({
      text: "You said: hi",
      toolCalls: [],
      finishReason: "stop",
    });
    const lost = start("test/chat", asked);
    expect(await lost.answer).toMatchObject({ value: { returned: { answer: { content: "" } } } });
    lost.execution.log.flush();
    expect(lost.logs.join()).toContain("tool_calls");
  });

  test("several answers are several texts", async () => {
    expect(await ask("test/chat", { prompt: "hi", n: 2 })).toEqual(["You said: hi", "YOU SAID: HI"]);
  });

  test("stops in the middle", async () => {
    const hold = server.hold("test/chat", 2);
    const run = start("test/chat", { prompt: "tell me a story" });
    await hold.reached;
    run.execution.cancel();
    expect((await run.answer).ok).toBe(false);
    await expect.poll(() => server.requests.some(({ closedEarly }) => closedEarly)).toBe(true);
    hold.release();
  });
});

describe("a provider that takes work in and is asked for it later", () => {
  const paint = (prompt = "a cat") => start("me/painter", { prompt }, { provider: "fal-ai" });
  beforeAll(() => server.addModel("me/painter", { task: "text-to-image", providers: ["fal-ai"] }));
  const orders = () => server.requests.filter(({ method }) => method === "POST");

  test("is asked again where a request is lost, and never given the same work twice", async () => {
    for (const fault of ["drop", 502] as const) server.queue.fail("status", fault);
    server.queue.fail("result", "drop");
    for (const fault of ["drop", 503, "cut"] as const) server.queue.fail("media", fault);
    const run = paint();
    const answer = await run.answer;
    expect(answer).toMatchObject({ ok: true });
    const { answer: value } = (answer.ok && answer.value.returned) as { answer: string };
    expect(readFileSync(value).subarray(1, 4).toString()).toBe("PNG");
    expect(orders()).toHaveLength(1);
    expect(run.progress).toContainEqual(expect.objectContaining({ queuePosition: 4 }));
  });

  test("a page that says no is no picture", async () => {
    server.queue.fail("media", 403);
    expect(await paint().answer).toMatchObject({ ok: false, failure: { reason: "connection-lost" } });
    expect(orders()).toHaveLength(1);
  });

  test("work that came to nothing says why", async () => {
    server.queue.fail("result", 422);
    const answer = await paint().answer;
    expect(answer).toMatchObject({ ok: false, failure: { reason: "refused" } });
    expect(JSON.stringify(answer)).toContain("The prompt is against the rules.");
  });

  test("is told when the work is no longer wanted", async () => {
    server.queue.fail("status", 503, 3);
    const run = paint();
    await expect.poll(() => server.requests.some(({ path }) => path.includes("/status"))).toBe(true);
    run.execution.cancel();
    expect((await run.answer).ok).toBe(false);
    expect(server.requests.at(-1)).toMatchObject({ method: "PUT", headers: { authorization: `Bearer ${token}` } });
    expect(server.requests.at(-1)?.path).toMatch(/^\/router\/fal-ai\/me\/painter\/requests\/\d+\/cancel/);
  });
});

// Where the user's cache is can only be said on systems that have a variable for it.
describe.skipIf(process.platform === "darwin")("what the Hub says of a model", () => {
  const lookUps = () => server.requests.filter(({ path }) => path.includes("expand[]=pipeline_tag")).length;
  const old = new Date(Date.now() - 25 * 3_600_000);
  const cached = () => readdirSync(join(folder, "cache", "daggr", "models")).map((name) => join(folder, "cache", "daggr", "models", name)); // prettier-ignore
  afterEach(() => vi.unstubAllEnvs());

  test("is asked for once a day, whichever process wants it", async () => {
    for (const kept of [keptHere(), keptHere()]) {
      const answer = await start("test/summarization", { text: "Long text" }, { kept }).answer;
      expect(answer).toMatchObject({
        ok: true,
        value: { versions: { revision: expect.stringMatching(/^\w{40}$/) as string } },
      });
    }
    expect(lookUps()).toBe(1);
    for (const path of cached()) utimesSync(path, old, old);
    await ask("test/summarization", { text: "Long text" });
    expect(lookUps()).toBe(2);
    await ask("test/summarization", { text: "Long text" });
    expect(lookUps()).toBe(2);
  });

  test("is asked for again before a node is refused for it, and after a call that failed", async () => {
    const talker = { task: "text-generation", servedAs: "conversational" };
    server.addModel("me/changed", { ...talker, providers: ["hf-inference"] });
    await ask("me/changed", { prompt: "hi" });
    server.addModel("me/changed", { ...talker, providers: ["together"] });
    expect(await ask("me/changed", { prompt: "hi" }, { provider: "together" })).toBe("You said: hi");
    expect(lookUps()).toBe(2);
    server.failNext("me/changed", "broken");
    await failing("me/changed", { prompt: "hi" }, { provider: "together" });
    await ask("me/changed", { prompt: "hi" }, { provider: "together" });
    expect(lookUps()).toBe(3);
  });

  test("is enough offline, however old", async () => {
    server.addModel("me/talker", { task: "text-generation", servedAs: "conversational" });
    await ask("me/talker", { prompt: "a" });
    for (const path of cached()) utimesSync(path, old, old);
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    server.forgetRequests();
    expect(await ask("me/talker", { prompt: "a" })).toBe("You said: a");
    // Served, but nothing is known of it.
    server.addModel("me/other-talker", { task: "text-generation" });
    expect(await ask("me/other-talker", { prompt: "a" }, { task: "chat" })).toBe("You said: a");
    expect(lookUps()).toBe(0);
    expect(await failing("me/third", { prompt: "a" })).toMatchObject({
      reason: "unreachable",
      hint: "Give `node` a `task`, or unset HF_HUB_OFFLINE.",
    });
    expect(lookUps()).toBe(0);
  });

  test("is not believed where it is garbage", async () => {
    await ask("test/summarization", { text: "Long text" });
    for (const path of cached()) writeFileSync(path, '{"task": 3}');
    await ask("test/summarization", { text: "Long text" });
    expect(lookUps()).toBe(2);
  });
});

describe("what goes wrong", () => {
  test.each([
    ["unauthorized", "unauthorised"],
    ["gated", "forbidden"],
    ["missing", "not-found"],
    ["limited", "rate-limited"],
    ["loading", "unavailable"],
    ["broken", "remote-error"],
    ["long", "invalid-input"],
    ["credits", "out-of-credits"],
    ["hangup", "connection-lost"],
  ])("%s", async (fault, reason) => {
    const failure = await failing(`test/chat-${fault}`, { prompt: "x" });
    expect(failure).toMatchObject({ reason });
    expect(JSON.stringify(failure)).not.toContain(token);
  });

  test("a model takes the time that it takes, before it answers and between two words", async () => {
    const patienceIsOver = await impatient(200);
    const before = server.hold("test/summarization");
    const within = server.hold("test/chat", 2);
    const summary = ask("test/summarization", { text: "Long text" });
    const chat = ask("test/chat", { prompt: "one two three" });
    await Promise.all([before.reached, within.reached]);
    await patienceIsOver();
    before.release();
    within.release();
    expect(await summary).toBe("In short: Long");
    expect(await chat).toBe("You said: one two three");
  });

  test("a model that is loading, and a limit, are tried again and said so", async () => {
    server.failNext("test/summarization", "loading", 2);
    const run = start("test/summarization", { text: "Long text" });
    expect(await run.answer).toMatchObject({ value: { returned: { answer: { summary_text: "In short: Long" } } } });
    expect(run.progress[0]?.message).toContain("The model is loading; trying again");
  });

  test("what a provider says comes in its own words", async () => {
    const { message } = await failing("test/chat-long", { prompt: "x" });
    expect(message).toBe("test/chat-long (400): The prompt is 9000 tokens, 4096 at most.");
  });

  test("what the account may not do is told apart, with the page where something can be done about it", async () => {
    const gated = { reason: "forbidden", page: `${server.url}/test/chat-gated` };
    const refused = await failing("test/chat-gated", { prompt: "x" });
    expect(refused).toMatchObject({ ...gated, hint: expect.stringContaining(`its page, ${gated.page}.`) as unknown });
    const stranger = await failing("test/chat-gated", { prompt: "x" }, { token: null, provider: "fastest" });
    expect(stranger).toMatchObject({ reason: "unauthorised", page: gated.page });
    expect(await failing("test/chat-credits", { prompt: "x" })).toMatchObject({
      reason: "out-of-credits",
      page: `${server.url}/settings/billing`,
    });
  });

  test("a provider that answers something else is none to insist on", async () => {
    const { reason, message, hint } = await failing("test/chat-malformed", { prompt: "x" });
    expect(reason).toBe("refused");
    expect(message).toContain("The answer of test/chat-malformed could not be understood: server does not support");
    expect(hint).toContain('Name another behind the model: "test/chat-malformed:PROVIDER"');
  });

  test("a provider that there isn't, or that doesn't serve the model, is named before anything is sent", async () => {
    const misspelt = await failing("test/chat", { prompt: "x" }, { provider: "togther" });
    expect(misspelt).toMatchObject({ reason: "not-found", hint: "Did you mean test/chat:together?" });
    const other = await failing("test/chat", { prompt: "x" }, { provider: "cohere" });
    expect(other).toMatchObject({ message: "test/chat is not served by cohere." });
    expect(other.hint).toContain("hf-inference, together, groq");
    expect(server.requests.every(({ method }) => method === "GET")).toBe(true);
    server.addModel("me/unserved", { task: "summarization", providers: [] });
    expect(await failing("me/unserved", { text: "x" })).toMatchObject({
      message: "No inference provider serves me/unserved.",
    });
  });

  test("a policy goes to the router with a chat, and is left out elsewhere", async () => {
    await ask("test/chat", { prompt: "x" }, { provider: "cheapest" });
    expect(server.requests.at(-1)?.body.toString()).toContain('"model":"test/chat:cheapest"');
    expect(await ask("test/summarization", { text: "a" }, { provider: "fastest" })).toBe("In short: a");
  });

  test("no such model", async () => {
    expect(await failing("me/nothing", { prompt: "x" })).toMatchObject({ reason: "not-found" });
  });
});

describe("the token", () => {
  test("goes with every request, in place of what the client is given", async () => {
    server.addModel("me/fresh", { task: "summarization" });
    await ask("me/fresh", { text: "a cat" });
    const seen = server.requests.map(({ headers }) => headers.authorization);
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${token}`]));
  });

  test("without one nothing is sent in its place", async () => {
    await ask("test/summarization", { text: "x" }, { token: null });
    expect(server.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  test("where one is wanted and there is none, it says so, whatever is asked", async () => {
    for (const model of ["test/chat-unauthorized", "me/locked-unauthorized"]) {
      server.addModel("me/locked-unauthorized", { task: "text-to-image" });
      const failure = await failing(model, { prompt: "x" }, { token: null });
      expect(failure).toMatchObject({ reason: "unauthorised", hint: "Sign in to Hugging Face, or set HF_TOKEN." });
    }
    expect(await ask("test/chat", { prompt: "hi" }, { token: null })).toBe("You said: hi");
    server.addModel("me/painter", { task: "text-to-image", providers: ["fal-ai"] });
    expect(String(await ask("me/painter", { prompt: "hi" }, { token: null }))).toMatch(/\.png$/);
    expect(server.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  test("a poll that the client makes by itself carries it to the router and nowhere else", async () => {
    const { createServer } = await import("node:http");
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number }; // a TCP server has no other kind of address
    await ask("test/summarization", { text: "x" });
    server.forgetRequests();
    const headers = { Authorization: `Bearer ${placeholder}` };
    await fetch(`http://127.0.0.1:${port}/`, { headers });
    await fetch("https://router.huggingface.co/fal-ai/status", { headers });
    expect(seen).toEqual([undefined]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`]);
    other.close();
  });
});
