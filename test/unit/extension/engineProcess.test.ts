import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { type EngineCrash, EngineProcess } from "../../../src/extension/engineProcess.js";
import type { Result } from "../../../src/model/outcome.js";
import type { Snapshot } from "../../../src/protocol/engine.js";

const entry = fileURLToPath(new URL("standInEngine.ts", import.meta.url));
const started: EngineProcess[] = [];

function setUp({ token = null as string | null, path = entry } = {}) {
  const heard: unknown[][] = [];
  const output: string[] = [];
  const waiting: (() => void)[] = [];
  const crashes: EngineCrash[] = [];
  const engine = new EngineProcess({
    entry: path,
    events: { event: (...args) => void heard.push(args), debuggerReady: () => undefined },
    options: async () => ({ trusted: true, token, roots: [] }),
    onOutput: (text) => void output.push(text),
  });
  engine.onCrash((crash) => {
    crashes.push(crash);
    for (const resolve of waiting) resolve();
  });
  started.push(engine);
  const open = (file: string): Promise<Result<Snapshot>> =>
    engine.ask(async (remote) => ({ ok: true, value: await remote.open(file) }));
  const crash = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  return { engine, heard, output, crashes, open, crash };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((engine) => engine.end()));
});

describe("the engine's process", () => {
  it("is started by the first need, configured before anything else is asked, and heard", async () => {
    const { engine, heard, open } = setUp({ token: "hf_x" });
    expect(engine.running).toBe(false);
    const opened = await open("a");
    expect(opened).toEqual({ ok: true, value: { sequence: 1, state: { file: "a", token: "hf_x" } } });
    expect(heard).toEqual([["a", 2, { type: "trust-changed", trusted: true }]]);
    expect(engine.running).toBe(true);
  });

  it("fails what was asked when it crashes, tells how, and is started again by the next need", async () => {
    const { engine, crashes, open } = setUp();
    await open("a");
    const first = engine.pid;
    const crashed = await open("crash");
    expect(crashed).toMatchObject({ ok: false, failure: { reason: "process-exited" } });
    expect(!crashed.ok && crashed.failure.message).toContain("exit code 7");
    expect(crashes).toEqual([{ how: "exit code 7", count: 1 }]);
    expect((await open("a")).ok).toBe(true);
    expect(engine.pid).not.toBe(first);
    await open("crash");
    expect(crashes.at(-1)?.count).toBe(2);
  });

  it("turns a bug in the engine into a failure and a line in the log, and goes on", async () => {
    const { output, open, crashes } = setUp();
    expect(await open("throw")).toMatchObject({ ok: false, failure: { reason: "internal" } });
    expect(output.join("")).toContain("a bug");
    expect((await open("a")).ok).toBe(true);
    expect(crashes).toEqual([]);
  });

  it("passes on what the engine writes", async () => {
    const { output, open } = setUp();
    await open("print");
    await expect.poll(() => output.join("")).toContain("a complaint");
  });

  it("says so when there is no engine to start", async () => {
    const { open, crashes, crash } = setUp({ path: `${entry}.missing.ts` });
    const gone = crash();
    expect(await open("a")).toMatchObject({ ok: false, failure: { reason: "process-exited" } });
    await gone;
    expect(crashes[0]?.how).toBe("exit code 1");
  });

  it("ends with the extension, without that being a crash, and stays ended", async () => {
    const { engine, open, crashes } = setUp();
    await open("a");
    const pid = engine.pid!;
    await engine.end();
    expect(isAlive(pid)).toBe(false);
    expect(crashes).toEqual([]);
    expect(await open("a")).toMatchObject({ ok: false });
    expect(engine.running).toBe(false);
  });

  it("is killed when it does not end", async () => {
    const { engine, open } = setUp({ token: "deaf" });
    await open("a");
    const pid = engine.pid!;
    await engine.end();
    expect(isAlive(pid)).toBe(false);
  });
});
