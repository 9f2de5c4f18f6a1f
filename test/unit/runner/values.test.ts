import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Failure } from "../../../src/model/failure.js";
import { escaped, isFileRef, unescaped, type Value } from "../../../src/model/value.js";
import { controlValue } from "../../../src/scheduler/inputValues.js";
import { buildRunner, type LiveRunner, startRunner, type Workspace, workspace } from "./runnerProcess.js";

const sha = "a".repeat(64);

/** Name of a node → its function and outputs. */
const nodes = {
  // What is kept.
  nothing: [`() => null`],
  dates: [`() => new Date(0)`],
  invalidDate: [`() => new Date(NaN)`],
  negativeZero: [`() => -0`],
  holes: [`() => [1, , 3]`],
  typed: [`() => new Float32Array([1, 0.5])`],
  json: [`() => ({ toJSON: () => ({ a: 1 }) })`],
  bare: [`() => Object.assign(Object.create(null), { a: 1 })`],
  lookalike: [`() => ({ $file: "${sha}", name: "passwd", deep: [{ $$file: "${sha}", name: "x" }] })`],
  buffer: [`() => Buffer.from("hello")`],
  arrayBuffer: [`() => new Uint8Array([104, 105]).buffer`],
  deep500: [`() => { let o: unknown = 1; for (let i = 0; i < 500; i++) o = [o]; return o; }`],
  constructorPort: [`() => ({ constructor: 1, toString: 2 })`, `{ constructor: null, toString: null }`],
  classGetter: [`() => new (class { get a() { return 1; } get b() { return 2; } })()`, `{ a: null, b: null }`],
  nan: [`() => ({ stats: { mean: NaN, n: 1 } })`],
  infinity: [`() => -Infinity`],
  losses: [`() => new Float32Array([1, NaN, NaN, 2, Infinity, NaN, NaN])`, `{ out: gr.Number() }`],
  steps: [`async function* () { yield [NaN]; await new Promise((r) => setTimeout(r, 300)); yield [NaN, 1]; }`],
  // What is refused.
  nanImage: [`() => NaN`, `{ out: gr.Image() }`],
  bigint: [`() => 1n`],
  bigints: [`() => new BigInt64Array(1)`],
  symbol: [`() => Symbol("s")`],
  fn: [`() => function named() {}`],
  map: [`() => new Map()`],
  set: [`() => new Set()`],
  error: [`() => new TypeError("a value")`],
  instance: [`() => new (class Point {})()`],
  regexp: [`() => /x/`],
  cycle: [`() => { const o: any = { a: {} }; o.a.b = o; return o; }`],
  deep: [`() => { let o: any = {}; for (let i = 0; i < 20_000; i++) o = { a: o }; return o; }`],
  sparse: [`() => { const a: number[] = []; a[4_000_000_000] = 1; return a; }`],
  getter: [`() => ({ stats: { get mean() { throw new Error("no data"); } } })`],
  proxy: [`() => ({ p: new Proxy({}, { ownKeys() { throw 1; } }) })`],
  toJson: [`() => ({ toJSON() { throw new Error("not today"); } })`],
  missingConstructor: [`() => ({ a: 1 })`, `{ a: null, constructor: null }`],
  getterPort: [`() => ({ get a() { throw new Error("no a"); }, b: 1 })`, `{ a: null, b: null }`],
  proxyPorts: [`() => new Proxy({}, { getOwnPropertyDescriptor() { throw 1; } })`, `{ a: null, b: null }`],
  // What is thrown.
  throwNull: [`() => { throw null; }`],
  throwProxy: [`() => { throw new Proxy({}, { get() { throw 1; } }); }`],
  throwProxiedError: [`() => { throw new Proxy(new Error("x"), { get() { throw 1; } }); }`],
  throwUnprintable: [`() => { throw { toString() { throw 1; }, toJSON() { throw 2; } }; }`],
  throwSymbol: [`() => { throw Symbol("s"); }`],
  throwOddError: [`() => { throw Object.assign(new Error(), { message: Symbol("s"), name: 5 }); }`],
  throwGetters: [`() => { throw Object.defineProperty(new Error("x"), "message", { get() { throw 1; } }); }`],
  throwLong: [`() => { throw new Error("x".repeat(1_000_000)); }`],
  throwCause: [`() => { throw new Error("outer", { cause: new Proxy({}, { get() { throw 1; } }) }); }`],
  // Files.
  image: [`() => 5`, `{ out: gr.Image() }`],
  imageTrue: [`() => true`, `{ out: gr.Image() }`],
  imageObject: [`() => ({ width: 1 })`, `{ out: gr.Image() }`],
  imageList: [`() => ["a.png", "b.png"]`, `{ out: gr.Image() }`],
  imageMissing: [`() => "gone.png"`, `{ out: gr.Image() }`],
  imageFolder: [`() => "."`, `{ out: gr.Image() }`],
  imageText: [`() => "a cat on a mat\\0"`, `{ out: gr.Image() }`],
  imageEmpty: [`() => ""`, `{ out: gr.Image() }`],
  imageDescribed: [
    `() => ({ path: "beside.png", orig_name: "cat.png", meta: { _type: "gradio.FileData" } })`,
    `{ out: gr.Image() }`,
  ],
  imageUrlObject: [`() => new URL("./beside.png", import.meta.url)`, `{ out: gr.Image() }`],
  imageLookalike: [`() => ({ $file: "${sha}", name: "passwd" })`, `{ out: gr.Image() }`],
  audio: [`() => [44100, new Float32Array(3)]`, `{ out: gr.Audio() }`],
  video: [`() => new Map()`, `{ out: gr.Video() }`],
  model3d: [`() => Symbol("s")`, `{ out: gr.Model3D() }`],
  file: [`() => ["beside.png", 7]`, `{ out: gr.File({ fileCount: "multiple" }) }`],
  files: [`() => ["beside.png", "beside.png"]`, `{ out: gr.File({ fileCount: "multiple" }) }`],
  gallery: [
    `() => [["beside.png", "a caption"], { image: "beside.png", caption: null }, "beside.png"]`,
    `{ out: gr.Gallery() }`,
  ],
  galleryBad: [`() => [["beside.png", "a caption"], [3, "three"]]`, `{ out: gr.Gallery() }`],
  slider: [`() => ["beside.png", {}]`, `{ out: gr.ImageSlider() }`],
  listField: [`() => [{ picture: "beside.png" }, { picture: 3 }]`, `{ out: itemList({ picture: gr.Image() }) }`],
  unwritten: [`(_: object, { outputFile }) => outputFile("a.wav")`, `{ out: gr.Audio() }`],
  unwrittenAnywhere: [`(_: object, { outputFile }) => ({ a: [outputFile("a.wav")] })`],
  outputFile5: [`(_: object, { outputFile }) => outputFile(5 as any)`, `{ out: gr.Audio() }`],
  outputFileUnnamed: [`(_: object, { outputFile }: any) => outputFile()`, `{ out: gr.Audio() }`],
} as const;
type Name = keyof typeof nodes;

let built: Awaited<ReturnType<typeof buildRunner>>;
let space: Workspace;
let runner: LiveRunner;

beforeAll(async () => {
  built = await buildRunner();
  const made = Object.entries(nodes).map(
    ([name, [fn, outputs = "{ out: null }"]]) =>
      `new FnNode((${fn}) as any, { name: "${name}", outputs: ${outputs} as any }),`,
  );
  space = workspace(
    `import { FnNode, Graph, gr, itemList } from "daggr";\nexport default new Graph({ name: "g", nodes: [\n${made.join("\n")}\n] });\n`,
    { "beside.png": "a picture" },
  );
  runner = startRunner(built.path, space);
  const loaded = await runner.load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
});
afterAll(async () => {
  await runner.stop();
  space.remove();
  built.remove();
});

const picture = { name: "beside.png", size: 9 };

test.each<[Name, unknown]>([
  ["nothing", null],
  ["dates", "1970-01-01T00:00:00.000Z"],
  ["invalidDate", null],
  ["negativeZero", 0],
  ["holes", [1, null, 3]],
  ["typed", [1, 0.5]],
  ["json", { a: 1 }],
  ["bare", { a: 1 }],
  ["imageEmpty", null],
])("%s is kept as %j", async (node, value) => {
  expect((await runner.outputs(node)).out).toStrictEqual(value);
});

test.each<[Name, unknown]>([
  ["buffer", { size: 5 }],
  ["arrayBuffer", { size: 2 }],
  ["imageDescribed", { ...picture, name: "cat.png" }],
  ["imageUrlObject", picture],
  ["files", [picture, picture]],
  ["gallery", [[picture, "a caption"], { image: picture, caption: null }, picture]],
])("%s is kept as a file", async (node, value) => {
  expect((await runner.outputs(node)).out).toMatchObject(value as object);
});

test("deep values and ports that are called what all objects have are kept", async () => {
  expect(JSON.stringify((await runner.outputs("deep500")).out)).toHaveLength(1001);
  expect(Object.entries(await runner.outputs("constructorPort"))).toEqual([
    ["constructor", 1],
    ["toString", 2],
  ]);
  expect(await runner.outputs("classGetter")).toEqual({ a: 1, b: 2 });
});

test.each<[Name, unknown, string]>([
  [
    "nan",
    { stats: { mean: null, n: 1 } },
    "Output `nan.out`.stats.mean is NaN: kept and handed on as null, for JSON has no such number.",
  ],
  ["infinity", null, "Output `infinity.out` is -Infinity: kept and handed on as null, for JSON has no such number."],
  [
    "losses",
    [1, null, null, 2, null, null, null],
    "Output `losses.out`[1] is NaN, NaN at [2], Infinity at [4], 2 more: kept and handed on as null, for JSON has no such numbers.",
  ],
  ["steps", [null, 1], "Output `steps.out`[0] is NaN: kept and handed on as null, for JSON has no such number."],
])("%s is kept without the numbers that JSON lacks, and its log says so", async (node, value, said) => {
  const from = runner.logs.length;
  expect((await runner.outputs(node)).out).toStrictEqual(value);
  expect(runner.logs.slice(from).map(({ line }) => [line.level, line.text])).toEqual([["warn", said]]);
});

test.each<[Name, string]>([
  ["nanImage", "Output `nanImage.out` is the number NaN, but gr.Image takes a file."],
  ["bigint", "Output `bigint.out` is a BigInt, which"],
  ["bigints", "Output `bigints.out`[0] is a BigInt, which"],
  ["symbol", "Output `symbol.out` is a symbol, which"],
  ["fn", "Output `fn.out` is the function named, which"],
  ["map", "Output `map.out` is a Map, which cannot be kept or handed on. Convert it with Object.fromEntries(map)."],
  ["set", "Output `set.out` is a Set, which"],
  ["error", "Output `error.out` is an error (a value), which"],
  ["instance", "Output `instance.out` is an instance of Point, which"],
  ["regexp", "Output `regexp.out` is a RegExp, which"],
  ["cycle", "Output `cycle.out`.a.b is circular: it contains itself, which"],
  ["deep", "is nested more than 1000 levels deep, which"],
  ["sparse", "Output `sparse.out` is a list of 4000000001 items, which"],
  ["getter", "Output `getter.out`.stats.mean is a property whose getter throws an error (no data), which"],
  ["proxy", "Output `proxy.out` cannot be read: doing so threw the number 1."],
  ["toJson", "Output `toJson.out` cannot be read: doing so threw an error (not today)."],
  ["missingConstructor", "`missingConstructor` gave no value for the output `missingConstructor.constructor`."],
  [
    "getterPort",
    "What `getterPort` returned for `getterPort.a`, `getterPort.b` cannot be read: doing so threw an error (no a).",
  ],
  ["proxyPorts", "cannot be read: doing so threw the number 1. Return a plain object"],
  ["image", "Output `image.out` is the number 5, but gr.Image takes a file. Return the file's absolute path"],
  ["imageTrue", "Output `imageTrue.out` is true, but gr.Image takes a file."],
  ["imageObject", "Output `imageObject.out` is an object with the key width, but gr.Image takes a file."],
  ["imageList", "is a list of 2 items, but gr.Image takes a file. Return one file's path; gr.Gallery"],
  ["imageMissing", 'gone.png", but there is no such file.'],
  ["imageFolder", "but that is a folder, not a file."],
  ["imageText", 'Output `imageText.out` is "'],
  ["imageLookalike", "is an object with the keys $file, name, but gr.Image takes a file."],
  ["audio", "Output `audio.out` is a list of 2 items, but gr.Audio takes a file."],
  ["video", "Output `video.out` is a Map, but gr.Video takes a file."],
  ["model3d", "Output `model3d.out` is a symbol, but gr.Model3D takes a file."],
  ["file", "Output `file.out`[1] is the number 7, but gr.File takes a file."],
  ["galleryBad", "Output `galleryBad.out`[1][0] is the number 3, but gr.Gallery takes a file."],
  ["slider", "Output `slider.out`[1] is an empty object, but gr.ImageSlider takes a file."],
  ["listField", "Output `listField.out`[1].picture is the number 3, but gr.Image takes a file."],
  ["unwritten", 'a.wav", but there is no such file.'],
  [
    "unwrittenAnywhere",
    "Output `unwrittenAnywhere.out`.a[0] is a path that outputFile gave, but no file was written there.",
  ],
])("%s is refused: %s", async (node, said) => {
  const { reason, message, hint } = await failure(node);
  expect(reason).toBe("invalid-output");
  expect(`${message} ${hint ?? ""}`).toContain(said);
  expect(message).toContain(`\`${node}`);
  expect(message.length).toBeLessThan(600);
});

test.each<[Name, string]>([
  ["throwNull", "`throwNull` failed without a reason"],
  ["throwProxy", "`throwProxy` threw something that cannot be looked at."],
  ["throwProxiedError", "`throwProxiedError` threw something that cannot be looked at."],
  ["throwUnprintable", "`throwUnprintable` threw [object Object], which is not an Error."],
  ["throwSymbol", "`throwSymbol` threw Symbol(s), which is not an Error."],
  ["throwOddError", "5: Symbol(s)"],
  ["throwGetters", "`throwGetters` threw something that cannot be looked at."],
  ["throwLong", "x… (1000000 characters)"],
  ["throwCause", "outer"],
  ["outputFile5", 'outputFile takes the file\'s name, such as "speech.wav", but was given the number 5.'],
  ["outputFileUnnamed", "but was given nothing."],
])("%s fails: %s", async (node, said) => {
  const { reason, message } = await failure(node);
  expect(reason).toBe("thrown");
  expect(message).toContain(said);
});

async function failure(node: string): Promise<Failure> {
  const reply = await runner.execute(node);
  if (reply.status !== "failed") throw new Error(`Not failed: ${JSON.stringify(reply)}`);
  return reply.failure;
}

describe("data that looks like a file", () => {
  const lookalike = { $file: sha, name: "passwd", deep: [{ $$file: sha, name: "x" }] };

  test("is never taken for one, and comes back as it was", async () => {
    const { out } = await runner.outputs("lookalike");
    expect(out).toEqual({ $$file: sha, name: "passwd", deep: [{ $$$file: sha, name: "x" }] });
    expect(unescaped(out!)).toEqual(lookalike);
  });

  test("is given to a function as it was", async () => {
    const echo = workspace(
      `import { FnNode, Graph } from "daggr";\nexport default new Graph({ name: "g", nodes: [new FnNode(({ v }: { v: any }) => Object.keys(v), { name: "keys", inputs: { v: {} } })] });\n`,
    );
    const other = startRunner(built.path, echo);
    await other.load();
    expect(await other.outputs("keys", { v: escaped(lookalike) })).toEqual({ output: ["$file", "name", "deep"] });
    await other.stop();
    echo.remove();
  });

  test("is escaped where an author wrote it as a control's default", () => {
    const stored = controlValue("c", { component: "JSON", props: {}, value: lookalike }, {});
    expect(stored).toMatchObject({ value: escaped(lookalike) });
  });

  test.each<[Value]>([
    [{ $file: 5, name: "x" }],
    [{ $file: sha }],
    [{ $file: "short", name: "x" }],
    [{ $file: 5, $$file: sha, name: "x" }],
    [[{ $$$file: sha, name: "x" }, "plain"]],
  ])("%j survives the way there and back", (value) => {
    expect(unescaped(escaped(value))).toEqual(value);
    expect(isFileRef(escaped(value))).toBe(false);
  });

  test("other values stay the same objects", () => {
    const value = { a: [1, { b: "c" }], name: "n" };
    expect(escaped(value)).toBe(value);
  });
});
