import { build } from "esbuild";
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  openSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nodeBundles } from "../../../scripts/bundles.mjs";
import { root } from "../../../scripts/paths.mjs";
import type { RunEvent } from "../../../src/model/runEvent.js";

/** The product as it is installed: `bin` beside `dist`. */
let installed: string;
let workspace: string;

beforeAll(async () => {
  installed = temporaryFolder();
  const bundles = nodeBundles(false);
  const into = (folder: string) =>
    ({ absWorkingDir: root, outdir: join(installed, folder), sourcemap: false }) as const;
  await Promise.all([
    build({ ...bundles.engine, ...into("dist"), logLevel: "error" }),
    build({ ...bundles.sdk, ...into("dist/sdk"), logLevel: "error" }),
  ]);
  cpSync(join(root, "bin"), join(installed, "bin"), { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
}, 120_000);
afterAll(() => rmSync(installed, { recursive: true, force: true }));

beforeEach(() => {
  workspace = temporaryFolder();
  return () => rmSync(workspace, { recursive: true, force: true });
});

const WORKFLOW = `import { readFile, writeFile } from "node:fs/promises";
import { FnNode, Graph, gr, type FnContext } from "daggr";
const shout = new FnNode(({ text }: { text: string }) => {
  if (text === "boom") throw new RangeError("too loud");
  console.log("shouting", text);
  return text.toUpperCase();
}, { inputs: { text: gr.Textbox({ value: "hello" }) }, outputs: { loud: gr.Textbox() } });
async function print({ loud, paper }: { loud: string; paper: string }, { outputFile }: FnContext) {
  const file = outputFile("print.txt");
  await writeFile(file, loud + " on " + (await readFile(paper, "utf8")));
  return file;
}
const page = new FnNode(print, { inputs: { loud: shout.loud, paper: gr.File({ value: "paper.txt" }) }, outputs: { file: gr.File() } });
export default new Graph({ name: "Print", nodes: [page] });
`;
const HANG = `import { FnNode, Graph } from "daggr";
const stuck = new FnNode(async () => {
  console.log("stuck from now on in", process.pid);
  // What was said leaves the process first.
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (;;) Math.random();
});
export default new Graph({ name: "Hang", nodes: [stuck] });
`;

describe("daggr run", { timeout: 60_000 }, () => {
  beforeEach(() => {
    writeFileSync(join(workspace, "print.daggr.ts"), WORKFLOW);
    writeFileSync(join(workspace, "paper.txt"), "white paper");
  });

  test("runs, keeps what it made, and runs only what has changed", async () => {
    const first = await daggr("run", "print.daggr.ts");
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining("  shout | shouting hello\n") as string });
    expect(first.stderr).toContain("Succeeded: 2 ran, 0 reused");
    expect(readFileSync(first.stdout.trimEnd(), "utf8")).toBe("HELLO on white paper");

    const second = await daggr("run", "print.daggr.ts");
    expect(second.stderr).toContain("Nothing to run: 2 results are fresh.\n");
    expect(second.stdout).toBe(first.stdout);

    mkdirSync(join(workspace, "drawer"));
    writeFileSync(join(workspace, "drawer", "red.txt"), "red paper");
    const third = await daggr("run", "print.daggr.ts", "--input", "page.paper=drawer/red.txt", "--json");
    const events = third.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as RunEvent);
    expect(events.flatMap((event) => (event.type === "node-succeeded" ? event.node : []))).toEqual(["page"]);
    expect(events.flatMap((event) => (event.type === "node-reused" ? event.node : []))).toEqual(["shout"]);
    const last = events.at(-1)!;
    // A file's value is its path on the command line.
    const file = last.type === "finished" ? (last.outputs?.page?.file as string) : "";
    expect(readFileSync(file, "utf8")).toBe("HELLO on red paper");

    // What was given on the command line was for that run alone.
    expect((await daggr("run", "print.daggr.ts")).stdout).toBe(first.stdout);
    expect((await daggr("run", "print.daggr.ts", "--no-cache")).stderr).toContain("Succeeded: 2 ran, 0 reused");
  });

  test.each([[], ["--json"]])(
    "an error after the result fails nothing, and is said with its node %j",
    async (...args) => {
      const text = `import { FnNode, Graph } from "daggr";
const hasty = new FnNode(() => { setTimeout(() => { throw new Error("late"); }, 300); return "ok"; });
export default new Graph({ name: "Late", nodes: [hasty] });
`;
      writeFileSync(join(workspace, "late.daggr.ts"), text);
      const run = await daggr("run", "late.daggr.ts", ...args);
      expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining("ok") as string });
      expect(run.stderr).toContain("`hasty`, after it had returned: late");
      expect(run.stderr).toMatch(/late\.daggr\.ts:2:\d+/);
    },
  );

  test("a function that throws fails the run, and its line is named", async () => {
    const run = await daggr("run", "print.daggr.ts", "--input", "shout.text=boom");
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("too loud");
    expect(run.stderr).toMatch(/print\.daggr\.ts:4:\d+/);
    expect(run.stderr).toContain("page not run, because of shout");
  });

  test.each([
    ["that keeps nothing", (text: string) => text.replace('name: "Print"', 'name: "Print", persistKey: false'), false],
    ["in a folder that can't be written", (text: string) => text, true],
  ])("a file made by a workflow %s is still there afterwards", async (_where, change, unwritable) => {
    writeFileSync(join(workspace, "print.daggr.ts"), change(WORKFLOW));
    // A file where the folder should be: nobody can write there, whatever their rights.
    if (unwritable) writeFileSync(join(workspace, ".daggr"), "");
    const temporary = join(workspace, "temporary");
    mkdirSync(temporary);
    const { code, stdout } = await startWith({ env: { TMPDIR: temporary } }, "run", "print.daggr.ts").end;
    expect(code).toBe(0);
    expect(readFileSync(stdout.trimEnd(), "utf8")).toBe("HELLO on white paper");
    // Of what was only for the time of the run, nothing is left.
    expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^daggr-outputs-/)]);
  });

  test("wrong usage runs nothing", async () => {
    expect(await daggr("run", "nope.daggr.ts")).toEqual({
      code: 2,
      stdout: "",
      stderr: "daggr: nope.daggr.ts doesn't exist.\n",
    });
  });

  test("an interrupt stops even a function that never returns", async () => {
    writeFileSync(join(workspace, "hang.daggr.ts"), HANG);
    const run = start("run", "hang.daggr.ts", "--json");
    await run.says("stuck from now on");
    run.child.kill("SIGINT");
    const { code, stdout } = await run.end;
    expect(code).toBe(130);
    const lines = stdout.trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ type: "finished", status: "cancelled", outputs: {} });
  });

  test("a second interrupt doesn't wait, and leaves no process behind", async () => {
    writeFileSync(join(workspace, "hang.daggr.ts"), HANG);
    const run = start("run", "hang.daggr.ts");
    await run.says(/stuck from now on in \d+\n/);
    run.child.kill("SIGINT");
    await run.says("Stopping…");
    run.child.kill("SIGINT");
    const { code, stderr } = await run.end;
    expect(code).toBe(130);
    const runner = Number(/stuck from now on in (\d+)/.exec(stderr)![1]);
    expect(() => process.kill(runner, 0)).toThrow("ESRCH");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s ends it, even while the file hangs at import", async (signal, code) => {
    writeFileSync(join(workspace, "endless.daggr.ts"), `${HANG}for (;;) Math.random();\n`);
    const run = start("run", "endless.daggr.ts");
    await run.says("Loading endless.daggr.ts…");
    run.child.kill(signal);
    const end = await run.end;
    expect(end.code).toBe(code);
    expect(end.stderr).toMatch(/^Loading endless\.daggr\.ts…\nStopping… \(again to stop at once\)\nStopped: 0 ran/);
  });

  test.each([["--dry-run"], ["--dry-run", "--json"], ["--to", "made1"]])(
    "an interrupt ends planning that waits for a file that hangs at import: %j %j",
    async (...args) => {
      // Nodes made in a loop are known to the program alone.
      const text = `import { FnNode, Graph } from "daggr";
const nodes = [1, 2].map((n) => new FnNode(() => n, { name: \`made\${n}\` }));
while (true) Math.random();
export default new Graph({ name: "Endless", nodes });
`;
      writeFileSync(join(workspace, "endless.daggr.ts"), text);
      const run = start("run", "endless.daggr.ts", ...args);
      await run.says("Loading endless.daggr.ts…");
      run.child.kill("SIGINT");
      const { code, stdout, stderr } = await run.end;
      expect(code).toBe(130);
      expect(args.includes("--json") ? stdout : stderr).toContain(
        args.includes("--json") ? '"status":"cancelled"' : "Stopped: 0 ran",
      );
    },
    15_000,
  );

  test.skipIf(process.platform !== "linux")("a full disk in place of a terminal is told without a stack", async () => {
    const full = openSync("/dev/full", "w");
    const run = startWith({ stdout: full }, "graph", "print.daggr.ts");
    const { code, stderr } = await run.end;
    closeSync(full);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^daggr: the output can't be written: ENOSPC.*\n$/);
  });

  test("it ends with whoever holds its channel", async () => {
    writeFileSync(join(workspace, "hang.daggr.ts"), HANG);
    const run = startWith({ channel: true }, "run", "hang.daggr.ts");
    await run.says(/stuck from now on in \d+\n/);
    const text = run.text();
    run.child.disconnect();
    // Node emits no "close" for a child whose channel was closed from this end.
    const [code] = (await once(run.child, "exit")) as [number | null];
    expect(code).toBe(129);
    const runner = Number(/stuck from now on in (\d+)/.exec(text)![1]);
    expect(() => process.kill(runner, 0)).toThrow("ESRCH");
  });

  test("a reader that goes away ends it quietly", async () => {
    writeFileSync(join(workspace, "hang.daggr.ts"), HANG);
    const run = start("run", "hang.daggr.ts", "--json");
    run.child.stdout!.destroy();
    const { code, stderr } = await run.end;
    // A machine with much to do takes so long to load the file that this is said.
    expect({ code, stderr: stderr.replace("daggr: Loading hang.daggr.ts…\n", "") }).toEqual({ code: 141, stderr: "" });
  });
});

test("daggr graph runs no code", { timeout: 60_000 }, async () => {
  writeFileSync(join(workspace, "loud.daggr.ts"), `throw new Error("run!");\n${WORKFLOW}`);
  const { code, stdout } = await daggr("graph", "loud.daggr.ts", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ name: "Print", nodes: [{ id: "shout" }, { id: "page" }] });
});

/** Whatever a failed test has left running. */
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

interface End {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly end: Promise<End>;
  /** Once it has said so, on either stream. */
  says(text: string | RegExp): Promise<void>;
  /** What it has said so far, on either stream. */
  text(): string;
}

function daggr(...args: string[]): Promise<End> {
  return start(...args).end;
}

function start(...args: string[]): Started {
  return startWith({}, ...args);
}

interface Setting {
  readonly env?: NodeJS.ProcessEnv;
  /** File descriptor in place of a pipe. */
  readonly stdout?: number;
  /** As a launcher has it. */
  readonly channel?: boolean;
}

function startWith({ env: more, stdout: out, channel }: Setting, ...args: string[]): Started {
  const env = { ...process.env, NO_COLOR: "1", ...more };
  const stdio: StdioOptions = ["pipe", out ?? "pipe", "pipe", ...(channel ? (["ipc"] as const) : [])];
  const child = spawn(process.execPath, [join(installed, "bin", "daggr.mjs"), ...args], { cwd: workspace, env, stdio });
  children.add(child);
  child.once("close", () => children.delete(child));
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr?.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  const end = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const said = (text: string | RegExp) =>
    typeof text === "string" ? (stdout + stderr).includes(text) : text.test(stdout + stderr);
  return {
    child,
    end,
    text: () => stdout + stderr,
    async says(text) {
      while (!said(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without saying ${text}: ${stdout}${stderr}`);
        await Promise.race([once(child.stdout!, "data"), once(child.stderr!, "data"), once(child, "close")]);
      }
    },
  };
}

function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "cli-process-")));
}
