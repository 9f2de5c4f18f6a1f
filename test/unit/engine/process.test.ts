import { createBirpc } from "birpc";
import { fork, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WorkflowEvent } from "../../../src/model/workflowState.js";
import type { EngineApi, EngineEvents } from "../../../src/protocol/engine.js";

const entry = fileURLToPath(new URL("../../../dist/engine.mjs", import.meta.url));

let folder: string;
let file: string;
let child: ChildProcess;
let events: WorkflowEvent[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "process-test-"));
  file = join(folder, "flow.daggr.ts");
  events = [];
  child = started();
});

afterEach(async () => {
  child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

function started(): ChildProcess {
  return fork(entry, [], { serialization: "advanced", execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

/** The process that made a folder for temporary files. */
function ownerOf(name: string): number {
  return Number(/^daggr-[0-9a-f]{6}-(\d+)-/.exec(name)?.[1]);
}

function connected() {
  const api: EngineEvents = { event: (_file, _sequence, event) => void events.push(event), debuggerReady: () => {} };
  return createBirpc<EngineApi, EngineEvents>(api, {
    post: (message: object) => void child.send(message),
    on: (listen) => void child.on("message", listen),
    timeout: -1,
  });
}

const workflow = (body: string) => `import { writeFileSync } from "node:fs";
import { FnNode, Graph } from "daggr";
const pid = new FnNode(() => { writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid)); ${body} });
export default new Graph({ name: "pid", nodes: [pid] });
`;

const all = { scope: "all", targets: [], reuse: "fresh" } as const;

const runnerPid = async () => Number(await readFile(join(folder, "pid"), "utf8").catch(() => "0"));

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("the engine works in a process of its own, as the editor starts it", async () => {
  await writeFile(file, workflow("return 1;"));
  const engine = connected();
  await engine.configure({ trusted: true, token: null, roots: [folder] });
  const { state } = await engine.open(file);
  expect(state.graph?.nodes.map(({ id }) => id)).toEqual(["pid"]);
  expect(await engine.run(file, all)).toMatchObject({ ok: true, value: { status: "succeeded", executed: 1 } });
  expect(events.map(({ type }) => type)).toContain("node-succeeded");
  await engine.dispose();
});

test("a front end that is gone takes the engine and its runners with it, even one that never returns", async () => {
  await writeFile(file, workflow("for (;;);"));
  const engine = connected();
  await engine.configure({ trusted: true, token: null, roots: [folder] });
  await engine.open(file);
  engine.run(file, all).catch(() => undefined);
  await expect.poll(runnerPid, { timeout: 15_000 }).toBeGreaterThan(0);
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.disconnect();
  expect(await exited).toBe(0);
  expect(lives(await runnerPid())).toBe(false);
});

test("an engine that is killed takes its runner with it, though that never returns, and what it left is swept away", async () => {
  await writeFile(file, workflow("for (;;);").replace("{ name:", "{ persistKey: false, name:"));
  const engine = connected();
  await engine.configure({ trusted: true, token: null, roots: [folder] });
  await engine.open(file);
  engine.run(file, all).catch(() => undefined);
  await expect.poll(runnerPid, { timeout: 15_000 }).toBeGreaterThan(0);
  // The store that keeps nothing, and the runner's scratch files.
  expect((await readdir(tmpdir())).filter((name) => ownerOf(name) === child.pid)).toHaveLength(2);
  child.kill("SIGKILL");
  const runner = await runnerPid();
  await expect.poll(() => lives(runner)).toBe(false);

  const killed = child.pid;
  child = started();
  const next = connected();
  await next.configure({ trusted: true, token: null, roots: [folder] });
  await next.open(file);
  expect((await readdir(tmpdir())).filter((name) => ownerOf(name) === killed)).toEqual([]);
  await next.dispose();
});
