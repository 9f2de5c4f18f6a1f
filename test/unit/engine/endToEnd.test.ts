import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { countLog, type LogCounts } from "../../../src/model/logLines.js";
import { Workspace } from "./workspace.js";

const chain = `import { FnNode, Graph, gr } from "daggr";

const first = new FnNode(({ text }: { text: string }) => text.toUpperCase(), {
  inputs: { text: gr.Textbox({ label: "Text", value: "hello" }) },
  outputs: { output: gr.Textbox() },
});
const second = new FnNode(({ text }: { text: string }) => text + "!", {
  inputs: { text: first.output },
  outputs: { output: gr.Textbox() },
});
const aside = new FnNode(({ n }: { n: number }) => n * 2, {
  inputs: { n: gr.Number({ value: 4 }) },
  outputs: { output: gr.Number() },
});
export default new Graph({ name: "chain", nodes: [second, aside] });
`;

let workspace: Workspace;
afterEach(() => workspace.dispose());

async function opened(text: string, others: Readonly<Record<string, string>> = {}): Promise<Workspace> {
  workspace = await Workspace.create(text, others);
  await workspace.open();
  return workspace;
}

test("everything runs once, and then nothing does until something changes", async () => {
  const w = await opened(chain);
  expect(await w.run()).toEqual({ ok: true, value: { status: "succeeded", executed: 3, reused: 0 } });
  expect([w.output("first"), w.output("second"), w.output("aside")]).toEqual(["HELLO", "HELLO!", 8]);
  expect(w.events.at(-1)).toMatchObject({
    type: "finished",
    outputs: { second: { output: "HELLO!" }, aside: { output: 8 } },
  });

  expect(await w.run()).toEqual({ ok: true, value: { status: "succeeded", executed: 0, reused: 3 } });
  expect(w.nodesWith("node-started")).toEqual([]);
});

test("a changed input makes what depends on it stale, and only that runs again", async () => {
  const w = await opened(chain);
  await w.run();
  const control = w.state!.graph!.nodes[0]!.inputs[0]!.source;
  expect(control).toMatchObject({ kind: "component" });
  const id = control.kind === "component" ? control.control : "";
  expect(await w.engine.setInput(w.file, id, "bye")).toEqual({ ok: true, value: undefined });
  expect(w.node("first").freshness).toEqual({ kind: "stale", reason: "input `text` changed" });
  expect(w.node("second").freshness.kind).toBe("stale");
  expect(w.node("aside").freshness).toEqual({ kind: "fresh" });
  await w.run();
  expect(w.nodesWith("node-started")).toEqual(["first", "second"]);
  expect(w.output("second")).toBe("BYE!");
});

test("inputs for one run leave the sheet as it is", async () => {
  const w = await opened(chain);
  await w.run({ inputs: { "first.text": "once" } });
  expect(w.output("second")).toBe("ONCE!");
  expect(w.state?.sheet.values).toEqual({});
});

test("edited code runs again, and a comment does not", async () => {
  const w = await opened(chain);
  await w.run();
  await w.save(chain.replace("const aside", "// remark\nconst aside"));
  await w.run();
  expect(w.nodesWith("node-started")).toEqual([]);
  await w.save(chain.replace("n * 2", "n * 3"));
  await w.run();
  expect(w.nodesWith("node-started")).toEqual(["aside"]);
  expect(w.output("aside")).toBe(12);
});

test("text that is not saved is not run", async () => {
  const w = await opened(chain);
  w.engine.setText(w.file, chain.replace("n * 2", "n * 3"));
  const result = await w.run();
  expect(result).toMatchObject({ ok: false, failure: { hint: "Save, and run again." } });
});

test("results, counts, errors and logs are there again after everything was closed", async () => {
  const failing = chain.replace("n * 2", "(console.log('about to fail'), null as never as { m(): number }).m()");
  const w = await opened(failing);
  await w.run();
  const before = w.state!.nodes;
  expect(before.aside?.outcome.kind).toBe("failed");
  await w.reopen();
  for (const id of ["first", "second", "aside"]) {
    expect(w.node(id)).toEqual({ ...before[id], outcome: w.node(id).outcome });
    expect(w.node(id).outcome).toEqual(before[id]?.outcome);
  }
  expect(w.node("aside").log.map(({ text }) => text)).toEqual(["about to fail"]);
  await w.run();
  expect(w.nodesWith("node-reused")).toEqual(["first", "second"]);
});

test("of a log that was cut, the total stays true, before and after everything was closed", async () => {
  const w = await opened(`import { FnNode, Graph } from "daggr";
const chatty = new FnNode(async () => {
  for (let i = 0; i < 30_000; i++) {
    if (i % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    if (i === 7) console.error("careful"); else console.log("line " + i);
  }
});
export default new Graph({ name: "Chatty", nodes: [chatty] });
`);
  await w.run();
  const total = ({ lines, warnings, errors }: LogCounts) => ({ lines, marked: warnings + errors });
  expect(total(countLog(w.node("chatty")))).toEqual({ lines: 30_000, marked: 1 });
  await w.reopen();
  expect(total(countLog(w.node("chatty")))).toEqual({ lines: 30_000, marked: 1 });
});

test("a failure says what has changed since, and says so again after everything was closed", async () => {
  const failing = `import { FnNode, Graph, gr } from "daggr";
const aside = new FnNode(({ n }: { n: number }) => { if (n !== 5) throw new Error("not five"); return n; }, {
  inputs: { n: gr.Number({ value: 4 }) },
});
export default new Graph({ name: "Five", nodes: [aside] });
`;
  const w = await opened(failing);
  const control = w.state!.graph!.nodes[0]!.inputs[0]!.source;
  const id = control.kind === "component" ? control.control : "";
  const changed = () => {
    const { outcome } = w.node("aside");
    return outcome.kind === "failed" ? (outcome.changed ?? null) : outcome.kind;
  };
  await w.run();
  expect(changed()).toBeNull();
  await w.engine.setInput(w.file, id, 6);
  expect(changed()).toBe("input `n` changed");
  await w.reopen();
  expect((await w.engine.open(w.file)).state.nodes.aside?.outcome).toMatchObject({ changed: "input `n` changed" });

  // Back to what it failed with, and then a failure with something else.
  await w.engine.setInput(w.file, id, 4);
  expect(changed()).toBeNull();
  await w.engine.setInput(w.file, id, 7);
  await w.run();
  expect(changed()).toBeNull();
  await w.save(failing.replace("not five", "not 5"));
  await expect.poll(changed).toBe("code of `aside` changed");
  await w.engine.setInput(w.file, id, 5);
  await w.run();
  expect(changed()).toBe("succeeded");
});

test("an error names its line in the file, and branches that don't depend on it go on", async () => {
  const w = await opened(
    chain
      .replace("text.toUpperCase()", '{\n  throw new Error("no " + text);\n}')
      .replace(": string }) =>", ": string }): string =>"),
  );
  const end = await w.run();
  expect(end).toEqual({ ok: true, value: { status: "failed", executed: 2, reused: 0 } });
  const { outcome } = w.node("first");
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { reason: "thrown", location: { file: w.file, start: { line: 4 } } },
  });
  expect(outcome.kind === "failed" && outcome.failure.message).toContain("no hello");
  expect(w.node("second").outcome).toMatchObject({ kind: "blocked", by: "first" });
  expect(w.output("aside")).toBe(8);
});

test("process.exit in user code is a failed node, and the next run gets a new process", async () => {
  const w = await opened(chain.replace("n * 2", "n * process.exit(7)"));
  await w.run();
  expect(w.node("aside").outcome).toMatchObject({ kind: "failed", failure: { reason: "process-exited" } });
  expect(w.output("second")).toBe("HELLO!");
  await w.save(chain);
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 1 } });
});

test("a function that never returns is stopped, alone or with the run, and leaves no result", async () => {
  const w = await opened(chain.replace("text.toUpperCase()", "{ for (;;); }"));
  const end = w.run();
  await w.until(({ nodes }) => nodes.first?.activity.kind === "running");
  await w.engine.stop(w.file, "first");
  await end;
  expect(w.node("first")).toMatchObject({ outcome: { kind: "cancelled" }, result: null });
  expect(w.node("second").outcome).toMatchObject({ kind: "blocked", by: "first" });
  expect(w.output("aside")).toBe(8);

  const again = w.run();
  await w.until(({ nodes }) => nodes.first?.activity.kind === "running");
  await w.engine.stop(w.file);
  expect(await again).toMatchObject({ ok: true, value: { status: "cancelled" } });
  expect(w.node("first").activity).toEqual({ kind: "idle" });
});

test("a helper file that changes on disk makes stale what reaches it", async () => {
  const text = chain
    .replace("n * 2", "double(n)")
    .replace("\n\nconst first", '\nimport { double } from "./double.js";\n\nconst first');
  const w = await opened(text, { "double.ts": "export const double = (n: number) => n * 2;\n" });
  await w.run();
  await w.write("double.ts", "export const double = (n: number) => n * 20;\n");
  await w.until(({ nodes }) => nodes.aside?.freshness.kind === "stale");
  await w.run();
  expect(w.nodesWith("node-started")).toEqual(["aside"]);
  expect(w.output("aside")).toBe(80);
});

test("what the text does not tell is filled in by the program, and runs", async () => {
  const text = `import { FnNode, Graph } from "daggr";
const made = [1, 2].map((n) => new FnNode(() => n, { name: "made" + n }));
const constant = new FnNode(({ n }: { n: number }) => n, { inputs: { n: Number("5") } });
export default new Graph({ name: "loop", nodes: [constant, ...made] });
`;
  const w = await opened(text);
  const { graph } = await w.until((state) => state.graph?.complete === true);
  expect(graph?.nodes.map(({ name }) => name)).toEqual(["constant", "made1", "made2"]);
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 3 } });
  expect(w.output("constant")).toBe(5);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 3 } });
});

test("a module that is imported while a function runs is run as it is now, even by a process that has run it before", async () => {
  const w = await opened(
    `import { FnNode, Graph } from "daggr";
const late = new FnNode(async () => (await import("./late.js")).value);
export default new Graph({ name: "late", nodes: [late] });
`,
    { "late.ts": "export const value = 1;\n" },
  );
  await w.run();
  expect(w.output("late")).toBe(1);
  await w.write("late.ts", "export const value = 2;\n");
  await w.run();
  expect(w.output("late")).toBe(2);
  w.engine.setText(join(w.folder, "late.ts"), "export const value = 3;\n");
  expect(await w.run()).toMatchObject({ ok: false, failure: { reason: "graph-mismatch" } });
});

/** Each makes its node in a way that text doesn't tell, of something in `part`. */
const untold = (how: string) => `import { FnNode, Graph } from "daggr";
${how}
const made = [value].map((n) => new FnNode(() => n, { name: "made" }));
export default new Graph({ name: "untold", nodes: made });
`;

test.each([
  ["while the file loads", `const { value } = await import("./part.js");`, "part.ts", "export const value = 1;\n"],
  ["through an alias", `import { value } from "#part";`, "part.ts", "export const value = 1;\n"],
  [
    "as JSON with its attribute",
    `import part from "./part.json" with { type: "json" };\nconst { value } = part;`,
    "part.json",
    `{ "value": 1 }`,
  ],
])("a file that is imported %s is part of the program", async (_how, how, part, text) => {
  const w = await opened(untold(how), {
    [part]: text,
    "package.json": `{ "type": "module", "imports": { "#part": "./part.ts" } }`,
  });
  await w.run();
  expect(w.output("made")).toBe(1);
  await w.write(part, text.replace("1", "2"));
  await w.run();
  expect(w.output("made")).toBe(2);
  await w.run();
  expect(w.nodesWith("node-started")).toEqual([]);
  // Seen without anybody asking, too.
  await w.write(part, text.replace("1", "3"));
  await w.until(({ nodes }) => nodes.made?.freshness.kind === "stale");
  w.engine.setText(join(w.folder, part), text.replace("1", "4"));
  expect(await w.run()).toMatchObject({ ok: false, failure: { reason: "graph-mismatch" } });
});

test("a file that cannot be loaded says why, once, and blames no node but the one that it lies with", async () => {
  const w = await opened(`${chain}\nthrow new Error("not today");\n`);
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed", executed: 0 } });
  expect(w.state?.lastRun?.failure).toMatchObject({ reason: "load-failed" });
  expect(w.state?.lastRun?.failure?.message).toBe("not today");
  expect(w.nodesWith("node-failed")).toEqual([]);
  const model = `const model = new InferenceNode("me/model", {
  task: "tex-to-image" as never,
  inputs: { prompt: "a" },
  outputs: { image: gr.Image() },
});
`;
  await w.save(
    chain
      .replace("{ FnNode,", "{ FnNode, InferenceNode,")
      .replace("export default", `${model}export default`)
      .replace("aside]", "aside, model]"),
  );
  await w.run();
  expect(w.nodesWith("node-failed")).toEqual([]);
  const failure = w.state?.lastRun?.failure;
  expect(failure?.message).toMatch(/^`model` keeps flow.daggr.ts from being loaded: .*option `task` must be one of/);
  expect(failure?.location?.start.line).toBe(15);
});

test("in an untrusted workspace the graph shows, and nothing is run or loaded", async () => {
  workspace = await Workspace.create(chain);
  const state = await workspace.open(false);
  expect(state.graph?.nodes.map(({ id }) => id)).toEqual(["first", "second", "aside"]);
  expect(await workspace.run()).toMatchObject({ ok: false, failure: { reason: "untrusted" } });
  expect(await readdir(workspace.folder)).toEqual(["flow.daggr.ts"]);
  await workspace.engine.configure({ trusted: true, token: null, roots: [workspace.folder] });
  expect(workspace.state?.trusted).toBe(true);
  expect((await workspace.run()).ok).toBe(true);
});

test("a broken text keeps the last good graph, and is not run", async () => {
  const w = await opened(chain);
  await w.save(`${chain}\nconst broken = {{{`);
  const { graph } = await w.until((state) => state.graphStatus === "last-good");
  expect(graph?.nodes).toHaveLength(3);
  const failure = {
    reason: "load-failed",
    message: expect.stringMatching(/^flow\.daggr\.ts cannot be read, line \d+: /) as unknown,
    hint: "Nothing was run: put that right first.",
  };
  expect(await w.run()).toMatchObject({ ok: false, failure });
});

test("clearing the cache forgets results but not counts", async () => {
  const w = await opened(chain);
  await w.run();
  expect(await w.engine.clearCache(w.file)).toEqual({ ok: true, value: 3 });
  expect(w.node("first")).toMatchObject({ result: null, freshness: { kind: "none" }, count: 1 });
  await w.run();
  expect(w.node("first").count).toBe(2);
});

test("a file that is gone is said to be gone, and nothing of it is run", async () => {
  const w = await opened(chain);
  await unlink(w.file);
  const { notices, graph } = await w.until(({ notices }) => notices.some(({ id }) => id === "file-missing"));
  const message = "flow.daggr.ts is no longer on disk.";
  const hint = "Put it back, or open it where it is now.";
  expect(notices).toEqual([{ id: "file-missing", severity: "error", message: `${message} ${hint}` }]);
  expect(graph).toBeNull();
  expect(await w.run()).toEqual({ ok: false, failure: { reason: "not-found", message, hint } });
});

test("a file that is gone while an editor still shows it is said to be gone, not to be unsaved", async () => {
  const w = await opened(chain);
  w.engine.setText(w.file, chain);
  await unlink(w.file);
  expect(await w.run()).toMatchObject({ ok: false, failure: { message: "flow.daggr.ts is no longer on disk." } });
});

test("a file that never finishes loading can be stopped", async () => {
  const w = await opened(`${chain}\nfor (;;);\n`);
  const end = w.run();
  await w.until(({ run }) => run !== null);
  await w.engine.stop(w.file);
  expect(await end).toMatchObject({ ok: true, value: { status: "cancelled", executed: 0 } });
});

test("a debugged run waits for its debugger, and then goes on", async () => {
  const w = await opened(chain);
  const end = w.run({ debug: true });
  await expect.poll(() => w.debuggers).toHaveLength(1);
  const inspector = new WebSocket(w.debuggers[0]!);
  await new Promise((resolve) => inspector.addEventListener("open", resolve));
  inspector.send(JSON.stringify({ id: 1, method: "Runtime.runIfWaitingForDebugger" }));
  expect(await end).toMatchObject({ ok: true, value: { status: "succeeded", executed: 3 } });
  inspector.close();
  expect(w.node("first").log).toEqual([]);
});

test("a file travels as a path in code and as content outside: typed, by default, and given back", async () => {
  const text = `import { readFileSync, writeFileSync } from "node:fs";
import { FnNode, Graph, gr, type FnContext } from "daggr";
const copy = new FnNode(
  ({ input, extra }: { input: string; extra: string }, { outputFile }: FnContext) => {
    const path = outputFile("out.txt");
    writeFileSync(path, readFileSync(input, "utf8") + readFileSync(extra, "utf8"));
    return path;
  },
  { inputs: { input: gr.File({ value: "default.txt" }), extra: gr.File() }, outputs: { output: gr.File() } },
);
export default new Graph({ name: "files", nodes: [copy] });
`;
  const w = await opened(text, { "default.txt": "one " });
  const imported = await w.engine.importFile(w.file, { name: "extra.txt", bytes: Buffer.from("two") });
  if (!imported.ok) throw new Error(imported.failure.message);
  await w.engine.setInput(w.file, "copy.extra", { ...imported.value });
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded" } });
  const finished = w.events.at(-1);
  const path = finished?.type === "finished" ? finished.outputs?.copy?.output : null;
  expect(path).toMatch(/out\.txt$/);
  expect(typeof path === "string" && (await readFile(path, "utf8"))).toBe("one two");
  await w.write("default.txt", "changed ");
  await w.run();
  expect(w.nodesWith("node-started")).toEqual(["copy"]);
});

test("with persistKey false nothing is left on disk", async () => {
  const w = await opened(chain.replace('name: "chain"', 'name: "chain", persistKey: false'));
  await w.run();
  expect(w.output("second")).toBe("HELLO!");
  expect(await readdir(w.folder)).toEqual(["flow.daggr.ts"]);
});

test("sheets have their own inputs and results, and share the cache", async () => {
  const w = await opened(chain);
  await w.run();
  await w.engine.selectSheet(w.file, "other");
  expect(w.state?.sheet).toEqual({ id: "other", name: "other", values: {} });
  expect(w.node("first")).toMatchObject({ result: null, count: 0 });
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 3 } });
  await w.engine.selectSheet(w.file, "main");
  expect(w.node("first").count).toBe(1);
});

test("sheets are not switched, nor the cache cleared, while a run is being made ready", async () => {
  const w = await opened(`${untold("const value = 1;")}await new Promise((resolve) => setTimeout(resolve, 300));\n`);
  const end = w.run();
  await Promise.resolve();
  expect(await w.engine.selectSheet(w.file, "other")).toMatchObject({ ok: false });
  expect(await w.engine.clearCache(w.file)).toMatchObject({ ok: false });
  expect(await end).toMatchObject({ ok: true, value: { executed: 1 } });
  expect(w.state?.sheet.name).toBe("main");
  expect(w.output("made")).toBe(1);
  expect(await w.engine.selectSheet(w.file, "other")).toMatchObject({ ok: true });
});

test("a workflow that gets another name during a run gets that name's results after it", async () => {
  const slow = chain.replace("n * 2", "new Promise<number>((resolve) => setTimeout(resolve, 500, n))");
  const w = await opened(slow);
  const end = w.run();
  await w.until(({ nodes }) => nodes.aside?.activity.kind === "running");
  await w.save(slow.replace(`name: "chain"`, `name: "renamed"`));
  expect(await end).toMatchObject({ ok: true, value: { executed: 3 } });
  await w.until(({ graph, nodes }) => graph?.name === "renamed" && nodes.aside?.result === null);
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 3 } });
});

test("what was typed into a control no longer counts once something is wired to its port", async () => {
  const typed = chain.replace("text: first.output", "text: gr.Textbox()");
  const w = await opened(typed);
  await w.engine.setInput(w.file, "second.text", "typed");
  await w.run({ scope: "to", targets: ["second"] });
  expect(w.output("second")).toBe("typed!");
  await w.save(chain);
  await w.run();
  expect(w.output("second")).toBe("HELLO!");
  await w.save(typed);
  await w.run({ scope: "to", targets: ["second"] });
  expect(w.output("second")).toBe("typed!");
});

test("a default file that is missing is said to be, fails only what needs it, and is taken once it is there", async () => {
  const text = `import { FnNode, Graph, gr, InputNode } from "daggr";
const form = new InputNode({ ports: { page: gr.File({ value: "page.txt" }) } });
const size = new FnNode(({ page }: { page: string }) => page.length > 0, { inputs: { page: form.page } });
const direct = new FnNode(({ own }: { own: string }) => own.length > 0, { inputs: { own: gr.File({ value: "own.txt" }) } });
const aside = new FnNode(() => 1);
export default new Graph({ name: "defaults", nodes: [size, direct, aside] });
`;
  const w = await opened(text);
  const said = () => w.state?.notices.find(({ id }) => id === "defaults")?.message;
  await w.until(() => said() !== undefined);
  expect(said()).toMatch(/page\.txt.*own\.txt/s);
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "failed", executed: 1 } });
  for (const [node, file] of [
    ["size", "page.txt"],
    ["direct", "own.txt"],
  ] as const) {
    const { outcome } = w.node(node);
    expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "not-found" } });
    expect(outcome.kind === "failed" && outcome.failure.message).toContain(file);
  }
  for (const name of ["page.txt", "own.txt"]) await w.write(name, "here");
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 2 } });
  expect(said()).toBeUndefined();
});

test("a control refuses what it cannot hold", async () => {
  const w = await opened(chain);
  const message = '`aside.n` takes a number, not "four".';
  expect(await w.engine.setInput(w.file, "aside.n", "four")).toEqual({
    ok: false,
    failure: { reason: "invalid-input", message },
  });
  expect(await w.engine.setInput(w.file, "nobody", 4)).toMatchObject({
    ok: false,
    failure: { reason: "invalid-input" },
  });
});

test("where nothing can be kept, everything still runs and shows, and that is said", async () => {
  workspace = await Workspace.create(chain, { ".daggr": "a file where the folder should be" });
  const { notices } = await workspace.open();
  expect(notices).toMatchObject([{ id: "read-only", severity: "warning" }]);
  expect(await workspace.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 3 } });
  expect(workspace.output("second")).toBe("HELLO!");
  expect(await workspace.engine.setInput(workspace.file, "first.text", "bye")).toMatchObject({ ok: true });
  await workspace.run({ scope: "stale" });
  expect(workspace.output("second")).toBe("BYE!");
  expect(workspace.output("aside")).toBe(8);
});

test("a node alone takes the results that are selected upstream, and makes what follows stale", async () => {
  const w = await opened(chain);
  await w.run();
  await w.save(chain.replace("text.toUpperCase()", "text.toLowerCase()"));
  expect(await w.run({ scope: "only", targets: ["second"], reuse: "not-targets" })).toMatchObject({
    ok: true,
    value: { executed: 1 },
  });
  expect(w.output("second")).toBe("HELLO!");
  await w.run({ scope: "only", targets: ["first"], reuse: "fresh" });
  await w.until(({ nodes }) => nodes.second?.freshness.kind === "stale");
  expect(w.node("second").freshness).toEqual({ kind: "stale", reason: "`first` gave another value" });
});
