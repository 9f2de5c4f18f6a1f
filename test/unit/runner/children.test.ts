import { fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WAIT_FOR_DEBUGGER } from "../../../src/protocol/runner.js";
import { lives } from "../lives.js";
import { buildRunner, startRunner, unreadGraph, type Workspace, workspace } from "./runnerProcess.js";

let built: Awaited<ReturnType<typeof buildRunner>>;
const spaces: Workspace[] = [];

beforeAll(async () => {
  built = await buildRunner();
});
afterAll(() => built.remove());
afterEach(() => {
  for (const space of spaces.splice(0)) space.remove();
});

/** A workflow that leaves a process running, which writes its id. */
function leaving(rest: string) {
  const space = workspace(`import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { FnNode, Graph } from "daggr";
const leave = new FnNode(() => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  child.unref();
  writeFileSync(new URL("./pid", import.meta.url), String(child.pid));
  ${rest}
}, { name: "leave" });
export default new Graph({ name: "g", nodes: [leave] });
`);
  spaces.push(space);
  const pid = () => {
    try {
      return Number(readFileSync(join(space.folder, "pid"), "utf8"));
    } catch {
      return 0;
    }
  };
  return { space, pid };
}

// Windows has no groups: there the engine ends the tree before the runner is gone.
const posix = test.skipIf(process.platform === "win32");

posix("what a node left running ends when the engine hangs up", async () => {
  const { space, pid } = leaving("return 1;");
  const runner = startRunner(built.path, space, { fork: { detached: true } });
  await runner.load();
  await runner.outputs("leave");
  expect(lives(pid())).toBe(true);
  await runner.stop();
  await expect.poll(() => lives(pid())).toBe(false);
});

posix("and when the engine is killed while the runner is busy", async () => {
  const { space, pid } = leaving("for (;;);");
  const request = { blobs: space.blobs.folder, scratch: space.folder, huggingFace: { token: null, endpoint: "" } };
  const engine = join(space.folder, "engine.mjs");
  writeFileSync(
    engine,
    `import { fork } from "node:child_process";
const runner = fork(${JSON.stringify(built.path)}, { detached: true, serialization: "advanced", execArgv: [], stdio: ["ignore", "ignore", "ignore", "ipc"] });
const call = (i, m, a) => runner.send({ t: "q", i, m, a: [a] });
runner.on("message", ({ i }) => i === "1" && call("2", "execute", { executionId: "e", node: "leave", inputs: {} }));
call("1", "load", ${JSON.stringify({ graph: unreadGraph(space.file), ...request })});
process.send(runner.pid);
`,
  );
  const child = fork(engine, { execArgv: [] });
  const runner = await new Promise<number>((resolve) => child.once("message", (pid) => resolve(Number(pid))));
  await expect.poll(pid, { timeout: 15_000 }).toBeGreaterThan(0);
  child.kill("SIGKILL");
  await expect.poll(() => lives(runner) || lives(pid()), { timeout: 15_000 }).toBe(false);
});

posix("and when the engine is killed while the runner waits for a debugger", async () => {
  const { space } = leaving("");
  const engine = join(space.folder, "engine.mjs");
  writeFileSync(
    engine,
    `import { fork } from "node:child_process";
const runner = fork(${JSON.stringify(built.path)}, [${JSON.stringify(WAIT_FOR_DEBUGGER)}], { detached: true, serialization: "advanced", execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
runner.stderr.on("data", (text) => /ws:/.test(text) && process.send(runner.pid));
`,
  );
  const child = fork(engine, { execArgv: [] });
  const runner = await new Promise<number>((resolve) => child.once("message", (pid) => resolve(Number(pid))));
  child.kill("SIGKILL");
  await expect.poll(() => lives(runner), { timeout: 15_000 }).toBe(false);
});
