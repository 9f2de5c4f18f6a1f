import { describe, expect, it } from "vitest";
import { WorkflowAnalysis } from "../../../src/analysis/index.js";
import { dataFiles } from "../../../src/model/graph.js";
import { Sources } from "./sources.js";

const main = (imports: string, body: string) => `import { FnNode, Graph, gr } from "daggr";
import { run } from "./lib/run.js";
const node = new FnNode(run, { outputs: { out: gr.JSON() } });
export default new Graph({ name: "Reached", nodes: [node] });
${imports}${body}`;

/** The digest of a function with that body, in a module of its own in `lib`, and the workflow's files. */
function read(run: string, files: Readonly<Record<string, string>>) {
  const { graph, diagnostics } = new Sources({
    "main.daggr.ts": main("", ""),
    "lib/run.ts": run,
    ...files,
  }).analysis.analyse();
  return {
    code: graph?.nodes[0]?.code,
    files: graph && [...graph.files, ...dataFiles(graph)].map((path) => path.replace("/flow/", "")),
    codes: diagnostics.map(({ code }) => code),
  };
}

function expectToCount(run: string, file: string, before: string, after: string, others: Record<string, string> = {}) {
  const first = read(run, { ...others, [file]: before });
  expect(first.codes).toEqual([]);
  expect(first.code).toMatch(/^[0-9a-f]{64}$/);
  expect(first.files).toContain(file);
  expect(read(run, { ...others, [file]: before }).code).toBe(first.code);
  expect(read(run, { ...others, [file]: after }).code).not.toBe(first.code);
}

const CJS = [
  "module.exports = { limit: 1, run: () => 1 };\n",
  "module.exports = { limit: 2, run: () => 1 };\n",
] as const;

describe("CommonJS and JSON", () => {
  it.each([
    ["cjs", `import tools from "./tools.cjs"; export const run = () => tools.limit;`],
    ["cjs", `import { limit } from "./tools.cjs"; export const run = () => limit;`],
    ["cjs", `import * as tools from "./tools.cjs"; export const run = () => tools.limit;`],
    ["cjs", `import tools = require("./tools.cjs"); export const run = () => tools.limit;`],
    [
      "cjs",
      `import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const tools = require("./tools.cjs"); export const run = () => tools.limit;`,
    ],
    [
      "cjs",
      `import { createRequire } from "node:module"; const load = createRequire(import.meta.url); export const run = () => load("./tools.cjs").limit;`,
    ],
    [
      "cjs",
      `import module from "node:module"; const load = module.createRequire(import.meta.url); export const run = () => load("./tools.cjs").limit;`,
    ],
    ["js", `import tools from "./tools.js"; export const run = () => tools.limit;`],
    ["js", `export { run } from "./tools.js";`],
  ])("may be imported any way: tools.%s by %s", (extension, run) => {
    expectToCount(run, `lib/tools.${extension}`, ...CJS);
  });

  it("may be JSON of any shape", () => {
    const run = `import data from "./data.json"; export const run = () => data;`;
    expectToCount(run, "lib/data.json", "[1]", "[2]");
    expectToCount(run, "lib/data.json", `{ "a": 1 }`, `{ "a": 2 }`);
    expectToCount(run, "lib/data.json", `"text"`, `"other"`);
    expectToCount(run, "lib/data.json", `-1`, `-2`);
  });

  it("follows what a CommonJS module requires in turn", () => {
    const run = `import tools from "./tools.cjs"; export const run = () => tools;`;
    const tools = { "lib/tools.cjs": `module.exports = require("./more.cjs");` };
    expectToCount(run, "lib/more.cjs", ...CJS, tools);
  });

  it("still says what an ES module doesn't export", () => {
    const run = `import nothing from "./tools.js"; export const run = () => nothing;`;
    expect(read(run, { "lib/tools.js": "export const limit = 1;" }).codes).toEqual(["unknown-export"]);
  });
});

describe("files that code names", () => {
  it.each([
    `export const run = () => new Worker(new URL("./worker.ts", import.meta.url));`,
    `export const run = () => new Worker(new URL("worker.ts", import.meta.url));`,
    `import { fork } from "node:child_process"; export const run = () => fork(new URL("./worker.ts", import.meta.url));`,
    `export const run = () => fork(import.meta.resolve("./worker.ts"));`,
    `export const run = () => import("./worker.js");`,
    `export const run = () => fork(join(import.meta.dirname, "worker.ts"));`,
    "export const run = () => fork(`${import.meta.dirname}/worker.ts`);",
    `const place = new URL("./worker.ts", import.meta.url); export const run = () => fork(place);`,
  ])("count with what they import: %s", (run) => {
    expectToCount(run, "lib/worker.ts", "export const a = 1;", "export const a = 2;");
    const worker = { "lib/worker.ts": `import { a } from "./more.js"; console.log(a);` };
    expectToCount(run, "lib/more.ts", "export const a = 1;", "export const a = 2;", worker);
  });

  it.each([
    `export const run = () => readFile(new URL("./data.bin", import.meta.url));`,
    `export const run = () => readFileSync(fileURLToPath(new URL("data.bin", import.meta.url)), "utf8");`,
    `export const run = () => readFile(path.resolve(import.meta.dirname, "..", "lib", "data.bin"));`,
    `export const run = () => readFile("./lib/data.bin");`,
    `export const run = () => readFileSync("lib/data.bin", "utf8");`,
    `export const run = () => chunks(new URL("./data.bin", import.meta.url));`,
    `export const run = () => rmse(join(import.meta.dirname, "data.bin"));`,
    `export const run = () => copyFile(new URL("./data.bin", import.meta.url), "x");`,
    `export const run = () => { const kept = join(import.meta.dirname, "data.bin"); writeFile(kept, "x"); return readFile(kept); };`,
    `export const run = () => { const data = join(import.meta.dirname, "data.bin"); return parse(data); };`,
  ])("count by their content: %s", (run) => {
    expectToCount(run, "lib/data.bin", "\u0000one", "\u0000two");
  });

  it.each([
    `export const run = () => writeFile(new URL("./data.bin", import.meta.url), "x");`,
    `export const run = () => createWriteStream(fileURLToPath(new URL("./data.bin", import.meta.url)));`,
    `export const run = () => copyFile("x", new URL("./data.bin", import.meta.url));`,
    `export const run = () => chmodSync(new URL("./data.bin", import.meta.url), 0o600);`,
    `export const run = () => rm(join(import.meta.dirname, "data.bin"));`,
    `export const run = () => writeJson(join(import.meta.dirname, "data.bin"), 1);`,
    `export const run = () => { const out = join(import.meta.dirname, "data.bin"); writeFile(out, "x"); return out; };`,
    `const out = new URL("./data.bin", import.meta.url); export const run = () => writeFile(out, "x").then(() => out);`,
    `export const run = () => new URL("./data.bin", "https://example.org");`,
  ])("don't count where they are only written: %s", (run) => {
    const of = (text: string) => read(run, { "lib/data.bin": text }).code;
    expect(of("one")).toBe(of("two"));
  });

  it("are followed while they change, appear and go", () => {
    const run = `export const run = () => readFile(new URL("./data.bin", import.meta.url));`;
    const sources = new Sources({ "main.daggr.ts": main("", ""), "lib/run.ts": run, "lib/data.bin": "one" });
    const code = () => sources.analysis.analyse().graph?.nodes[0]?.code;
    const one = code();
    sources.write("lib/data.bin", "two");
    expect(code()).not.toBe(one);
    sources.write("lib/data.bin", null);
    expect(code()).not.toBe(one);
    sources.write("lib/data.bin", "one");
    expect(code()).toBe(one);
  });

  it("count by the reader's own digest where it has one", () => {
    const texts: Record<string, string> = {
      "/flow/main.daggr.ts": main("", ""),
      "/flow/lib/run.ts": `export const run = () => readFile(new URL("./data.bin", import.meta.url));`,
    };
    const code = (digest: string) => {
      const reader = { read: (path: string) => texts[path], digest: () => digest };
      return new WorkflowAnalysis("/flow/main.daggr.ts", reader).analyse().graph?.nodes[0]?.code;
    };
    expect(code("one")).not.toBe(code("two"));
  });
});

describe("packages", () => {
  const run = `import { shout } from "@scope/loud/part"; export const run = () => shout();`;
  const manifest = (version: string) => JSON.stringify({ name: "@scope/loud", version });

  it("count by their version, as it is installed", () => {
    const path = "node_modules/@scope/loud/package.json";
    expectToCount(run, path, manifest("1.0.0"), manifest("1.0.1"));
    expectToCount(run, `lib/${path}`, manifest("1.0.0"), manifest("1.0.1"), { [path]: manifest("1.0.0") });
    expect(read(run, { [path]: manifest("1.0.0") }).code).not.toBe(read(run, {}).code);
  });

  it("count where their function is the node's own", () => {
    const text = main("", "").replace("./lib/run.js", "loud");
    const code = (version: string) =>
      new Sources({ "main.daggr.ts": text, "node_modules/loud/package.json": manifest(version) }).analysis.analyse()
        .graph?.nodes[0]?.code;
    expect(code("1.0.0")).toMatch(/^[0-9a-f]{64}$/);
    expect(code("1.0.0")).not.toBe(code("1.0.1"));
  });

  it("are followed while they are updated", () => {
    const path = "node_modules/@scope/loud/package.json";
    const sources = new Sources({ "main.daggr.ts": main("", ""), "lib/run.ts": run, [path]: manifest("1.0.0") });
    const before = sources.analysis.analyse().graph?.nodes[0]?.code;
    expect(sources.write(path, manifest("1.0.1")).graph?.nodes[0]?.code).not.toBe(before);
    expect(sources.write(path, manifest("1.0.0")).graph?.nodes[0]?.code).toBe(before);
    expect(sources.write(path, "no JSON").graph?.nodes[0]?.code).not.toBe(before);
  });

  it.each([
    [{ main: "src/index.ts" }, "src/index.ts"],
    [{ exports: "./src/index.ts" }, "src/index.ts"],
    [{ exports: { ".": { types: "./index.d.ts", import: { default: "./src/index.ts" } } } }, "src/index.ts"],
    [{}, "index.js"],
  ])("count by their code where they are linked: %j", (fields, file) => {
    const code = (text: string) => {
      const texts: Record<string, string> = {
        "/flow/main.daggr.ts": main("", ""),
        "/flow/lib/run.ts": `import { shout } from "loud"; export const run = () => shout();`,
        "/flow/node_modules/loud/package.json": JSON.stringify({ version: "1.0.0", ...fields }),
        [`/packages/loud/${file}`]: text,
      };
      const reader = {
        read: (path: string) => texts[path],
        realPath: (path: string) => path.replace("/flow/node_modules", "/packages"),
      };
      return new WorkflowAnalysis("/flow/main.daggr.ts", reader).analyse().graph;
    };
    const graph = code("export const shout = () => 1;");
    expect(graph?.files).toContain(`/packages/loud/${file}`);
    expect(graph?.nodes[0]?.code).not.toBe(code("export const shout = () => 2;")?.nodes[0]?.code);
  });
});
