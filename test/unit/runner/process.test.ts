import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Failure } from "../../../src/model/failure.js";
import type { Graph } from "../../../src/model/graph.js";
import type { ExecuteReply } from "../../../src/protocol/runner.js";
import { isFileRef, type Value } from "../../../src/model/value.js";
import { buildRunner, type LiveRunner, startRunner, unreadGraph, type Workspace, workspace } from "./runnerProcess.js";

let built: Awaited<ReturnType<typeof buildRunner>>;
const open: { space: Workspace; runner: LiveRunner }[] = [];

beforeAll(async () => {
  built = await buildRunner();
});
afterAll(() => built.remove());
afterEach(async () => {
  for (const { space, runner } of open.splice(0)) {
    await runner.stop();
    space.remove();
  }
});

function start(text: string, others?: Record<string, string>, options?: Parameters<typeof startRunner>[2]) {
  const space = workspace(text, others);
  const runner = startRunner(built.path, space, options);
  open.push({ space, runner });
  return { space, runner };
}

async function loaded(text: string, others?: Record<string, string>, options?: Parameters<typeof startRunner>[2]) {
  const started = start(text, others, options);
  const graph = await started.runner.load();
  if (!graph.ok) throw new Error(JSON.stringify(graph.failure));
  return { ...started, graph: graph.value };
}

function failureOf(reply: ExecuteReply): Failure {
  if (reply.status !== "failed") throw new Error(`Not failed: ${JSON.stringify(reply)}`);
  return reply.failure;
}

const head = `import { FnNode, Graph, gr, itemList } from "daggr";\n`;
const oneNode = (fn: string, options = "") =>
  `${head}export default new Graph({ name: "g", nodes: [new FnNode(${fn}, { name: "n" ${options} })] });\n`;

describe("loading", () => {
  test("TypeScript's own constructs, imports without extension, JSON and top-level await", async () => {
    const { runner, graph, space } = await loaded(
      `import { FnNode, Graph } from "daggr";
import { shout, type Unused } from "./text";
import { two } from "./lib";
import { three } from "./three.js";
import data, { answer } from "./data.json";
enum Colour { Red = "red" }
namespace Tools { export const twice = (n: number) => n * 2; }
function logged<T extends (...args: never[]) => unknown>(method: T, _: ClassMethodDecoratorContext): T { return method; }
class Greeter { constructor(private readonly who: string) {} @logged greet() { return "hi " + this.who; } }
const late = await Promise.resolve(4);
const type: Unused = 1;
const node = new FnNode(() => [Colour.Red, Tools.twice(2), new Greeter("you").greet(), shout("a"), two, three, data.answer, answer, late, type], { name: "n" });
export default new Graph({ name: "g", nodes: [node] });
`,
      {
        "text.ts": `export type Unused = number;\nexport const shout = (s: string): string => s.toUpperCase();`,
        "lib/index.ts": `export const two: number = 2;`,
        "three.ts": `export const three = 3 as const;`,
        "data.json": `{ "answer": 42, "class": 1 }`,
        "package.json": `{ "name": "a-commonjs-package" }`,
      },
    );
    expect(await runner.outputs("n")).toEqual({ output: ["red", 4, "hi you", "A", 2, 3, 42, 42, 4, 1] });
    expect(graph.files.map((file) => file.slice(space.folder.length + 1)).sort()).toEqual(
      ["data.json", "flow.daggr.ts", "lib/index.ts", "text.ts", "three.ts"].sort(),
    );
  });

  test("packages of the workspace, and `daggr` is always the product's own", async () => {
    const { runner } = await loaded(
      `import { Graph, FnNode } from "daggr";\nimport { pad } from "left";\nexport default new Graph({ name: "g", nodes: [new FnNode(() => pad("x"), { name: "n" })] });`,
      {
        "node_modules/left/package.json": `{ "name": "left", "main": "index.js" }`,
        "node_modules/left/index.js": `exports.pad = (s) => "   " + s;`,
        "node_modules/daggr/package.json": `{ "name": "daggr", "main": "index.js" }`,
        "node_modules/daggr/index.js": `throw new Error("not this one");`,
      },
    );
    expect(await runner.outputs("n")).toEqual({ output: "   x" });
  });

  test("a second process reads what the first transpiled, and a changed file is transpiled anew", async () => {
    const { space, runner } = await loaded(oneNode("() => 1"));
    expect(await runner.outputs("n")).toEqual({ output: 1 });
    const again = startRunner(built.path, space);
    open.push({ space, runner: again });
    expect((await again.load()).ok).toBe(true);
    writeFileSync(space.file, oneNode("() => 2"));
    const changed = startRunner(built.path, space);
    open.push({ space, runner: changed });
    await changed.load();
    expect(await changed.outputs("n")).toEqual({ output: 2 });
  });

  const failing = async (text: string, others?: Record<string, string>) => {
    const { runner } = start(text, others);
    const reply = await runner.load();
    if (reply.ok) throw new Error("It loaded.");
    return reply.failure;
  };

  test("a syntax error says where", async () => {
    const failure = await failing(`const a = 1;\nconst b = = 2;\n`);
    expect(failure).toMatchObject({ reason: "load-failed", location: { start: { line: 2, column: 11 } } });
  });

  test("a package that isn't installed, and a file that isn't there, are named with the line that imports them", async () => {
    const missing = await failing(`\nimport sharp from "sharp-not-here/fast";\nconsole.log(sharp);`);
    expect(missing.message).toContain(`"sharp-not-here`);
    expect(missing.hint).toContain("npm install sharp-not-here ");
    expect(missing.location?.start).toMatchObject({ line: 2 });
    const file = await failing(`import { a } from "./gone.js";\nconsole.log(a);`);
    expect(file.message).toContain("gone.js, which does not exist");
  });

  test("a name that a module doesn't export, a throw at module level, and no graph at all", async () => {
    const name = await failing(`import { b } from "./a.js";\nconsole.log(b);`, { "a.ts": "export const a = 1;" });
    expect(name.message).toContain("'b'");
    expect(name.location?.start.line).toBe(1);
    const thrown = await failing(`\n\nthrow new RangeError("too much");`);
    expect(thrown).toMatchObject({ reason: "load-failed", message: "RangeError: too much" });
    expect(thrown.location?.start).toEqual({ line: 3, column: 7 });
    expect((await failing(`export const a = 1;`)).message).toContain("has no default export");
    expect((await failing(`export default 1;`)).message).toContain("something else than a Graph");
  });

  test("module-level output belongs to nobody, and the graph gets all values that the text did not tell", async () => {
    const { runner, graph } = await loaded(
      `${head}console.warn("loading");
const shared = gr.Slider({ minimum: 0, maximum: 10 * 10, value: 3 });
const steps = [1, 2].map((n) => new FnNode(({ a, b }: { a: number; b: number }) => a + b + n, { name: "step " + n, inputs: { a: shared, b: n }, outputs: { sum: gr.Number() } }));
const last = new FnNode(function join({ x, y }: { x: number; y: number }) { return [x, y]; }, { inputs: { x: steps[0]!.sum, y: steps[1]!.sum } });
export default new Graph({ name: "made in a loop", nodes: [last] });`,
    );
    expect(runner.logs).toMatchObject([{ id: null, line: { level: "warn", text: "loading" } }]);
    expect(graph).toMatchObject({ name: "made in a loop", complete: true, roots: ["join"] });
    expect(graph.nodes.map(({ id }) => id)).toEqual(["step1", "step2", "join"]);
    expect(graph.nodes[1]!.inputs[1]!.source).toEqual({ kind: "fixed", value: 2 });
    expect(graph.nodes.map(({ inputs }) => inputs[0]!.source)).toMatchObject([
      { kind: "component", control: "step1.a", spec: { component: "Slider", props: { maximum: 100 }, value: 3 } },
      { kind: "component", control: "step1.a" },
      { kind: "edge" },
    ]);
    expect(graph.edges).toMatchObject([
      { from: { node: "step1", port: "sum" }, to: { node: "join", port: "x" }, mode: "single" },
      { from: { node: "step2", port: "sum" }, to: { node: "join", port: "y" } },
    ]);
    expect(graph.nodes[0]!.code).toMatch(/^[0-9a-f]{64}$/);
    expect(await runner.outputs("step2", { a: 1, b: 2 })).toEqual({ sum: 5 });
  });
});

describe("matching", () => {
  const two = `${head}export const a = new FnNode(() => 1, { outputs: { v: gr.Number() } });
const b = new FnNode(({ x }: { x: number }) => x, { inputs: { x: a.v } });
export default new Graph({ name: "g", nodes: [b] });`;
  const at = { line: 1, column: 1 };
  /** Of outputs that the text declares. */
  const range = { file: "flow.daggr.ts", start: at, end: at };
  const node = (id: string, output: string) =>
    ({
      id,
      kind: "fn",
      name: id,
      inputs: [],
      outputs: [{ name: output, spec: null, range }],
      target: { kind: "fn", functionName: null },
      limits: {},
      code: "c",
    }) as const;

  test("nodes get the ids of the text, along the edges", async () => {
    const { runner, space } = start(two);
    const graph: Graph = {
      ...unreadGraph(space.file),
      roots: ["b"],
      nodes: [node("a", "v"), { ...node("b", "output"), inputs: [{ name: "x", source: { kind: "edge" } }] }],
      edges: [{ from: { node: "a", port: "v" }, to: { node: "b", port: "x" }, mode: "single" }],
      complete: true,
    };
    const reply = await runner.load(graph);
    expect(reply).toMatchObject({ ok: true, value: { nodes: [{ id: "a", code: "c" }, { id: "b" }] } });
    expect(await runner.outputs("b", { x: 7 })).toEqual({ output: 7 });
  });

  test("a program that is another one than its text is refused by the node's name", async () => {
    const { runner, space } = start(two);
    const graph: Graph = { ...unreadGraph(space.file), roots: ["b"], nodes: [node("b", "other")], complete: true };
    const reply = await runner.load(graph);
    expect(reply).toMatchObject({ ok: false, failure: { reason: "graph-mismatch" } });
    expect(JSON.stringify(reply)).toContain("`b`");
  });
});

describe("functions", () => {
  test("that a factory or a loop has made do not pass for one another", async () => {
    const { graph } = await loaded(
      `${head}const say = (word: string) => () => word;
export default new Graph({ name: "g", nodes: ["a", "b"].map((word) => new FnNode(say(word), { name: word })) });`,
    );
    const codes = graph.nodes.map(({ code }) => code);
    expect(codes).toHaveLength(2);
    expect(new Set(codes).size).toBe(2);
  });

  test("one output takes any value, a list too; several take an object or a tuple; none gives `output`", async () => {
    const { runner } = await loaded(
      `${head}const nodes = [
  new FnNode(() => [1, 2], { name: "one", outputs: { list: gr.JSON() } }),
  new FnNode(() => ({ b: 2, a: 1 }), { name: "keyed", outputs: { a: gr.Number(), b: null } }),
  new FnNode(() => [1, 2] as const, { name: "tuple", outputs: { a: gr.Number(), b: null } }),
  new FnNode(async () => "x", { name: "none" }),
  new FnNode(() => [1, 2] as const, { name: "post", outputs: { a: null, b: null }, postprocess: (x: number, y: number) => [x + y, x * y] }),
  new FnNode(() => [1, 2, 3], { name: "unspread", outputs: { a: null }, postprocess: (...all) => all.length }),
  new FnNode(({ n = 5 }: { n?: number }) => n, { name: "defaults" }),
  new FnNode(({ n }: { n: number }) => n, { name: "pre", inputs: { n: 3 }, preprocess: ({ n }: { n: number }) => ({ n: n * 10 }) }),
];
export default new Graph({ name: "g", nodes });`,
    );
    expect(await runner.outputs("one")).toEqual({ list: [1, 2] });
    expect(await runner.outputs("keyed")).toEqual({ a: 1, b: 2 });
    expect(await runner.outputs("tuple")).toEqual({ a: 1, b: 2 });
    expect(await runner.outputs("none")).toEqual({ output: "x" });
    expect(await runner.outputs("post")).toEqual({ a: 3, b: 2 });
    expect(await runner.outputs("unspread")).toEqual({ a: 1 });
    expect(await runner.outputs("defaults")).toEqual({ output: 5 });
    expect(await runner.outputs("pre")).toEqual({ output: 30 });
  });

  test("returned values that don't fit are named", async () => {
    const { runner } = await loaded(
      `${head}const outputs = { title: gr.Textbox(), body: gr.Textbox() };
const bad: Record<string, () => any> = {
  misspelt: () => ({ titel: "", body: "" }), missing: () => ({ title: "" }), short: () => ["a"], scalar: () => 3,
  map: () => ({ title: new Map(), body: "" }), instance: () => ({ title: new (class Point {})(), body: "" }),
  big: () => ({ title: 1n, body: "" }), fn: () => ({ title: () => 1, body: "" }),
  circle: () => { const o: any = {}; o.self = o; return { title: o, body: "" }; }, promise: () => ({ title: Promise.resolve(1), body: "" }),
};
export default new Graph({ name: "g", nodes: [
  ...Object.entries(bad).map(([name, fn]) => new FnNode(fn, { name, outputs })),
  new FnNode((): any => {}, { name: "nothing", outputs: { title: gr.Textbox() } }),
  new FnNode((_: { seed: number }): any => "", { name: "drawn", inputs: { seed: () => NaN } }),
] });`,
    );
    const message = async (node: string) => {
      const { reason, message, hint } = failureOf(await runner.execute(node));
      expect(reason).toBe("invalid-output");
      return `${message} ${hint ?? ""}`;
    };
    expect(await message("misspelt")).toMatch(/`titel`.*Did you mean `title`/);
    expect(await message("missing")).toContain("`missing.body`");
    expect(await message("short")).toMatch(/1 value, .*2 outputs \(`title`, `body`\)/);
    expect(await message("scalar")).toContain("the number 3");
    expect(await message("nothing")).toContain("returned nothing");
    // What a call is given is nobody's loss yet.
    expect(failureOf(await runner.execute("drawn"))).toMatchObject({
      reason: "invalid-input",
      message: "Input `drawn.seed` is NaN, which cannot be kept or handed on.",
    });
    expect(await message("map")).toContain("a Map");
    expect(await message("instance")).toContain("an instance of Point");
    expect(await message("big")).toContain("BigInt");
    expect(await message("fn")).toContain("function");
    expect(await message("circle")).toContain("Output `circle.title`.self is circular");
    expect(await message("promise")).toContain("Await it");
  });

  test("dates become texts, bytes become files, number arrays lists, undefined vanishes", async () => {
    const { runner } = await loaded(
      oneNode(
        `() => ({ at: new Date(0), none: undefined, floats: new Float32Array([1, 0.5]), bytes: Buffer.from("hello"), url: new URL("http://a/b") })`,
      ),
    );
    const { output } = (await runner.outputs("n")) as { output: Record<string, Value> };
    expect(output).toMatchObject({ at: "1970-01-01T00:00:00.000Z", floats: [1, 0.5], url: "http://a/b" });
    expect("none" in output).toBe(false);
    expect(output.bytes).toMatchObject({ size: 5 });
  });

  test("callables are drawn once a run, and what they gave is recorded even when the node fails", async () => {
    const { runner } = await loaded(
      `${head}let n = 0;
const seed = () => ++n;
export default new Graph({ name: "g", nodes: [
  new FnNode(({ seed }: { seed: number }) => seed, { name: "draws", inputs: { seed } }),
  new FnNode(({ seed }: { seed: number }) => { throw new Error("no " + seed); }, { name: "fails", inputs: { seed } }),
] });`,
    );
    expect(await runner.outputs("draws")).toEqual({ output: 1 });
    expect(await runner.execute("draws")).toMatchObject({
      outputs: { output: { value: 2 } },
      drawn: { seed: { value: 2 } },
    });
    const failed = await runner.execute("fails");
    expect(failed).toMatchObject({ status: "failed", drawn: { seed: { value: 3 } } });
    expect(failureOf(failed).message).toBe("no 3");
  });

  test("a fixed value is a fresh copy for every run", async () => {
    const { runner } = await loaded(
      oneNode(`({ list }: { list: number[] }) => { list.push(1); return list.length; }`, ", inputs: { list: [] }"),
    );
    expect(await runner.outputs("n")).toEqual({ output: 1 });
    expect(await runner.outputs("n")).toEqual({ output: 1 });
  });

  test("large values travel through the blobs", async () => {
    const { runner } = await loaded(oneNode(`({ s }: { s: string }) => s + s`, ", inputs: { s: '' }"));
    const text = "é".repeat(100_000);
    const reply = await runner.execute("n", { s: text });
    expect(reply).toMatchObject({ status: "succeeded", outputs: { output: { kind: "blob", size: 400_002 } } });
    expect(await runner.outputs("n", { s: text })).toEqual({ output: text + text });
  });

  test("a generator streams partial results; the last is the result", async () => {
    const { runner } = await loaded(
      oneNode(
        `async function* () { for (const n of [1, 2, 3]) { yield n; await new Promise((r) => setTimeout(r, 200)); } }`,
      ),
    );
    expect(await runner.outputs("n")).toEqual({ output: 3 });
    expect(runner.partials.map(({ output }) => (output as { value: Value }).value)).toEqual([1, 2, 3]);
  });

  test("progress is sent a few times a second only", async () => {
    const { runner } = await loaded(
      oneNode(
        `async (_: object, { progress }: any) => { for (let i = 0; i <= 100; i++) { progress(i / 100, "at " + i); await new Promise((r) => setTimeout(r, 3)); } }`,
      ),
    );
    await runner.execute("n");
    expect(runner.progress[0]).toEqual({ fraction: 0, message: "at 0" });
    expect(runner.progress.length).toBeGreaterThan(1);
    expect(runner.progress.length).toBeLessThan(20);
  });
});

describe("files", () => {
  test("come in as absolute paths to copies and go out by content, whatever form they have", async () => {
    const { runner, space } = await loaded(
      `${head}import { readFileSync, writeFileSync } from "node:fs";
import { isAbsolute } from "node:path";
const file = { outputs: { f: gr.File() } };
export default new Graph({ name: "g", nodes: [
  new FnNode(({ f }: { f: string }) => { writeFileSync(f, readFileSync(f, "utf8").toUpperCase()); return f; }, { name: "path", inputs: { f: gr.File() }, ...file }),
  new FnNode((_: object, { outputFile }) => { const p = outputFile("../../sub/../a:b.txt"); writeFileSync(p, "made"); return isAbsolute(p) ? p : ""; }, { name: "made", ...file }),
  new FnNode(() => "data:text/plain;base64,aGVsbG8=", { name: "data", ...file }),
  new FnNode((): any => new Blob(["blob"], { type: "text/csv" }), { name: "blob", ...file }),
  new FnNode(() => "./beside.txt", { name: "relative", ...file }),
  new FnNode((_: object, { outputFile }) => { const p = outputFile("x.png"); writeFileSync(p, "p"); return { deep: [p], words: "no path" }; }, { name: "hidden", outputs: { h: null } }),
  new FnNode((_: object, { outputFile }): any => { const p = outputFile("x.png"); writeFileSync(p, "p"); return [[p, "a caption"], p]; }, { name: "gallery", outputs: { g: gr.Gallery() } }),
  new FnNode(() => "/does/not/exist.png", { name: "gone", outputs: { image: gr.Image() } }),
  new FnNode(() => "/", { name: "folder", outputs: { image: gr.Image() } }),
  new FnNode((): any => null, { name: "nothing", ...file }),
] });`,
      { "beside.txt": "beside" },
    );
    const ref = await space.blobs.putBytes(Buffer.from("shout"), "in.txt");
    const text = async (node: string, inputs = {}) => {
      const { f } = await runner.outputs(node, inputs);
      if (!isFileRef(f)) throw new Error(JSON.stringify(f));
      return `${f.name}: ${readFileSync(space.blobs.path(f.$file), "utf8")}`;
    };
    expect(await text("path", { f: { ...ref } })).toBe("in.txt: SHOUT");
    expect(readFileSync(space.blobs.path(ref.$file), "utf8")).toBe("shout");
    expect(await text("made")).toBe("a_b.txt: made");
    expect(await text("data")).toBe("f.txt: hello");
    expect(await text("blob")).toBe("f.csv: blob");
    expect(await text("relative")).toBe("beside.txt: beside");
    expect(await runner.outputs("hidden")).toMatchObject({ h: { deep: [{ name: "x.png" }], words: "no path" } });
    expect(await runner.outputs("gallery")).toMatchObject({ g: [[{ name: "x.png" }, "a caption"], { name: "x.png" }] });
    expect(await runner.outputs("nothing")).toEqual({ f: null });
    const gone = failureOf(await runner.execute("gone"));
    expect(gone).toMatchObject({ reason: "invalid-output" });
    expect(gone.message).toBe('Output `gone.image` is "/does/not/exist.png", but there is no such file.');
    expect(failureOf(await runner.execute("folder")).message).toContain("that is a folder");
  });
});

describe("what goes wrong in user code", () => {
  test("a thrown error has its stack and the exact line and column in the file, in imported files too", async () => {
    const { runner, space } = await loaded(
      `${head}import { deep } from "./deep";
enum E { A }
const n = new FnNode(function outer({ a }: { a: string }) {
  return deep(a as string, E.A);
}, { name: "n", inputs: { a: "x" } });
export default new Graph({ name: "g", nodes: [n] });`,
      {
        "deep.ts": `interface Long { a: string }\n\nexport function deep(a: string, _: number): never {\n  const l: Long = { a }; throw new TypeError("bad " + l.a, { cause: new Error("why") });\n}`,
      },
    );
    const failure = failureOf(await runner.execute("n"));
    expect(failure).toMatchObject({ reason: "thrown", message: "TypeError: bad x" });
    expect(failure.location).toMatchObject({ file: join(space.folder, "deep.ts"), start: { line: 4, column: 32 } });
    const stack = failure.stack!.split("\n");
    expect(stack[0]).toBe(`at deep (${join(space.folder, "deep.ts")}:4:32)`);
    expect(stack[1]).toContain(`(${space.file}:5:10)`);
    expect(stack[2]).toBe("caused by: Error: why");
    expect(failure.stack).not.toContain("runner.mjs");
    expect(failure.stack).not.toContain("node:internal");
  });

  test("things that aren't errors, and rejections without a reason", async () => {
    const { runner } = await loaded(
      `${head}export default new Graph({ name: "g", nodes: [
  new FnNode(() => { throw "just words"; }, { name: "words" }),
  new FnNode(() => Promise.reject(), { name: "nothing" }),
  new FnNode(() => { throw { code: 3 }; }, { name: "object" }),
  new FnNode(() => { throw new AggregateError([new Error("a"), new Error("b")]); }, { name: "several" }),
] });`,
    );
    const message = async (node: string) => failureOf(await runner.execute(node)).message;
    expect(await message("words")).toBe("just words");
    expect(await message("nothing")).toMatch(/^`nothing` failed without a reason/);
    expect(await message("object")).toBe('`object` threw {"code":3}, which is not an Error.');
    expect(await message("several")).toBe("AggregateError: a; b");
  });

  test("a stray rejection or exception fails the execution that caused it, and no other", async () => {
    const { runner } = await loaded(
      `${head}const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
export default new Graph({ name: "g", nodes: [
  new FnNode(async () => { void (async () => { await wait(20); throw new Error("stray"); })(); await wait(5000); }, { name: "rejects" }),
  new FnNode(async () => { setTimeout(() => { throw new Error("in a timer"); }, 20); await wait(5000); }, { name: "throws" }),
  new FnNode(async () => { await wait(400); return "fine"; }, { name: "bystander" }),
] });`,
    );
    const [rejects, throws, bystander] = await Promise.all(
      ["rejects", "throws", "bystander"].map((node) => runner.execute(node)),
    );
    expect(failureOf(rejects!).message).toBe("stray");
    expect(failureOf(throws!).message).toBe("in a timer");
    expect(bystander).toMatchObject({ status: "succeeded" });
  });

  test("output belongs to the execution that printed it, without the token", async () => {
    const token = "hf_abcdefghijklmnopqrstuvwxyz0123";
    const { runner } = await loaded(
      `${head}const say = (who: string) => new FnNode(async () => {
  console.log(who, { deep: { er: [1] } }); console.error("token is ${token}");
  await new Promise((r) => setTimeout(r, 20));
  console.debug(who, "later"); process.stdout.write("no "); process.stdout.write("newline");
  if (who === "b") throw new Error("with ${token}");
}, { name: who });
export default new Graph({ name: "g", nodes: [say("a"), say("b")] });`,
      {},
      { huggingFace: { token, endpoint: "https://huggingface.co" } },
    );
    const [, b] = await Promise.all([runner.execute("a", {}, "A"), runner.execute("b", {}, "B")]);
    const of = (id: string) =>
      runner.logs.filter((log) => log.id === id).map(({ line }) => `${line.level} ${line.text}`);
    expect(of("A")).toEqual([
      "log a { deep: { er: [ 1 ] } }",
      "error token is hf_•••",
      "debug a later",
      "log no newline",
    ]);
    expect(of("B")[2]).toBe("debug b later");
    expect(JSON.stringify([failureOf(b), runner.logs])).not.toContain(token);
  });

  test("cancelling aborts the signal and ends as cancelled", async () => {
    const { runner } = await loaded(
      oneNode(
        `(_: object, { signal }: any) => new Promise((_, reject) => { console.log("waiting"); signal.addEventListener("abort", () => reject(signal.reason)); })`,
      ),
    );
    const reply = runner.execute("n", {}, "X");
    await expect.poll(() => runner.logs.length).toBe(1);
    runner.cancel("X");
    expect(await reply).toEqual({ status: "cancelled" });
  });

  test("process.exit ends the process; what was printed before arrives", async () => {
    const { runner } = await loaded(oneNode(`() => { console.log("bye"); process.exit(7); }`));
    const reply = runner.execute("n").catch(() => "gone");
    expect(await runner.exited).toBe(7);
    expect(await reply).toBe("gone");
    expect(runner.logs.map(({ line }) => line.text)).toEqual([
      "bye",
      expect.stringMatching(/^`n` called process\.exit\(7\) at .*flow\.daggr\.ts:2:\d+$/),
    ]);
  });

  test("the process ends with its parent", async () => {
    const { runner } = await loaded(oneNode(`() => new Promise(() => setInterval(() => {}, 1000))`));
    void runner.execute("n").catch(() => undefined);
    await runner.stop();
    expect(await runner.exited).toBe(0);
  });
});
