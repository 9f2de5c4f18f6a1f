import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { AppClient } from "../../../src/runner/executors/gradio/appClient.js";
import { fromAppValue } from "../../../src/runner/executors/gradio/download.js";
import { Execution } from "../../../src/runner/execution.js";
import { buildRunner, startRunner, temporaryFolder, workspace } from "./runnerProcess.js";

const token = "hf_abcdefghijklmnopqrstuvwxyz0123";

let built: Awaited<ReturnType<typeof buildRunner>>;
const cleanups: (() => void)[] = [];

beforeAll(async () => {
  built = await buildRunner();
});
afterAll(() => built.remove());
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A server that writes down all it is told: addresses, headers and bodies. */
async function listening(answer: (url: string, response: ServerResponse, request: IncomingMessage) => void) {
  let heard = "";
  const server = createServer((request, response) => {
    heard += `${request.method ?? ""} ${request.url ?? ""}\n${request.rawHeaders.join("\n")}\n`;
    request.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    request.on("end", () => answer(request.url ?? "", response, request));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
  return { url: `http://127.0.0.1:${port}`, heard: () => heard };
}

/** An app's configuration, which may name any address as the app's own. */
const config = (root: string) => ({
  version: "5.0.0",
  root,
  api_prefix: "/gradio_api",
  protocol: "sse_v3",
  enable_queue: true,
  is_space: true,
  components: [],
  dependencies: [],
});

const json = (response: ServerResponse, value: unknown) =>
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));

/** All that lies in a folder, names too. */
function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? `${path}\n${readFileSync(path, "latin1")}` : path;
    })
    .join("\n");
}

test("an app that says it lives elsewhere takes the token nowhere, and it is in no error, log, file or argument", async () => {
  const elsewhere = await listening((url, response) => {
    if (url.startsWith("/config")) json(response, config(elsewhere.url));
    else response.writeHead(500).end(`you sent ${token}`);
  });
  const hub = await listening((url, response) => {
    if (url.startsWith("/api/spaces/me/moved")) json(response, { host: elsewhere.url, runtime: { stage: "RUNNING" } });
    else if (url.startsWith("/api/spaces/me/rooted")) json(response, { host: hub.url, runtime: { stage: "RUNNING" } });
    else if (url.startsWith("/api/spaces/me/sent")) {
      response.writeHead(307, { location: `${elsewhere.url}/api/spaces/me/sent` }).end();
    } else if (url.startsWith("/config")) json(response, config(elsewhere.url));
    else response.writeHead(404).end(`no ${token} here`);
  });
  const space = workspace(`import { FnNode, GradioNode, Graph, InferenceNode, gr } from "daggr";
const heard: string[] = [];
const real = globalThis.fetch;
globalThis.fetch = (input, init) => { heard.push(JSON.stringify([String(input), [...new Headers(init?.headers)]])); return real(input, init); };
const app = (name: string) => new GradioNode("me/" + name, { name, inputs: { text: "x" }, outputs: { out: gr.Textbox() } });
export default new Graph({ name: "g", nodes: [
  app("moved"), app("rooted"), app("sent"),
  new InferenceNode("me/model", { name: "model", inputs: { inputs: "x" }, outputs: { out: gr.Textbox() } }),
  new FnNode(() => heard, { name: "heard" }),
] });
`);
  cleanups.push(() => space.remove());
  const runner = startRunner(built.path, space, { huggingFace: { token, endpoint: hub.url } });
  await runner.load();
  const commandLine = process.platform === "linux" ? readFileSync(`/proc/${runner.pid}/cmdline`, "utf8") : "";
  const replies: unknown[] = [];
  for (const node of ["moved", "rooted", "sent", "model"]) replies.push(await runner.execute(node));
  const heard = await runner.outputs("heard");
  await runner.stop();

  expect(hub.heard()).toContain(`Bearer ${token}`);
  expect(elsewhere.heard()).toContain("/config");
  expect(elsewhere.heard()).toContain("/api/spaces/me/sent");
  expect(replies).toMatchObject(replies.map(() => ({ status: "failed" })));
  for (const text of [elsewhere.heard(), JSON.stringify([replies, runner.logs, heard]), commandLine]) {
    expect(text).not.toContain(token);
  }
  const kept = [space.folder, join(dirname(built.path), "cache")].map(everythingIn).join("\n");
  expect(kept).toContain("flow.daggr.ts");
  expect(kept).not.toContain(token);
});

test("a file that an app names by another host's address is fetched without the token, one of its own with it", async () => {
  const elsewhere = await listening((_url, response) => response.writeHead(200).end("theirs"));
  const app = await listening((url, response) => {
    if (url.startsWith("/redirected")) response.writeHead(302, { location: `${elsewhere.url}/signed` }).end();
    else response.writeHead(200).end("its own");
  });
  const scratch = temporaryFolder("token");
  mkdirSync(scratch, { recursive: true });
  const nobody = {
    progress: () => undefined,
    partial: () => undefined,
    returned: () => undefined,
    log: () => undefined,
  };
  const execution = new Execution("e", "n", scratch, (text) => text, nobody);
  cleanups.push(() => void execution.end());
  const client = new AppClient({ url: app.url, login: null }, { token, endpoint: app.url }, 10_000);
  const meta = { _type: "gradio.FileData" };
  const paths = await fromAppValue(
    [
      { path: "/a", url: `${elsewhere.url}/a.png`, orig_name: "a.png", meta },
      { path: `${elsewhere.url}/b.png`, orig_name: "b.png", meta },
      { path: "/c", url: `${app.url}/redirected`, orig_name: "c.png", meta },
      { path: "/d", url: `${app.url}/d.png`, orig_name: "d.png", meta },
    ],
    "gallery",
    client,
    execution,
  );
  client.end();
  const texts = paths.ok ? (paths.value as string[]).map((path) => readFileSync(path, "utf8")) : paths;
  expect(texts).toEqual(["theirs", "theirs", "theirs", "its own"]);
  expect(elsewhere.heard().match(/GET/g)).toHaveLength(3);
  expect(elsewhere.heard()).not.toContain(token);
  expect(app.heard()).toContain(`Bearer ${token}`);
});
