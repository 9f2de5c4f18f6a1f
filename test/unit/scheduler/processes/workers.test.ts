import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Place, PreparedProgram } from "../../../../src/scheduler/executorBackend.js";
import { digestOfFile } from "../../../../src/scheduler/fileDigests.js";
import { RunnerPool } from "../../../../src/scheduler/processes/runnerPool.js";
import { fn, graphOf } from "../graphs.js";

const runner = fileURLToPath(new URL("fakeRunner.mjs", import.meta.url));
const never = new AbortController().signal;

let folder: string;
let pool: RunnerPool;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "workers-test-"));
  pool = poolOf({ idleMs: 60_000 });
});

function poolOf({ idleMs }: { readonly idleMs: number }): RunnerPool {
  return new RunnerPool({
    runner,
    env: process.env,
    access: async () => ({ token: null, endpoint: "https://huggingface.co" }),
    redact: (text) => text,
    debuggerReady: () => {},
    processes: 2,
    graceMs: 200,
    idleMs,
  });
}

afterEach(async () => {
  await pool.dispose();
  await rm(folder, { recursive: true });
});

async function program(name = "test"): Promise<PreparedProgram> {
  const file = join(folder, "test.daggr.ts");
  await writeFile(file, "one");
  const nodes = ["pid", "computes", "waits", "polite", "exit"].map((id) => fn(id));
  const graph = { ...graphOf(nodes, file), name };
  const sources = new Map([[file, (await digestOfFile(file))!]]);
  const prepared = await pool.prepare({ graph, sources, data: new Map(), blobs: folder, debug: false }, never);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  return prepared.value;
}

interface Run {
  /** The process's id. */
  readonly pid: number;
  readonly began: number;
  readonly ended: number;
  readonly lines: readonly string[];
}

async function run(
  of: PreparedProgram,
  node: string,
  place: Place = "any",
  signal = never,
  begun: () => void = () => {},
): Promise<Run> {
  const lines: string[] = [];
  let began = NaN;
  const events = {
    begin: () => {
      began = performance.now();
      begun();
    },
    progress: () => {},
    partial: () => {},
    returned: () => {},
    log: (more: readonly { readonly text: string }[]) => void lines.push(...more.map(({ text }) => text)),
  };
  const end = await of.execute({ node, inputs: {}, place }, events, signal);
  if (end.status !== "succeeded") throw new Error(end.status === "failed" ? end.failure.message : end.status);
  const output = end.outputs.output;
  return { pid: Number(output?.kind === "inline" && output.value), began, ended: performance.now(), lines };
}

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

/** Whether two of them were under way in one process at one time; longer than it takes to be told of an end. */
function share(runs: readonly Run[]): boolean {
  const together = (a: Run, b: Run) => Math.min(a.ended, b.ended) - Math.max(a.began, b.began);
  return runs.some((a) => runs.some((b) => a !== b && a.pid === b.pid && together(a, b) > 100));
}

describe("executions that compute", () => {
  test("are spread over the processes that there may be, one at a time in each", async () => {
    const of = await program();
    const runs = await times(6, () => run(of, "computes"));
    expect(new Set(runs.map(({ pid }) => pid)).size).toBe(2);
    expect(share(runs)).toBe(false);
  });

  test("run one after the other in the same process where their author wants no two at a time", async () => {
    const of = await program();
    const pids: number[] = [];
    await Promise.all([
      ...Array.from({ length: 3 }, () => run(of, "computes")),
      (async () => {
        for (let i = 0; i < 3; i++) pids.push((await run(of, "pid", "home")).pid);
      })(),
    ]);
    expect(new Set(pids).size).toBe(1);
    expect(pids[0]).toBe((await run(of, "pid", "home")).pid);
  });

  test("do not hold up what waits for a server", async () => {
    const of = await program();
    const computing = times(4, () => run(of, "computes"));
    const call = await run(of, "waits", "calls");
    const computed = await computing;
    expect(computed.map(({ pid }) => pid)).not.toContain(call.pid);
  });
});

describe("executions that wait", () => {
  test("are under way all at once, however many there are", async () => {
    const of = await program();
    await run(of, "waits");
    const runs = await times(12, () => run(of, "waits"));
    expect(Math.max(...runs.map(({ began }) => began))).toBeLessThan(Math.min(...runs.map(({ ended }) => ended)));
  });
});

test("one that is no longer wanted before a process has time for it never begins", async () => {
  const of = await program();
  const computing = times(2, () => run(of, "computes"));
  const cancel = new AbortController();
  const third = run(of, "pid", "home", cancel.signal);
  cancel.abort();
  await expect(third).rejects.toThrow("cancelled");
  await computing;
});

test("a program that can be loaded only once goes on in one process, and says why", async () => {
  const of = await program("loads once");
  const runs = await times(3, () => run(of, "computes"));
  expect(new Set(runs.map(({ pid }) => pid)).size).toBe(1);
  expect(runs.flatMap(({ lines }) => lines)).toEqual([
    "Another process could not load the workflow, so its functions share the cores less than they might: The port is taken.",
  ]);
});

test("a process that ends takes only its own executions with it, and is followed by another", async () => {
  const of = await program();
  const computing = times(3, () => run(of, "computes"));
  await expect(run(of, "exit")).rejects.toThrow("exit code 3");
  expect(await computing).toHaveLength(3);
  expect((await run(of, "pid", "home")).pid).toBeGreaterThan(0);
});

test("a process that ends while it is loaded is not followed by others, and it is said why", async () => {
  const of = await program("others end while loading");
  const runs = await times(6, () => run(of, "computes"));
  expect(new Set(runs.map(({ pid }) => pid)).size).toBe(1);
  expect(runs.flatMap(({ lines }) => lines)).toEqual([
    expect.stringContaining("The process ended with exit code 4 while it was loading the workflow."),
  ]);
  expect(await readFile(join(folder, "ended"), "utf8")).toBe(".");
});

test("a process that nobody needed any more before it was loaded is no obstacle to the next one", async () => {
  pool = poolOf({ idleMs: 500 });
  const of = await program("second loads for ever");
  await times(2, () => run(of, "computes"));
  of.release();
  // Longer than extra processes stay, and than one takes to be killed.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const again = await program("second loads for ever");
  const runs = await times(6, () => run(again, "computes"));
  expect(new Set(runs.map(({ pid }) => pid)).size).toBe(2);
  expect(runs.flatMap(({ lines }) => lines)).toEqual([]);
});

test("one that is no longer wanted because another begins never begins, and keeps none from its turn", async () => {
  const of = await program();
  // It is known to leave its process time for others, then.
  await run(of, "waits");
  await expect(run(of, "exit")).rejects.toThrow("exit code 3");
  const cancel = new AbortController();
  let began = false;
  const first = run(of, "waits", "any", never, () => cancel.abort());
  const second = run(of, "computes", "any", cancel.signal, () => (began = true));
  const third = run(of, "pid");
  await expect(second).rejects.toThrow("cancelled");
  expect((await third).pid).toBeGreaterThan(0);
  await first;
  expect(began).toBe(false);
});
