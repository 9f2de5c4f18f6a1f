import { readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Workspace } from "./workspace.js";

/** `first` writes down its process; `second` does what is asked. */
const workflow = (second = "return text;", top = "") => `import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FnNode, Graph } from "daggr";
const note = () => writeFileSync(join(import.meta.dirname, "pid"), String(process.pid));
${top}
const first = new FnNode(() => { note(); return "made"; });
const second = new FnNode(async ({ text }: { text: string }) => { ${second} }, { inputs: { text: first.output } });
export default new Graph({ name: "life", nodes: [second] });
`;
const HANG = "for (;;) await new Promise((then) => setTimeout(then, 10));";

let w: Workspace;
afterEach(() => w.dispose());

async function opened(text: string): Promise<Workspace> {
  w = await Workspace.create(text);
  await w.open();
  return w;
}

const runner = async () => Number(await readFile(join(w.folder, "pid"), "utf8").catch(() => "0"));
const running = (id: string) => w.until(({ nodes }) => nodes[id]?.activity.kind === "running");

test("a hundred workflows that were opened and closed leave nothing behind", async () => {
  w = await Workspace.create(workflow());
  await w.engine.configure({ trusted: true, token: null, roots: [w.folder] });
  const cycle = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const file = join(w.folder, `flow${i}.daggr.ts`);
      await w.write(`flow${i}.daggr.ts`, workflow().replace('"life"', `"life ${i}"`));
      await w.engine.open(file);
      await w.engine.close(file);
    }
  };
  // The compiler and its like come with the first one.
  await cycle(1);
  const resources = () => process.getActiveResourcesInfo().filter((kind) => /Watch|FSEvent|Timeout|Process/.test(kind));
  const before = resources();
  await cycle(100);
  await expect.poll(() => resources().length).toBeLessThanOrEqual(before.length);
}, 60_000);

test("a file that is deleted and made anew goes on where it was", async () => {
  await opened(workflow());
  await w.run();
  await unlink(w.file);
  await w.until(({ notices }) => notices.some(({ id }) => id === "file-missing"));
  await w.write("flow.daggr.ts", workflow());
  await w.until(({ notices }) => notices.length === 0);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
});

test("a file that is deleted while an editor shows its text is told to be gone at once, and there again once it is", async () => {
  await opened(workflow());
  w.engine.setText(w.file, workflow());
  await unlink(w.file);
  const { graph } = await w.until(({ notices }) => notices.some(({ id }) => id === "file-missing"));
  expect(graph?.nodes).toHaveLength(2);
  await w.write("flow.daggr.ts", workflow());
  await w.until(({ notices }) => notices.length === 0);
});

test("a file that is renamed keeps its results, which belong to the graph's name", async () => {
  await opened(workflow());
  await w.run();
  const renamed = join(w.folder, "renamed.daggr.ts");
  await rename(w.file, renamed);
  await w.engine.close(w.file);
  const { state } = await w.engine.open(renamed);
  expect(state.nodes.second).toMatchObject({ freshness: { kind: "fresh" }, count: 1 });
  const request = { scope: "all", targets: [], reuse: "fresh" } as const;
  expect(await w.engine.run(renamed, request)).toMatchObject({ ok: true, value: { executed: 0, reused: 2 } });
});

test("a workflow that is closed during a run ends the run, and works when it is opened again", async () => {
  await opened(workflow(HANG));
  const end = w.run();
  await running("second");
  const pid = await runner();
  await w.engine.close(w.file);
  expect(await end).toMatchObject({ ok: true, value: { status: "cancelled" } });
  await expect.poll(() => lives(pid)).toBe(false);
  await w.save(workflow());
  await w.open();
  expect(w.node("second").outcome.kind).toBe("cancelled");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 1, reused: 1 } });
});

test("a window that is reloaded during a run says so: on what was running until that runs again, and to people once", async () => {
  const isTold = () => w.state?.notices.some(({ id }) => id === "run-closed");
  await opened(workflow(HANG));
  const end = w.run();
  await running("second");
  await w.reopen();
  await end;
  expect(w.node("second").outcome).toMatchObject({ kind: "cancelled", closed: true });
  expect(w.node("first").outcome.kind).toBe("succeeded");
  expect(isTold()).toBe(true);
  await w.reopen();
  expect(w.node("second").outcome).toMatchObject({ kind: "cancelled", closed: true });
  expect(isTold()).toBe(false);

  const stopped = w.run();
  await running("second");
  await w.engine.stop(w.file);
  await stopped;
  await w.reopen();
  expect(w.node("second").outcome).toMatchObject({ kind: "cancelled" });
  expect(w.node("second").outcome).not.toHaveProperty("closed");
  expect(isTold()).toBe(false);
});

test("what was told of a run that its window's reload ended goes with the next run", async () => {
  await opened(workflow(HANG));
  const end = w.run();
  await running("second");
  await w.reopen();
  await end;
  const again = w.run();
  await w.until(({ notices }) => notices.length === 0);
  await running("second");
  await w.engine.stop(w.file);
  expect(await again).toMatchObject({ ok: true, value: { status: "cancelled", executed: 1 } });
});

test("a process that is killed while a node runs fails that node only; what was made stays", async () => {
  await opened(workflow(HANG));
  const end = w.run();
  await running("second");
  process.kill(await runner(), "SIGKILL");
  expect(await end).toMatchObject({ ok: true, value: { status: "failed", executed: 2 } });
  expect(w.node("second").outcome).toMatchObject({ kind: "failed", failure: { reason: "process-exited" } });
  await w.save(workflow());
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 1, reused: 1 } });
});

test("a process that is killed between runs is replaced without a word", async () => {
  await opened(workflow());
  await w.run();
  const before = await runner();
  process.kill(before, "SIGKILL");
  await expect.poll(() => lives(before)).toBe(false);
  expect(await w.run({ reuse: "never" })).toMatchObject({ ok: true, value: { status: "succeeded", executed: 2 } });
  expect(await runner()).not.toBe(before);
  expect(w.state?.notices).toEqual([]);
});

test("a process that is killed while the file loads fails the run and says so, and the next run works", async () => {
  await opened(
    workflow(
      "return text;",
      `note();\nwhile (!existsSync(join(import.meta.dirname, "go"))) await new Promise((then) => setTimeout(then, 10));`,
    ),
  );
  const end = w.run();
  await expect.poll(runner).toBeGreaterThan(0);
  process.kill(await runner(), "SIGKILL");
  expect(await end).toMatchObject({ ok: true, value: { status: "failed", executed: 0 } });
  expect(w.state?.lastRun?.failure).toMatchObject({ reason: "process-exited" });
  expect(w.state?.run).toBeNull();
  await w.write("go", "");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 2 } });
});

test("messages of user code's own on the process's channel do no harm", async () => {
  const junk = [
    "null",
    "1",
    `"text"`,
    "{}",
    `{ t: "q", m: "progress", a: null }`,
    `{ t: "q", m: "log", a: [null, 7] }`,
  ];
  const more = [
    `{ t: "q", m: "partial", a: ["1", 3] }`,
    `{ t: "q", m: "nothing", i: "x", a: [] }`,
    `{ t: "s", i: "1", r: 5 }`,
  ];
  await opened(
    workflow(`${[...junk, ...more].map((each) => `process.send?.(${each});`).join(" ")} return text + "!";`),
  );
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 2 } });
  expect(w.output("second")).toBe("made!");
  expect(w.state?.notices).toEqual([]);
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
