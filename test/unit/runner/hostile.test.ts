import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ExecutionEnd, ExecutionSinks } from "../../../src/scheduler/executorBackend.js";
import { RunnerProcess } from "../../../src/scheduler/processes/runnerProcess.js";
import { redact } from "../../../src/huggingface/redact.js";
import { storeValue } from "../../../src/store/storedValue.js";
import type { Value } from "../../../src/model/value.js";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildRunner, unreadGraph, userCacheIn, type Workspace, workspace } from "./runnerProcess.js";

const token = "hf_abcdefghijklmnopqrstuvwxyz0123";

let built: Awaited<ReturnType<typeof buildRunner>>;
const open: { readonly space: Workspace; readonly process: RunnerProcess }[] = [];

beforeAll(async () => {
  built = await buildRunner();
});
afterAll(() => built.remove());
afterEach(async () => {
  for (const { space, process } of open.splice(0)) {
    await process.stop();
    space.remove();
  }
});

/** The nodes' functions, by name, in the product's own process for them. */
async function started(nodes: Readonly<Record<string, string>>, module = "") {
  const made = Object.entries(nodes).map(([name, rest]) => `new FnNode(${rest.replace("NAME", `name: "${name}"`)}),`);
  const space = workspace(`import { FnNode, Graph, gr } from "daggr";
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
${module}
export default new Graph({ name: "g", nodes: [
${made.join("\n")}
] });
`);
  const runner = new RunnerProcess({
    runner: built.path,
    cwd: space.folder,
    env: { ...process.env, ...userCacheIn(join(built.path, "..")) },
    redact: (text) => redact(text, token),
    graceMs: 2000,
  });
  open.push({ space, process: runner });
  const scratch = join(space.folder, "scratch");
  mkdirSync(scratch);
  const huggingFace = { token, endpoint: "https://huggingface.co" };
  const loaded = await runner.load({ graph: unreadGraph(space.file), blobs: space.blobs.folder, scratch, huggingFace });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));

  const run = async (node: string, inputs: Readonly<Record<string, Value>> = {}) => {
    const lines: string[] = [];
    const partials: unknown[] = [];
    const sinks: ExecutionSinks = {
      log: (more) => lines.push(...more.map(({ text }) => text)),
      progress: () => undefined,
      partial: (outputs) => partials.push(valueOf(outputs)),
      returned: () => undefined,
    };
    const stored = await Promise.all(
      Object.entries(inputs).map(async ([name, value]) => [name, await storeValue(value, space.blobs)] as const),
    );
    const end = await runner.execute({ node, inputs: Object.fromEntries(stored) }, sinks, new AbortController().signal);
    return { end, output: end.status === "succeeded" ? valueOf(end.outputs) : undefined, lines, partials };
  };
  return { runner, space, run };
}

function valueOf(outputs: Extract<ExecutionEnd, { status: "succeeded" }>["outputs"]): unknown {
  const [stored] = Object.values(outputs);
  return stored?.kind === "inline" ? stored.value : stored;
}

describe("after a node has returned", () => {
  const nodes = {
    later: `() => { setTimeout(() => console.log("still here"), 100); setTimeout(() => { throw new Error("too late"); }, 150);
      setTimeout(() => void Promise.reject(new Error("nobody awaits")), 200); return "done"; }, { NAME }`,
    contextual: `(_: object, { log, progress }: any) => { setTimeout(() => { log("from afar"); progress(0.5); }, 100); return 1; }, { NAME }`,
    slow: `async () => { console.log("own"); await wait(600); return "fine"; }, { NAME }`,
    exits: `() => { setTimeout(() => process.exit(5), 200); return "done"; }, { NAME }`,
  };

  test("what it still prints and throws fails no other, and is told apart in its log", async () => {
    const { run } = await started(nodes);
    const later = await run("later");
    expect(later.output).toBe("done");
    const contextual = await run("contextual");
    expect(contextual.output).toBe(1);
    const { output, lines } = await run("slow");
    expect(output).toBe("fine");
    expect(lines).toEqual(["own"]);
    const whole = later.lines.join("\n");
    expect(whole).toContain("`later`, after it had returned: still here");
    expect(whole).toContain("`later`, after it had returned: too late");
    expect(whole).toContain("`later`, after it had returned: nobody awaits");
    expect(contextual.lines).toEqual(["`contextual`, after it had returned: from afar"]);
  });

  test("settling waits for it, and for no more than a moment", async () => {
    const { run, runner } = await started({
      ...nodes,
      none: `() => 1, { NAME }`,
      forEver: `() => { setInterval(() => {}, 10); return 1; }, { NAME }`,
    });
    await run("none");
    const took = async () => {
      const before = performance.now();
      await runner.settle();
      return performance.now() - before;
    };
    expect(await took()).toBeLessThan(150);
    const { lines } = await run("later");
    await runner.settle();
    expect(lines.join("\n")).toContain("nobody awaits");
    await run("forEver");
    expect(await took()).toBeLessThan(1900);
  });

  test("a process.exit in a timer ends the node that runs then, whose log says who called it and where", async () => {
    const { run, space } = await started(nodes);
    expect((await run("exits")).output).toBe("done");
    const { end, lines } = await run("slow");
    expect(end).toMatchObject({ status: "failed", failure: { reason: "process-exited" } });
    expect(lines.find((line) => line.includes("process.exit"))).toContain(
      "`exits`, after it had returned, called process.exit(5) at ",
    );
    expect(lines.join("\n")).toContain(`${space.file}:`);
  });
});

describe("what one node does to the process", () => {
  test("the working directory is set back, with a word in the log", async () => {
    const { run, space } = await started({
      moves: `() => { process.chdir("/"); return process.cwd(); }, { NAME }`,
      looks: `() => process.cwd(), { NAME }`,
    });
    const moves = await run("moves");
    expect(moves.output).toBe("/");
    expect(moves.lines).toEqual([`\`moves\` changed the working directory; it is ${space.folder} again.`]);
    expect((await run("looks")).output).toBe(space.folder);
  });

  test("an object that it was given is nobody else's", async () => {
    const { run } = await started(
      {
        fixed: `({ list }: { list: number[] }) => list.push(9), { NAME, inputs: { list: shared } }`,
        drawn: `({ list }: { list: number[] }) => list.push(9), { NAME, inputs: { list: () => shared } }`,
        wired: `({ list }: { list: number[] }) => list.push(9), { NAME, inputs: { list: [] } }`,
      },
      "const shared = [1];",
    );
    const lengths: unknown[] = [];
    for (const node of ["fixed", "drawn", "fixed", "drawn"]) lengths.push((await run(node)).output);
    for (const _ of [1, 2]) lengths.push((await run("wired", { list: [1] })).output);
    expect(lengths).toEqual([2, 2, 2, 2, 2, 2]);
  });

  test("globals that it puts something else in place of are not the runner's", async () => {
    const { run } = await started({
      patches: `() => {
        const no = () => { throw new Error("patched"); };
        Object.assign(globalThis, { fetch: no, setTimeout: no, clearTimeout: no, structuredClone: no });
        Object.assign(console, { log: () => undefined });
        return "patched";
      }, { NAME }`,
      after: `() => { console.error("printed"); return { a: [1] }; }, { NAME }`,
    });
    expect((await run("patches")).output).toBe("patched");
    expect(await run("after")).toMatchObject({ output: { a: [1] }, lines: ["printed"] });
  });

  test("there is no channel for it to write into or to close, and nothing on standard input", async () => {
    const { run } = await started({
      channel: `() => { process.disconnect?.(); return [typeof process.send, process.connected]; }, { NAME }`,
      stdin: `async () => { const { readFileSync } = await import("node:fs"); let all = ""; for await (const chunk of process.stdin) all += chunk; return [all, readFileSync(0, "utf8")]; }, { NAME }`,
    });
    expect((await run("channel")).output).toEqual(["undefined", true]);
    expect((await run("stdin")).output).toEqual(["", ""]);
  });
});

describe("floods of output", () => {
  const bounded = (lines: readonly string[]) => {
    expect(lines.length).toBeLessThan(5000);
    expect(lines.join("").length).toBeLessThan(5_000_000);
  };
  const nodes = {
    lines: `() => { const line = "x".repeat(99); for (let i = 0; i < 1_000_000; i++) process.stdout.write(line + "\\n"); console.log("the end"); return process.memoryUsage().rss; }, { NAME }`,
    unbroken: `() => { const part = "y".repeat(100_000); for (let i = 0; i < 1000; i++) process.stdout.write(part); return process.memoryUsage().rss; }, { NAME }`,
    atOnce: `() => { console.log("a.b://".repeat(2_000_000) + "\\n" + "line\\n".repeat(2_000_000)); return 1; }, { NAME }`,
    child: `async () => { const { execFileSync } = await import("node:child_process"); execFileSync(process.execPath, ["-e", "for (let i = 0; i < 300; i++) require('fs').writeSync(1, 'z'.repeat(99).concat('\\\\n').repeat(3000))"], { stdio: "inherit" }); return 1; }, { NAME }`,
    secret: `() => { console.log("a".repeat(9990) + " ${token} " + "b".repeat(2000)); console.log("a".repeat(10_480) + "${token}"); process.stdout.write("${token.slice(0, 9)}"); process.stdout.write("${token.slice(9)}\\n"); return 1; }, { NAME }`,
  };

  test("of 100 MB in lines, without a line's end, and at once are cut, and say so", async () => {
    const { run } = await started(nodes);
    const lines = await run("lines");
    expect(lines.lines.at(-1)).toBe("the end");
    expect(lines.lines.some((line) => /^… \d+ lines left out …$/.test(line))).toBe(true);
    bounded(lines.lines);
    const unbroken = await run("unbroken");
    expect(unbroken.lines.at(-1)).toMatch(/^y{10000}… \(100000000 characters\)$/);
    bounded(unbroken.lines);
    for (const { output } of [lines, unbroken]) expect(Number(output)).toBeLessThan(600_000_000);
    const atOnce = await run("atOnce");
    expect(atOnce.output).toBe(1);
    bounded(atOnce.lines);
  }, 60_000);

  test("of a process that a node started are cut, too", async () => {
    const { run } = await started(nodes);
    const { output, lines } = await run("child");
    expect(output).toBe(1);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(200_000);
    expect(lines.some((line) => line.includes("lines left out"))).toBe(true);
  }, 60_000);

  test("show no part of the token where they are cut", async () => {
    const { run } = await started(nodes);
    const { lines } = await run("secret");
    expect(lines.join("\n")).not.toMatch(/hf_a/);
    expect(lines.at(-1)).toBe("hf_•••");
  });
});
