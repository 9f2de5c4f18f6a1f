import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Failure } from "../../../src/model/failure.js";
import type { Result } from "../../../src/model/outcome.js";
import type { LogLine } from "../../../src/model/result.js";
import type { Progress } from "../../../src/model/runEvent.js";
import type { HuggingFaceAccess } from "../../../src/protocol/runner.js";
import { Execution } from "../../../src/runner/execution.js";
import type { Answer, Call } from "../../../src/runner/executors/executor.js";
import { resolveApp } from "../../../src/runner/executors/gradio/address.js";
import { callApp } from "../../../src/runner/executors/gradio/gradio.js";
import type { Returned } from "../../../src/runner/outputs.js";
import { type FaultProxy, startFaultProxy } from "../../servers/faultProxy.js";
import { type GradioServer, startGradio } from "../../servers/gradio.js";
import { type InferenceServer, startInference } from "../../servers/inference.js";
import { png } from "../../servers/inference/media.js";
import { impatient } from "./impatience.js";
import { nobody, temporaryFolder } from "./runnerProcess.js";

let server: GradioServer;
let proxy: FaultProxy;
let folder: string;

beforeAll(async () => {
  server = await startGradio();
  proxy = await startFaultProxy(server.url);
}, 90_000);
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});
beforeEach(() => void (folder = temporaryFolder("gradio")));
afterEach(() => {
  proxy.heal();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly answer: Promise<Result<Answer>>;
  readonly execution: Execution;
  readonly progress: Progress[];
  readonly logs: LogLine[];
  readonly partials: (Returned | null)[];
}

interface Options {
  readonly space?: string;
  readonly access?: HuggingFaceAccess;
  readonly silenceMs?: number;
  readonly validate?: boolean;
  readonly outputs?: readonly string[];
}

function start(apiName: string | number, inputs: Record<string, unknown>, options: Options = {}): Run {
  const progress: Progress[] = [];
  const logs: LogLine[] = [];
  const partials: (Returned | null)[] = [];
  const execution = new Execution("x", "app", folder, (text) => text, {
    progress: (_, each) => void progress.push(each),
    partial: () => undefined,
    returned: () => undefined,
    log: (_, lines) => void logs.push(...lines),
  });
  const call: Call = {
    id: "app",
    node: {
      key: {},
      kind: "gradio",
      name: null,
      target: {
        kind: "gradio",
        space: options.space ?? server.url,
        apiName,
        runLocally: false,
        validate: options.validate ?? true,
      },
      limits: {},
      inputs: [],
      outputs: (options.outputs ?? []).map((name) => ({ name, spec: null })),
    },
    inputs,
    execution,
    folder,
    huggingFace: options.access ?? nobody,
    partial: (returned) => void Promise.resolve(returned()).then((each) => partials.push(each)),
  };
  return { answer: callApp(call, options.silenceMs ?? 35_000), execution, progress, logs, partials };
}

async function call(apiName: string | number, inputs: Record<string, unknown>, options?: Options): Promise<Returned> {
  const answer = await start(apiName, inputs, options).answer;
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure));
  return answer.value.returned;
}

async function failing(apiName: string | number, inputs: Record<string, unknown>, options?: Options): Promise<Failure> {
  const answer = await start(apiName, inputs, options).answer;
  if (answer.ok) throw new Error(JSON.stringify(answer.value));
  return answer.failure;
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("values", () => {
  test("one value is one value even when it is a list; several are several; defaults are the app's", async () => {
    expect(await call("/echo", { text: "hi" })).toEqual({ kind: "one", value: "hi" });
    expect(await call("/two", { text: "a", number: 4 })).toEqual({ kind: "positions", values: ["A", 8] });
    expect(await call("/two", { text: "a" })).toEqual({ kind: "positions", values: ["A", 4] });
    const items = [0, 1].map((index) => ({ index, text: `n ${index}` }));
    expect(await call("/items", { prefix: "n", count: 2 })).toEqual({ kind: "one", value: items });
  });

  test("what made the answer is told by version", async () => {
    const answer = await start("/echo", { text: "" }).answer;
    expect(answer).toMatchObject({
      ok: true,
      value: { versions: { gradio: expect.stringMatching(/^\d+\./) as string } },
    });
  });
});

describe("files", () => {
  test("go up whole under their base name alone, from paths and from data URLs", async () => {
    const path = file("some note.txt", "hello there");
    const described = { name: "some note.txt", size: 11, head: Buffer.from("hello there").toString("hex") };
    expect(await call("/describe_file", { path })).toEqual({ kind: "one", value: described });
    expect(await call("/describe_files", { paths: [path, path] })).toEqual({
      kind: "one",
      value: [described, described],
    });
    const sent = proxy.requests.length;
    await call("/describe_file", { path }, { space: proxy.url });
    expect(JSON.stringify(proxy.requests.slice(sent))).not.toContain(folder);
    const data = `data:text/plain;base64,${Buffer.from("hello there").toString("base64")}`;
    expect(await call("/describe_file", { path: data })).toMatchObject({ value: { size: 11, name: "file.txt" } });
  });

  test("come down as absolute paths: images, audio, video, any file, galleries with captions", async () => {
    const { value: image } = (await call("/invert", { image: file("a.png", png(4, 4, [255, 0, 0])) })) as {
      value: string;
    };
    expect(image.startsWith(folder)).toBe(true);
    expect(readFileSync(image).subarray(1, 4).toString()).toBe("PNG");
    const { value: audio } = (await call("/tone", { frequency: 440, seconds: 0.2 })) as { value: string };
    expect(readFileSync(audio).subarray(0, 4).toString()).toBe("RIFF");
    expect(await call("/loudness", { audio })).toMatchObject({ value: { rate: 16000, seconds: 0.2 } });
    const { value: note } = (await call("/write_file", { text: "a,b", kind: "csv" })) as { value: string };
    expect([note.split("/").at(-1), readFileSync(note, "utf8")]).toEqual(["note.csv", "a,b"]);
    const { value: gallery } = (await call("/gallery", { count: 2 })) as { value: [string, string][] };
    expect(gallery.map(([path, caption]) => [readFileSync(path).length > 0, caption])).toEqual([
      [true, "tile 0"],
      [true, "tile 1"],
    ]);
  });

  test("a file that isn't there is named before anything is sent", async () => {
    const failure = await failing("/describe_file", { path: "/no/such/file.txt" });
    expect(failure).toMatchObject({ reason: "invalid-input" });
    expect(failure.message).toContain("`app.path`");
    expect(failure.message).toContain("/no/such/file.txt");
  });

  test("a failed upload fails the node instead of sending something else", async () => {
    proxy.inject({ kind: "status", path: /upload/, status: 413, body: "too large" });
    const failure = await failing("/describe_file", { path: file("big.txt", "x") }, { space: proxy.url });
    expect(failure).toMatchObject({ reason: "refused" });
    expect(failure.message).toMatch(/big\.txt.*413/);
  });

  test("a download that breaks is said", async () => {
    proxy.inject({ kind: "drop", path: /file=/ });
    const failure = await failing("/write_file", { text: "a", kind: "txt" }, { space: proxy.url });
    expect(failure).toMatchObject({ reason: "connection-lost" });
  });
});

describe("values that hold files inside", () => {
  const picture = (name: string, width: number) => file(name, png(width, 4, [255, 0, 0]));
  const isOwn = (path: unknown) => String(path).startsWith(folder) && readFileSync(String(path)).length > 0;

  test("galleries, with captions or without", async () => {
    const pictures = [picture("a.png", 3), [picture("b.png", 5), "second"]];
    expect(await call("/gallery_names", { pictures })).toMatchObject({
      value: [
        { width: 3, caption: null },
        { width: 5, caption: "second" },
      ],
    });
  });

  test("pairs of images, drawings, lists of files", async () => {
    const pair = (await call("/compare", { pair: [picture("a.png", 3), picture("b.png", 5)] })) as { value: unknown[] };
    expect(pair.value.map(isOwn)).toEqual([true, true]);
    expect(await call("/sketch", { drawing: picture("d.png", 6) })).toMatchObject({ kind: "one" });
    const many = (await call("/many_files", {})) as { value: string[] };
    expect(many.value.map((path) => [isOwn(path), path.split("/").at(-1)])).toEqual([
      [true, "note.txt"],
      [true, "note.csv"],
    ]);
  });

  test("messages, and whole conversations", async () => {
    const note = file("note.txt", "12345");
    expect(await call("/say", { message: { text: "hi", files: [note] } })).toMatchObject({
      value: { text: "hi", sizes: [5] },
    });
    const history = [
      { role: "user", content: { path: picture("p.png", 4) } },
      { role: "user", content: "What is it?" },
    ];
    const told = (await call("/talk", { history })) as { value: unknown };
    expect(JSON.stringify(told.value)).not.toContain("no picture");
    expect(JSON.stringify(told.value)).toContain(folder);
    // A text stays one, even if it reads like a file of this machine.
    const said = (await call("/talk", { history: [[file("secret.txt", "x"), null]] })) as { value: unknown };
    expect(JSON.stringify(said.value)).toContain("no picture");
  });

  test("components of others' making, as far as their types tell", async () => {
    const [a, b] = [file("a.png", "12345"), file("b.png", "123")];
    const told = { meta: { _type: "gradio.FileData" } };
    const data = `data:text/plain;base64,${Buffer.from("12").toString("base64")}`;
    const scan = { image: a, depth: null, label: a, pages: [b, { path: a, orig_name: "c.png", ...told }, data] };
    expect(await call("/scan_sizes", { value: scan })).toEqual({
      kind: "one",
      value: { image: [5, "a.png"], depth: null, label: a, pages: [[3, "b.png"], [5, "c.png"], [2, "file.txt"]] }, // prettier-ignore
    });
    expect(await call("/pages_sizes", { value: [a, b] })).toMatchObject({ value: [[5, "a.png"], [3, "b.png"]] }); // prettier-ignore
    const failure = await failing("/scan_sizes", { value: { image: "/no/such/file.png" } });
    expect(failure).toMatchObject({ reason: "invalid-input" });
    expect(failure.message).toContain("`app.value`");
  });

  test("components that don't tell: there, only what this program put there is a file", async () => {
    const { value } = (await call("/write_file", { text: "a,b", kind: "csv" })) as { value: string };
    const other = file("secret.txt", "x");
    const sent = { deep: [{ it: value, other }], text: "a" };
    const arrived = { value: { deep: [{ it: [3, "note.csv"], other }], text: "a" } };
    expect(await call("/any_sizes", { value: sent })).toMatchObject(arrived);
    expect(await call("/json_sizes", { value: sent })).toMatchObject(arrived);
    expect(await call("/echo", { text: value })).toMatchObject({ value });
  });

  test("components of others' making keep their form, with paths in place of files", async () => {
    const { value: scan } = (await call("/scan", { text: "abc" })) as { value: { image: string; pages: string[] } };
    expect(scan).toMatchObject({ depth: null, label: "abc" });
    expect([scan.image, ...scan.pages].map((path) => [path.split("/").at(-1), readFileSync(path, "utf8")])).toEqual([
      ["abc.txt", "abc"],
      ["abc.txt", "abc"],
    ]);
    const { value: any } = (await call("/any_files", { text: "abc" })) as { value: { image: string } };
    expect(readFileSync(any.image, "utf8")).toBe("abc");
    // And back again.
    expect(await call("/scan_sizes", { value: scan })).toMatchObject({
      value: { image: [3, "abc.txt"], label: "abc" },
    });
  });

  test("tables", async () => {
    const table = { headers: ["a", "b"], data: [[1, 2]] };
    expect(await call("/table", { table })).toMatchObject({ value: { headers: ["b", "a"], data: [[2, 1]] } });
    expect(await call("/table", { table: [[1, 2]] })).toMatchObject({ value: { headers: ["2", "1"], data: [[2, 1]] } });
    expect(await call("/table", { table: [{ a: 1 }, { b: 2 }] })).toMatchObject({ value: { headers: ["b", "a"] } });
  });
});

describe("endpoints of every shape", () => {
  test("with a session's state, which is nobody's input or output", async () => {
    expect(await call("/counted", { text: "a" }, { outputs: ["out"] })).toEqual({ kind: "one", value: "a 7" });
    expect(await call("/between", { text: "a", number: 3 })).toEqual({ kind: "one", value: "a 7 3" });
  });

  test("that change their components", async () => {
    expect(await call("/update", {})).toEqual({ kind: "positions", values: ["new", null] });
  });

  test("that don't queue", async () => {
    expect(await call("/direct", { text: "a" })).toEqual({ kind: "one", value: "A" });
    expect(await failing("/direct_fail", { message: "no", text: "no" }, { validate: false })).toMatchObject({
      reason: "remote-error",
      message: "/direct_fail: no",
    });
  });

  test("that don't queue take the time that they take", async () => {
    await impatient(1000);
    proxy.inject({ kind: "late", path: /\/run\//, ms: 3000 });
    expect(await call("/direct", { text: "a" }, { space: proxy.url })).toEqual({ kind: "one", value: "A" });
  });

  test("by their number, too; what is undefined counts as left out", async () => {
    expect(await call(0, { text: "hi" })).toEqual({ kind: "one", value: "hi" });
    expect(await call(1, { text: "hi", number: undefined })).toEqual({ kind: "positions", values: ["HI", 4] });
  });
});

describe("checks before the call", () => {
  test("an unknown endpoint lists those that there are", async () => {
    const failure = await failing("/ehco", { text: "" });
    expect(failure).toMatchObject({ reason: "unknown-endpoint", hint: "Did you mean /echo?" });
    expect(failure.message).toContain("/two, ");
  });

  test("a parameter that doesn't exist, and one that is missing", async () => {
    const unknown = await failing("/two", { txet: "a" });
    expect(unknown).toMatchObject({ reason: "invalid-input", hint: "Did you mean text?" });
    expect(unknown.message).toContain("`txet`");
    const missing = await failing("/two", { number: 1 });
    expect(missing).toMatchObject({ reason: "missing-input" });
    expect(missing.message).toContain("`text`");
    expect(await call("/two", { anything: "a" }, { validate: false })).toMatchObject({ values: ["A", 4] });
  });
});

describe("outputs that the endpoint cannot fill", () => {
  test("are told before the call is made", async () => {
    const sent = proxy.requests.length;
    const failure = await failing("/two", { text: "a" }, { space: proxy.url, outputs: ["a", "b", "c"] });
    expect(failure).toMatchObject({ reason: "invalid-output" });
    expect(failure.message).toContain("/two gives 2 values, but `app` declares 3 outputs (`a`, `b`, `c`)");
    const single = await failing("/echo", { text: "a" }, { space: proxy.url, outputs: ["a", "b"] });
    expect(single.message).toContain("/echo gives one value");
    expect(proxy.requests.slice(sent).some(({ path }) => path.includes("join"))).toBe(false);
    expect(await call("/whoami", {}, { outputs: ["user", "authorization"] })).toMatchObject({ kind: "one" });
  });
});

describe("the course of a call", () => {
  test("steps become progress, and streamed values partial results", async () => {
    const slow = start("/slow", { steps: 3, seconds: 1.2 });
    expect(await slow.answer).toMatchObject({ value: { returned: { value: "done after 3 steps" } } });
    expect(slow.progress).toContainEqual(expect.objectContaining({ step: 1, steps: 3, unit: "steps" }));
    const stream = start("/count_up", { count: 3, seconds: 0.6 });
    expect(await stream.answer).toMatchObject({ value: { returned: { value: "1 2 3" } } });
    expect(stream.partials.map((each) => (each?.kind === "one" ? each.value : null)).slice(0, 3)).toEqual([
      "1",
      "1 2",
      "1 2 3",
    ]);
  });

  test("a place in the queue is told", async () => {
    const first = start("/slow", { steps: 2, seconds: 2 });
    await expect.poll(() => first.progress.some(({ step }) => step !== undefined)).toBe(true);
    const second = start("/slow", { steps: 1, seconds: 0.1 });
    await expect.poll(() => second.progress.some(({ queuePosition }) => queuePosition === 1)).toBe(true);
    await Promise.all([first.answer, second.answer]);
  });

  test("stopping tells the app, and comes back at once", async () => {
    const sent = proxy.requests.length;
    const run = start("/slow", { steps: 20, seconds: 20 }, { space: proxy.url });
    await expect.poll(() => run.progress.some(({ step }) => step !== undefined)).toBe(true);
    const at = Date.now();
    run.execution.cancel();
    expect(await run.answer).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
    expect(Date.now() - at).toBeLessThan(1000);
    await expect.poll(() => proxy.requests.slice(sent).some(({ path }) => path.endsWith("/cancel"))).toBe(true);
    // The queue of one is free again.
    expect(await call("/slow", { steps: 1, seconds: 0.1 })).toMatchObject({ value: "done after 1 steps" });
  });

  test("stopping while the app takes the call in stops it, too", async () => {
    proxy.inject({ kind: "late", path: /queue\/join/, ms: 700 });
    const answering = proxy.answering(/queue\/join/);
    const run = start("/slow", { steps: 20, seconds: 20 }, { space: proxy.url });
    await answering;
    run.execution.cancel();
    expect(await run.answer).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
    expect(await call("/slow", { steps: 1, seconds: 0.1 })).toMatchObject({ value: "done after 1 steps" });
  }, 15_000);

  test.each([
    ["You have exceeded your GPU quota (60s requested vs. 0s left). Try again in 1:02:03", "rate-limited", "Wait"],
    ["No GPU is currently available for you after 60s", "unavailable", "no GPU"],
    ["CUDA out of memory. Tried to allocate 2 GiB", "remote-error", "smaller"],
  ])("what it says of its GPU comes with what to do: %s", async (message, reason, hint) => {
    const failure = await failing("/fail", { message });
    expect(failure).toMatchObject({ reason, message: `/fail: ${message}` });
    expect(failure.hint).toContain(hint);
  });

  test("an app's own error, and a crash in it", async () => {
    expect(await failing("/fail", { message: "no cheese" })).toMatchObject({
      reason: "remote-error",
      message: "/fail: no cheese",
    });
    expect((await failing("/crash", { text: "x" })).message).toContain("internal detail about x");
  });
});

describe("connections", () => {
  test("nobody there", async () => {
    const failure = await failing("/echo", { text: "" }, { space: "http://127.0.0.1:9" });
    expect(failure).toMatchObject({ reason: "unreachable" });
    expect(failure.hint).toContain("Is the server running?");
  });

  test("a server that is no Gradio app", async () => {
    proxy.inject({ kind: "status", path: /config/, status: 404 });
    expect(await failing("/echo", { text: "" }, { space: proxy.url })).toMatchObject({ reason: "not-found" });
  });

  test("what costs nobody anything is asked for again, and the call itself is made once", async () => {
    for (const path of [/\/config/, /\/info/, /\/upload/]) proxy.inject({ kind: "drop", path, times: 1 });
    proxy.inject({ kind: "status", path: /\/config/, status: 502, times: 1 });
    const sent = proxy.requests.length;
    const described = await call("/describe_file", { path: file("a.txt", "hello") }, { space: proxy.url });
    expect(described).toMatchObject({ value: { size: 5 } });
    proxy.inject({ kind: "drop", path: /file=/, times: 1 });
    proxy.inject({ kind: "status", path: /file=/, status: 503, times: 1 });
    proxy.inject({ kind: "drop", path: /file=/, afterBytes: 3000, times: 2 });
    const long = "so much text ".repeat(1000);
    const note = await call("/write_file", { text: long, kind: "txt" }, { space: proxy.url });
    expect(readFileSync((note as { value: string }).value, "utf8")).toBe(long);
    expect(proxy.requests.slice(sent).filter(({ path }) => path.includes("/queue/join"))).toHaveLength(2);
  }, 20_000);

  test.each([
    ["drop", "broke"],
    ["end", "ended"],
  ] as const)("a stream that %ss in the middle of a call", async (kind, word) => {
    proxy.inject({ kind, path: /queue\/data/, afterBytes: 200 });
    const failure = await failing("/slow", { steps: 3, seconds: 3 }, { space: proxy.url });
    expect(failure).toMatchObject({ reason: "connection-lost" });
    expect(failure.message).toContain(word);
    // A broken connection leaves nothing behind that the next call would hang on.
    proxy.heal();
    expect(await call("/echo", { text: "again" }, { space: proxy.url })).toMatchObject({ value: "again" });
  });

  test("silence longer than two heartbeats", async () => {
    proxy.inject({ kind: "stall", path: /queue\/data/, afterBytes: 150 });
    const failure = await failing("/slow", { steps: 1, seconds: 0.2 }, { space: proxy.url, silenceMs: 700 });
    expect(failure).toMatchObject({ reason: "connection-lost" });
    expect(failure.message).toContain("Nothing was heard");
  });

  test("a refused call: queue full", async () => {
    proxy.inject({ kind: "status", path: /queue\/join/, status: 503, body: '{"detail":"full"}' });
    expect(await failing("/echo", { text: "" }, { space: proxy.url })).toMatchObject({ reason: "unavailable" });
  });
});

describe("who may see what", () => {
  const token = "hf_secretsecretsecretsecret";

  test("a login in the address works, and a wrong one is refused without being repeated", async () => {
    const locked = await startGradio({ auth: { user: "ann", password: "s:cret" } });
    try {
      const at = (login: string) => ({ space: locked.url.replace("://", `://${login}`) });
      expect(await call("/whoami", {}, at("ann:s%3Acret@"))).toMatchObject({ value: { user: "ann" } });
      const wrong = await failing("/whoami", {}, at("ann:wrongpass@"));
      expect(wrong).toMatchObject({ reason: "login-needed" });
      expect(JSON.stringify(wrong)).not.toContain("wrongpass");
      expect(await failing("/whoami", {}, at(""))).toMatchObject({ reason: "login-needed" });
    } finally {
      await locked.stop();
    }
  }, 60_000);

  test("the token goes to no app that isn't Hugging Face's, and to one that is with every request", async () => {
    const sent = proxy.requests.length;
    const access = { token, endpoint: "https://huggingface.co" };
    const path = file("a.txt", "x");
    await call("/describe_file", { path }, { space: proxy.url, access });
    await call("/write_file", { text: "a", kind: "txt" }, { space: proxy.url, access });
    expect(JSON.stringify(proxy.requests.slice(sent))).not.toContain(token);
    const own = proxy.requests.length;
    await call("/write_file", { text: "a", kind: "txt" }, { space: proxy.url, access: { token, endpoint: proxy.url } });
    const seen = proxy.requests.slice(own);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true);
  });
});

describe("Spaces", () => {
  let hub: InferenceServer;
  beforeAll(async () => {
    hub = await startInference();
  });
  afterAll(() => hub.stop());
  const access = () => ({ token: null, endpoint: hub.url });

  test("are found by the Hub that is configured", async () => {
    hub.addSpace("me/echo", { host: server.url, sha: "abc" });
    const run = start("/echo", { text: "hi" }, { space: "me/echo", access: access() });
    expect(await run.answer).toMatchObject({ value: { returned: { value: "hi" }, versions: { revision: "abc" } } });
  });

  test("that are missing or paused are named", async () => {
    expect(await failing("/x", {}, { space: "me/gone", access: access() })).toMatchObject({ reason: "not-found" });
    hub.addSpace("me/paused", { host: server.url, stage: "PAUSED" });
    const paused = await failing("/x", {}, { space: "me/paused", access: access() });
    expect(paused).toMatchObject({ reason: "unavailable", message: "The Space me/paused is paused." });
  });

  test.each([
    ["PAUSED", "is paused"],
    ["RUNTIME_ERROR", "has crashed"],
    ["BUILD_ERROR", "could not be built"],
    ["NO_APP_FILE", "has no app"],
  ] as const)("that are %s say so, and what to do", async (stage, words) => {
    hub.addSpace("me/down", { host: server.url, stage });
    const failure = await failing("/x", {}, { space: "me/down", access: access() });
    expect(failure).toMatchObject({ reason: "unavailable", message: `The Space me/down ${words}.` });
    expect(failure.hint).toContain("duplicate it");
  });

  test("that are static pages have nothing to call; a Space's page means the Space", async () => {
    hub.addSpace("me/page", { host: server.url, sdk: "static" });
    expect(await failing("/x", {}, { space: "me/page", access: access() })).toMatchObject({ reason: "unsupported" });
    hub.addSpace("me/echo", { host: server.url });
    const page = { space: `${hub.url}/spaces/me/echo`, access: access() };
    expect(await call("/echo", { text: "hi" }, page)).toMatchObject({ value: "hi" });
  });

  test("that sleep are visited, waited for, and given up on in the end", async () => {
    let visits = 0;
    const host: Server = createServer((_, response) => {
      visits++;
      response.end();
    });
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}`; // a TCP server has no other kind of address
    hub.addSpace("me/asleep", { host: url, stage: "SLEEPING" });
    const said: Progress[] = [];
    const none = AbortSignal.timeout(20_000);
    const given = await resolveApp("me/asleep", access(), none, (each) => void said.push(each), 50);
    expect(given).toMatchObject({ ok: false, failure: { reason: "unavailable" } });
    expect([visits, said[0]?.message]).toEqual([1, "The Space is waking up…"]);
    const woken = resolveApp("me/asleep", access(), none, () => hub.addSpace("me/asleep", { host: url }), 4000);
    expect(await woken).toMatchObject({ ok: true, value: { address: { url } } });
    host.close();
  });
});
