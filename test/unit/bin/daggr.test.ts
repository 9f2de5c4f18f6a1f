import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../../bin", import.meta.url));

/** Runs a program to its end and tells what it printed. */
async function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  const closed = once(child, "close");
  return { child, output: () => output, closed: closed.then(([code]) => code as number | null) }; // as Node documents "close"
}

describe("the daggr command", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "daggr-bin-"));
    await cp(bin, join(folder, "bin"), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("says in one line what to do where nothing is built", async () => {
    const { closed, output } = await run(join(folder, "bin", "daggr.mjs"));
    expect(await closed).toBe(1);
    expect(output().trim().split("\n")).toEqual(["daggr: the command line is not built yet; run: npm run build"]);
  });

  test("hands its arguments to the built command line", async () => {
    await mkdir(join(folder, "dist"));
    await writeFile(join(folder, "dist", "cli.mjs"), "console.log(process.argv.slice(2).join());");
    const { closed, output } = await run(join(folder, "bin", "daggr.mjs"), "graph", "a.daggr.ts");
    expect(await closed).toBe(0);
    expect(output()).toBe("graph,a.daggr.ts\n");
  });
});

describe("running a script again on another Node", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "daggr-reexec-"));
    const reexec = JSON.stringify(pathToFileURL(join(bin, "reexec.mjs")).href);
    await writeFile(
      join(folder, "outer.mjs"),
      `import { reexec } from ${reexec}; await reexec(process.execPath, [process.argv[2], ...process.argv.slice(3)]);`,
    );
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("passes output and exit code on", async () => {
    const inner = join(folder, "inner.mjs");
    await writeFile(inner, "console.log(process.argv[2]); process.exitCode = 7;");
    const { closed, output } = await run(join(folder, "outer.mjs"), inner, "hello");
    expect(await closed).toBe(7);
    expect(output()).toBe("hello\n");
  });

  test("a script whose launcher was killed is told so", async () => {
    const inner = join(folder, "inner.mjs");
    const done = join(folder, "done");
    await writeFile(
      inner,
      `import { writeFileSync } from "node:fs";
      process.on("disconnect", () => { writeFileSync(${JSON.stringify(done)}, ""); process.exit(); });
      setInterval(() => 0, 1000); console.log("ready");`,
    );
    const { child, output } = await run(join(folder, "outer.mjs"), inner);
    await expect.poll(output).toBe("ready\n");
    child.kill("SIGKILL");
    await expect.poll(() => existsSync(done)).toBe(true);
  });

  test("passes a signal on and waits for what the script makes of it", async () => {
    const inner = join(folder, "inner.mjs");
    await writeFile(
      inner,
      'process.on("SIGTERM", () => process.exit(42)); setInterval(() => 0, 1000); console.log("ready");',
    );
    const { child, closed, output } = await run(join(folder, "outer.mjs"), inner);
    await expect.poll(output).toBe("ready\n");
    child.kill("SIGTERM");
    expect(await closed).toBe(42);
  });
});
