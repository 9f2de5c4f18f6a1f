import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createEngine, type Engine } from "../../../src/engine/engine.js";
import type { Diagnostic } from "../../../src/model/diagnostic.js";
import type { WorkflowEvent } from "../../../src/model/workflowState.js";
import { startFaultProxy } from "../../servers/faultProxy.js";
import { type GradioServer, startGradio } from "../../servers/gradio.js";
import { type InferenceServer, startInference } from "../../servers/inference.js";

let app: GradioServer;
let hub: InferenceServer;
let folder: string;
const engines: Engine[] = [];

beforeAll(async () => {
  [app, hub] = await Promise.all([startGradio(), startInference()]);
}, 90_000);
afterAll(() => Promise.all([app.stop(), hub.stop()]));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apps-"));
  hub.addSpace("me/app", { host: app.url, sha: "first" });
  hub.forgetRequests();
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

const textWith = (space: string) => `import { GradioNode, Graph, gr } from "daggr";
const loud = new GradioNode("${space}", { apiName: "/two", inputs: { txet: "a" }, outputs: { text: gr.Textbox() } });
const echo = new GradioNode("${space}", { apiName: "/ehco", inputs: {}, outputs: { text: gr.Textbox() } });
export default new Graph({ name: "g", nodes: [loud, echo] });
`;

/** Opens a workflow that misspells an endpoint, and one of its parameters. */
async function opened(trusted: boolean, endpoint = hub.url, text = textWith("me/app")) {
  const file = join(folder, "flow.daggr.ts");
  writeFileSync(file, text);
  let diagnostics: readonly Diagnostic[] = [];
  const event = (_file: string, _sequence: number, each: WorkflowEvent) => {
    if (each.type === "graph-changed") diagnostics = each.diagnostics;
  };
  const env = {
    ...process.env,
    HF_ENDPOINT: endpoint,
    HF_TOKEN: "",
    HF_HUB_OFFLINE: "",
    XDG_CACHE_HOME: folder,
    LOCALAPPDATA: folder,
  };
  const engine = createEngine({ event, debuggerReady: () => undefined }, { runner: "", env, version: "0" });
  engines.push(engine);
  await engine.configure({ trusted, token: null, roots: [folder] });
  const { state } = await engine.open(file);
  const codes = (each: readonly Diagnostic[]) => each.map(({ code }) => code);
  return { engine, file, atOnce: codes(state.diagnostics), later: () => codes(diagnostics) };
}

const found = ["unknown-input", "missing-input", "unknown-endpoint"].sort();

test.skipIf(process.platform === "darwin")(
  "what an app offers is checked in the text, and remembered offline",
  async () => {
    const first = await opened(true);
    expect(first.atOnce).toEqual([]);
    await expect.poll(() => first.later().sort()).toEqual(found);
    // The same revision is asked for nothing more than its revision.
    hub.forgetRequests();
    hub.addSpace("me/app", { host: "http://127.0.0.1:9", sha: "first" });
    const again = await opened(true);
    expect(again.atOnce.sort()).toEqual(found);
    await expect.poll(() => hub.requests.length).toBe(1);
    const offline = await opened(true, "http://127.0.0.1:9");
    expect(offline.atOnce.sort()).toEqual(found);
  },
);

test("nobody is asked for the sake of a folder that isn't trusted, and a Space that sleeps is left asleep", async () => {
  const untrusted = await opened(false);
  expect(untrusted.atOnce).toEqual([]);
  expect(hub.requests).toEqual([]);
  hub.addSpace("me/app", { host: app.url, stage: "SLEEPING" });
  await untrusted.engine.configure({ trusted: true, token: null, roots: [folder] });
  await expect.poll(() => hub.requests.length).toBe(1);
  hub.forgetRequests();
  const asleep = await opened(true);
  await expect.poll(() => hub.requests.length).toBe(1);
  expect(asleep.later()).toEqual([]);
});

const asked = () => hub.requests.filter(({ path }) => path.includes("/api/spaces/")).map(({ path }) => path);
/** Longer than a text waits to be looked at, which comes in bursts. */
const look = () => new Promise((resolve) => setTimeout(resolve, 200));

test("what is still being typed names no app that anybody asks", async () => {
  const { engine, file } = await opened(true);
  await expect.poll(() => hub.requests.length).toBeGreaterThan(0);
  hub.forgetRequests();
  hub.addSpace("me/other", { host: app.url, sha: "other" });
  for (const typed of ["me/o", "me/ot", "me/oth", "me/othe", "me/other"]) {
    engine.setText(file, textWith(typed));
    await look();
  }
  await expect.poll(() => asked().length).toBeGreaterThan(0);
  expect(asked().filter((path) => !path.includes("me/other"))).toEqual([]);
});

test("nor does what was typed before the folder became trusted", async () => {
  const { engine, file } = await opened(false);
  hub.addSpace("me/other", { host: app.url, sha: "other" });
  for (const typed of ["me/o", "me/ot", "me/oth", "me/othe", "me/other"]) {
    engine.setText(file, textWith(typed));
    await look();
  }
  await engine.configure({ trusted: true, token: null, roots: [folder] });
  await expect.poll(() => asked().length).toBeGreaterThan(0);
  expect(asked().filter((path) => !path.includes("me/other"))).toEqual([]);
});

test("a Space's page means the Space", async () => {
  const { later } = await opened(true, hub.url, textWith(`${hub.url}/spaces/me/app`));
  await expect.poll(() => later().sort(), { timeout: 10_000 }).toEqual(found);
});

test("an app that asks for a login is checked with the one in its address, which is kept nowhere", async () => {
  const locked = await startGradio({ auth: { user: "ann", password: "p@ss word" } });
  const proxy = await startFaultProxy(locked.url);
  const at = (login: string) => textWith(proxy.url.replace("//", `//${login}@`));
  const asked = (path: string) => proxy.requests.filter((request) => request.path.startsWith(path)).length;
  try {
    const { engine, file, later } = await opened(true, hub.url, at("ann:wrong"));
    await expect.poll(() => asked("/info"), { timeout: 20_000 }).toBe(1);
    expect([asked("/login"), later()]).toEqual([1, []]);
    engine.setText(file, at("ann:p%40ss%20word"));
    await expect.poll(() => later().sort(), { timeout: 20_000 }).toEqual(found);
    if (process.platform === "darwin") return;
    const cache = join(folder, "daggr", "apps");
    const kept = readdirSync(cache).map((name) => name + readFileSync(join(cache, name), "utf8"));
    expect(kept).toHaveLength(1);
    expect(kept[0]).not.toMatch(/ann|ss.word/);
  } finally {
    await proxy.stop();
    await locked.stop();
  }
}, 90_000);

test("what nobody was told of is asked for again at once when somebody signs in", async () => {
  hub.addSpace("me/app", { host: app.url, sha: "first", private: true });
  const { engine, later } = await opened(true);
  await expect.poll(() => asked().length, { timeout: 10_000 }).toBe(1);
  // Anything else about the settings is no news to the Hub.
  await engine.configure({ trusted: true, token: null, roots: [] });
  await engine.configure({ trusted: true, token: "hf_of_somebody", roots: [folder] });
  await expect.poll(() => later().sort(), { timeout: 10_000 }).toEqual(found);
  expect(asked().length).toBe(2);
  expect(hub.requests.at(-1)?.headers.authorization).toBe("Bearer hf_of_somebody");
});

const paints = `import { Graph, InferenceNode, gr } from "daggr";
const model = new InferenceNode("me/painter", { inputs: { prompt: "x", widht: 9 }, outputs: { image: gr.Image() } });
export default new Graph({ name: "g", nodes: [model] });
`;

test.skipIf(process.platform === "darwin")(
  "what a model takes is checked in the text as soon as its task is known, and asked for once",
  async () => {
    hub.addModel("me/painter", { task: "text-to-image" });
    const untrusted = await opened(false, hub.url, paints);
    expect(untrusted.atOnce).toEqual([]);
    await untrusted.engine.configure({ trusted: true, token: null, roots: [folder] });
    await expect.poll(untrusted.later, { timeout: 10_000 }).toEqual(["unknown-input"]);
    expect(hub.requests.length).toBe(1);
    const again = await opened(true, hub.url, paints);
    expect(again.atOnce).toEqual(["unknown-input"]);
    hub.addModel("me/other", { task: "text-to-image" });
    again.engine.setText(again.file, paints.replace("me/painter", "me/other"));
    await expect.poll(() => hub.requests.length, { timeout: 10_000 }).toBe(2);
    expect(hub.requests[1]?.path).toContain("me/other");
  },
);
