import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type {
  ExecutionEnd,
  ExecutionEvents,
  PreparedProgram,
  Program,
} from "../../../../src/scheduler/executorBackend.js";
import { digestOfFile } from "../../../../src/scheduler/fileDigests.js";
import { RunnerPool } from "../../../../src/scheduler/processes/runnerPool.js";
import { lives } from "../../lives.js";
import { fn, graphOf } from "../graphs.js";

const runner = fileURLToPath(new URL("fakeRunner.mjs", import.meta.url));
const nodes = ["pid", "token", "polite", "deaf", "spin", "exit", "abort", "hangUp", "print", "spawns"].map((id) =>
  fn(id),
);

const never = new AbortController().signal;

let folder: string;
let file: string;
let pool: RunnerPool;
let token: string | null;
let debuggers: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pool-test-"));
  file = join(folder, "test.daggr.ts");
  await writeFile(file, "one");
  token = "secret";
  debuggers = [];
  pool = new RunnerPool({
    runner,
    env: process.env,
    access: async () => ({ token, endpoint: "https://huggingface.co" }),
    redact: (text, secret) => (secret === null ? text : text.replaceAll(secret, "•••")),
    debuggerReady: (_file, address) => debuggers.push(address),
    processes: 2,
    graceMs: 200,
    idleMs: 60_000,
  });
});

afterEach(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

async function program(name = "test", debug = false): Promise<Program> {
  const graph = { ...graphOf(nodes, file), name };
  return { graph, sources: new Map([[file, (await digestOfFile(file))!]]), data: new Map(), blobs: folder, debug };
}

async function prepared(): Promise<PreparedProgram> {
  const result = await pool.prepare(await program(), never);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

interface Watched extends ExecutionEvents {
  readonly lines: string[];
  readonly firstLine: Promise<unknown>;
}

function watched(): Watched {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const lines: string[] = [];
  const log: ExecutionEvents["log"] = (more) => {
    lines.push(...more.map((line) => line.text));
    resolve(null);
  };
  return { lines, firstLine: promise, log, begin: () => {}, progress: () => {}, partial: () => {}, returned: () => {} };
}

function run(program: PreparedProgram, node: string, sinks: ExecutionEvents = watched(), signal = never) {
  return program.execute({ node, inputs: {}, place: "home" }, sinks, signal);
}

function output(end: ExecutionEnd): unknown {
  if (end.status !== "succeeded") throw new Error(JSON.stringify(end));
  const value = end.outputs.output;
  return value?.kind === "inline" ? value.value : value;
}

/** Begins a node that says when it is under way, and cancels it then. */
async function cancelled(program: PreparedProgram, node: string): Promise<ExecutionEnd> {
  const sinks = watched();
  const controller = new AbortController();
  const end = run(program, node, sinks, controller.signal);
  await sinks.firstLine;
  controller.abort();
  return end;
}

test("a process stays warm from one run to the next", async () => {
  const first = await prepared();
  const before = output(await run(first, "pid"));
  first.release();
  expect(output(await run(await prepared(), "pid"))).toBe(before);
});

test("another text of the program, or another token, means another process", async () => {
  const before = output(await run(await prepared(), "pid"));
  await writeFile(file, "two");
  const edited = output(await run(await prepared(), "pid"));
  expect(edited).not.toBe(before);
  token = "other";
  expect(output(await run(await prepared(), "token"))).toBe("other");
  expect(output(await run(await prepared(), "pid"))).not.toBe(edited);
});

test("what runs in a replaced process is not disturbed", async () => {
  const old = await prepared();
  const before = output(await run(old, "pid"));
  await writeFile(file, "two");
  await prepared();
  expect(output(await run(old, "pid"))).toBe(before);
});

test("a program whose files change while it is loaded is refused, for its results would be filed under other code", async () => {
  const stale = await program();
  await writeFile(file, "two");
  const result = await pool.prepare(stale, never);
  expect(result.ok ? null : result.failure.reason).toBe("load-failed");
});

test("a program that does not load says so, and so does one that ends while it is loaded", async () => {
  const broken = await pool.prepare(await program("does not load"), never);
  expect(broken).toMatchObject({ ok: false, failure: { reason: "load-failed", message: "It does not load." } });
  await writeFile(file, "two");
  const ended = await pool.prepare(await program("ends while loading"), never);
  expect(ended).toMatchObject({ ok: false, failure: { reason: "process-exited" } });
  expect(!ended.ok && ended.failure.message).toMatch(/exit code 4 while it was loading/);
});

test("loading that never ends can be given up", async () => {
  const controller = new AbortController();
  const loading = pool.prepare(await program("loads for ever"), controller.signal);
  setTimeout(() => controller.abort(), 100);
  expect(await loading).toMatchObject({ ok: false, failure: { reason: "cancelled" } });
});

test("process.exit fails the node with the exit code and its last lines, and the next node gets a new process", async () => {
  const program = await prepared();
  const before = output(await run(program, "pid"));
  const sinks = watched();
  const end = await run(program, "exit", sinks);
  expect(end).toMatchObject({ status: "failed", failure: { reason: "process-exited" } });
  expect(end.status === "failed" && end.failure.message).toBe(
    "The process that ran `exit` ended with exit code 3 before `exit` had returned.",
  );
  expect(sinks.lines).toEqual(["last words, the token is •••"]);
  expect(output(await run(program, "pid"))).not.toBe(before);
});

test("a crash names the signal", async () => {
  const end = await run(await prepared(), "abort");
  expect(end.status === "failed" && end.failure.message).toMatch(/SIGABRT|exit code/);
});

test("user code that cuts the channel loses its process, and is not executed again for it", async () => {
  const end = await run(await prepared(), "hangUp");
  expect(end).toMatchObject({ status: "failed", failure: { reason: "process-exited" } });
});

test("a cancelled execution that obeys leaves the process alive", async () => {
  const program = await prepared();
  const before = output(await run(program, "pid"));
  expect(await cancelled(program, "polite")).toEqual({ status: "cancelled" });
  expect(output(await run(program, "pid"))).toBe(before);
});

test.each(["deaf", "spin"])("a cancelled execution that goes on (%s) is ended with its process", async (node) => {
  const program = await prepared();
  const before = output(await run(program, "pid"));
  expect(await cancelled(program, node)).toEqual({ status: "cancelled" });
  expect(output(await run(program, "pid"))).not.toBe(before);
});

test("what else ran in a process that had to be killed is told apart from what was cancelled", async () => {
  const program = await prepared();
  const sinks = watched();
  const innocent = run(program, "polite", sinks);
  await sinks.firstLine;
  expect(await cancelled(program, "deaf")).toEqual({ status: "cancelled" });
  expect(await innocent).toEqual({ status: "lost", by: "deaf" });
});

test("raw output is cut into lines and belongs to what is under way", async () => {
  const sinks = watched();
  await run(await prepared(), "print", sinks);
  expect(sinks.lines).toEqual(["one", "two"]);
});

test("disposing ends what is under way as cancelled", async () => {
  const sinks = watched();
  const end = run(await prepared(), "deaf", sinks);
  await sinks.firstLine;
  await pool.dispose();
  expect(await end).toEqual({ status: "cancelled" });
});

test.each(["nothing", "exit", "deaf", "hangUp"])(
  "what a node started and left running ends with its process (%s)",
  async (end) => {
    const program = await prepared();
    const left = Number(output(await run(program, "spawns")));
    expect(lives(left)).toBe(true);
    if (end === "nothing") await pool.dispose();
    else if (end === "deaf") await cancelled(program, end);
    else await run(program, end);
    await expect.poll(() => lives(left)).toBe(false);
  },
);

test("a program to be debugged waits for a debugger before anything is loaded", async () => {
  const loading = pool.prepare(await program("test", true), never);
  await expect.poll(() => debuggers).toHaveLength(1);
  expect(debuggers[0]).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\//);
  await pool.dispose();
  expect((await loading).ok).toBe(false);
});

test("disposing leaves no scratch files behind", async () => {
  await prepared();
  const scratch = async () =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("daggr-") && name.includes(`-${process.pid}-`));
  expect(await scratch()).toHaveLength(1);
  await pool.dispose();
  expect(await scratch()).toEqual([]);
});
