import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

/** `total` goes on until there is `go`, and only then reads `numbers.txt`. */
const WORKFLOW = `import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FnNode, Graph } from "daggr";

const here = import.meta.dirname;
const total = new FnNode(async () => {
  appendFileSync(join(here, "calls"), ".");
  while (!existsSync(join(here, "go"))) await new Promise((then) => setTimeout(then, 10));
  const numbers = readFileSync(new URL("./numbers.txt", import.meta.url), "utf8").split(" ").map(Number);
  return numbers.reduce((a, b) => a + b);
});
export default new Graph({ name: "data", nodes: [total] });
`;

let w: Workspace;
afterEach(() => w.dispose());

const calls = async () => (await readFile(join(w.folder, "calls"), "utf8")).length;

async function reason() {
  const plan = await w.engine.preview(w.file, { scope: "all", targets: [], reuse: "fresh" });
  return plan.ok ? plan.value.steps[0]?.reason : plan.failure;
}

async function opened(): Promise<void> {
  w = await Workspace.create(WORKFLOW, { "numbers.txt": "1 2" });
  await w.open();
}

test("a result counts what the code reads, and is found again when that is as it was", async () => {
  await opened();
  await w.write("go", "");
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 1 } });
  await w.write("numbers.txt", "1 2 3");
  await w.engine.open(w.file);
  expect(await reason()).toBe("file `numbers.txt` changed");
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(w.output("total")).toBe(6);
  await w.write("numbers.txt", "1 2");
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 1 } });
  expect(w.output("total")).toBe(3);
});

test("what was read while a file changed is stale, and never taken for the result of what the file was before", async () => {
  await opened();
  const run = w.run();
  await w.until(({ nodes }) => nodes.total?.activity.kind === "running");
  await w.write("numbers.txt", "10 20");
  await w.write("go", "");
  expect(await run).toMatchObject({ ok: true, value: { status: "succeeded" } });
  expect(w.output("total")).toBe(30);
  expect(w.node("total").freshness.kind).toBe("stale");
  await w.write("numbers.txt", "1 2");
  await w.engine.open(w.file);
  const reason = "a file that its code reads changed while it ran";
  await w.until(({ nodes }) => nodes.total?.freshness.kind === "stale" && nodes.total.freshness.reason === reason);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(w.output("total")).toBe(3);
  expect(w.node("total").freshness).toEqual({ kind: "fresh" });
  expect(await calls()).toBe(2);
});

test("files that changed are named, and code that changed with them comes first", async () => {
  const text = (sign: string) => `import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FnNode, Graph } from "daggr";

const here = import.meta.dirname;
const all = new FnNode(() => ["0.txt", "1.txt", "2.txt"].length ${sign} readFileSync(join(here, "0.txt")).length +
  readFileSync(join(here, "1.txt")).length + readdirSync(join(here, "more")).map((name) => readFileSync(join(here, "more", name))).length);
export default new Graph({ name: "several", nodes: [all] });
`;
  w = await Workspace.create(text("+"), { "0.txt": "0", "1.txt": "1" });
  await mkdir(join(w.folder, "more"));
  await w.open();
  await w.run();
  await w.write("0.txt", "00");
  await w.write("more/a.txt", "a");
  await w.write("more/b.txt", "b");
  expect(await reason()).toBe("files `0.txt`, `more/a.txt`, `more/b.txt` changed");
  await w.write("1.txt", "11");
  expect(await reason()).toBe("files `0.txt`, `1.txt`, `more/a.txt` and 1 more changed");
  await w.save(text("-"));
  expect(await reason()).toBe("code of `all` changed");
});

const KEEPER = `import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FnNode, Graph } from "daggr";

const here = import.meta.dirname;
const cache = join(here, "cache.json");
const cached = new FnNode(() => {
  appendFileSync(join(here, ["cal", "ls"].join("")), ".");
  if (existsSync(cache)) return readFileSync(cache, "utf8");
  writeFileSync(cache, "worked out");
  return "worked out";
});
const listed = new FnNode(() => {
  mkdirSync(join(here, "frames"), { recursive: true });
  for (const name of ["a", "b"]) writeFileSync(join(here, "frames", name), "x");
  return readdirSync(join(here, "frames")).length;
});
export default new Graph({ name: "keeper", nodes: [cached, listed] });
`;

test("what code leaves of a file that it writes and reads is no reason to run it again, but what others make of it is", async () => {
  w = await Workspace.create(KEEPER);
  await w.open();
  expect(await w.run()).toMatchObject({ value: { executed: 2 } });
  await w.until(({ nodes }) => nodes.cached?.freshness.kind === "fresh");
  // What it has put into a folder that it goes through may as well have been a person.
  expect(await w.run()).toMatchObject({ value: { executed: 1, reused: 1 } });
  await w.until(({ nodes }) => nodes.listed?.freshness.kind === "fresh");
  expect(await w.run()).toMatchObject({ value: { executed: 0, reused: 2 } });
  await w.reopen();
  expect(await w.run()).toMatchObject({ value: { executed: 0, reused: 2 } });

  await w.write("cache.json", "by hand");
  await w.write("frames/by-hand", "x");
  expect(await w.run()).toMatchObject({ value: { executed: 2 } });
  expect([w.output("cached"), w.output("listed")]).toEqual(["by hand", 3]);
  expect(await w.run()).toMatchObject({ value: { executed: 0, reused: 2 } });
  expect(await calls()).toBe(2);
});

test("a file that a node writes for another to read stops neither", async () => {
  w = await Workspace.create(`import { readFileSync, writeFileSync } from "node:fs";
import { FnNode, Graph } from "daggr";

const file = new URL("./made.json", import.meta.url);
const make = new FnNode(() => (writeFileSync(new URL("./made.json", import.meta.url), "[7]"), "made"));
const boom = new FnNode(({ made }: { made: string }) => process.exit(made.length), { inputs: { made: make.output } });
const read = new FnNode(({ made }: { made: string }) => made + readFileSync(file, "utf8"), { inputs: { made: make.output } });
export default new Graph({ name: "handed", nodes: [boom, read] });
`);
  await w.open();
  await rm(join(w.folder, "made.json"), { force: true });
  // `boom` ends the process, so that `read` has another, which is loaded after the file was written.
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed" } });
  expect(w.node("boom").outcome).toMatchObject({ kind: "failed", failure: { reason: "process-exited" } });
  expect(w.output("read")).toBe("made[7]");
});
