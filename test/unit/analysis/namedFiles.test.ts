import { describe, expect, it } from "vitest";
import { type FolderEntry, WorkflowAnalysis } from "../../../src/analysis/index.js";
import { dataFiles } from "../../../src/model/graph.js";

const MAIN = `import { FnNode, Graph, gr } from "daggr";
import { run } from "./lib/run.js";
const node = new FnNode(run, { outputs: { out: gr.JSON() } });
export default new Graph({ name: "Reached", nodes: [node] });
`;
const IMPORTS = `import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path, { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { load, loadAll } from "./load.js";
import { NAME } from "./names.js";
const here = dirname(fileURLToPath(import.meta.url));
const OWN = "data.txt";
const REL = "./data.txt";
`;

/** A folder `/flow` with that function in `lib/run.ts`. */
function analyse(run: string, files: Readonly<Record<string, string>> = {}) {
  const texts = new Map(
    Object.entries({
      "main.daggr.ts": MAIN,
      "lib/run.ts": IMPORTS + run,
      "lib/load.ts": `import { readFileSync } from "node:fs";
import { join } from "node:path";
const place = (name: string) => new URL(name, import.meta.url);
export const load = (f: string) => readFileSync(place(f), "utf8");
export function loadAll(folder: string, name = "x") { return readFileSync(join(import.meta.dirname, folder, name)); }
`,
      "lib/names.ts": `export const NAME = "data.txt";`,
      ...files,
    }).map(([name, text]) => [`/flow/${name}`, text]),
  );
  const list = (folder: string): FolderEntry[] | undefined => {
    const found = [...texts].filter(([file]) => file.startsWith(`${folder}/`));
    const entries = found.map(([file, text]) => ({ name: file.slice(folder.length + 1), size: text.length }));
    return found.length === 0 ? undefined : entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  const analysis = new WorkflowAnalysis("/flow/main.daggr.ts", { read: (file) => texts.get(file), list });
  const read = () => {
    const { graph, diagnostics } = analysis.analyse();
    return {
      code: graph?.nodes[0]?.code,
      writes: graph?.nodes[0]?.writes,
      data: graph ? dataFiles(graph) : [],
      diagnostics,
    };
  };
  const write = (name: string, text: string, folder?: string) => {
    texts.set(`/flow/${name}`, text);
    analysis.changed(`/flow/${name}`);
    if (folder !== undefined) analysis.changed(`/flow/${folder}`);
    return read();
  };
  return { ...read(), write };
}

describe("files that code names by what its names stand for", () => {
  it.each([
    `export const run = () => readFileSync(join(here, "data.txt"));`,
    `export const run = () => readFileSync(path.join(here, OWN));`,
    `export const run = () => readFileSync(path.join(here, NAME));`,
    `export const run = () => readFileSync(join(import.meta.dirname, OWN));`,
    `export const run = () => readFileSync(path.resolve(import.meta.dirname, NAME));`,
    "export const run = () => readFileSync(`${here}/data.txt`);",
    "export const run = () => readFileSync(`${import.meta.dirname}/${NAME}`);",
    `export const run = () => readFileSync(here + "/" + OWN);`,
    `export const run = () => readFileSync(new URL(REL, import.meta.url));`,
    "export const run = () => readFileSync(new URL(`./${OWN}`, import.meta.url));",
    `const file = join(here, OWN); export const run = () => readFileSync(file);`,
    `export const run = () => { const file = join(here, OWN); return readFileSync(file, "utf8"); };`,
    `const url = import.meta.url; export const run = () => readFileSync(join(dirname(fileURLToPath(url)), OWN));`,
    `const AT = "lib/data.txt"; export const run = () => readFileSync(AT);`,
    `const AT = "lib"; export const run = () => readFileSync(join(AT, OWN));`,
    `export const run = () => readFileSync(join(process.cwd(), "lib", OWN));`,
    `export const run = () => load("./data.txt");`,
    `export const run = () => load(REL);`,
    `const own = (name: string) => readFileSync(join(here, name)); export const run = () => own("data.txt");`,
    `export const run = () => loadAll(".", OWN);`,
    `export const run = () => { const text = load("./data.txt"); return text; };`,
  ])("count by their content: %s", (run) => {
    const { code, data, diagnostics, write } = analyse(run, { "lib/data.txt": "one" });
    expect(diagnostics).toEqual([]);
    expect(code).toMatch(/^[0-9a-f]{64}$/);
    expect(data).toContain("/flow/lib/data.txt");
    expect(write("lib/data.txt", "two").code).not.toBe(code);
    expect(write("lib/data.txt", "one").code).toBe(code);
  });

  it.each([
    `export const run = () => writeFileSync(join(here, OWN), "x");`,
    `const out = join(here, OWN); export const run = () => writeFileSync(out, "x");`,
    `export const run = () => { const out = join(here, OWN); writeFileSync(out, "x"); };`,
    `export const run = () => { const out = join(here, OWN); writeFileSync(out, "x"); return { out }; };`,
    `export const run = async () => { const out = join(here, OWN); if (!existsSync(out)) writeFileSync(out, "x"); await play(out); };`,
  ])("don't count where they are only written: %s", (run) => {
    const { code, data, write } = analyse(run, { "lib/data.txt": "one" });
    expect(data).toEqual([]);
    expect(write("lib/data.txt", "two").code).toBe(code);
  });

  it.each([
    `export const run = () => readdirSync(join(here, "data")).map((name) => readFileSync(join(here, "data", name)));`,
    `const folder = new URL("./data/", import.meta.url); export const run = () => readdirSync(folder);`,
    `export const run = () => readdirSync("lib/data");`,
  ])("count with all that is in a folder that is gone through: %s", (run) => {
    const { code, write } = analyse(run, { "lib/data/a.txt": "one" });
    const changed = write("lib/data/a.txt", "two").code;
    expect(changed).not.toBe(code);
    const more = write("lib/data/b.txt", "one", "lib/data").code;
    expect(more).not.toBe(changed);
    expect(write("lib/data/b.txt", "two").code).not.toBe(more);
  });

  it("count in a folder that the code makes, too", () => {
    const run = `export const run = () => { mkdirSync("lib/data", { recursive: true }); return readdirSync("lib/data"); };`;
    const { code, write } = analyse(run, { "lib/data/a.txt": "one" });
    expect(write("lib/data/a.txt", "two").code).not.toBe(code);
  });

  it.each([
    [`const kept = join(here, OWN); export const run = () => { readFileSync(kept); writeFileSync(kept, "x"); };`],
    [`export const run = () => { readFileSync("lib/data.txt"); renameSync("new", "lib/data.txt"); };`],
    [`export const run = () => { readFileSync(join(here, "data.txt")); rmSync(\`\${here}/data.txt\`); };`],
  ])("are told apart that the code writes as well: %s", (run) => {
    expect(analyse(run, { "lib/data.txt": "one", "lib/b.txt": "two" }).writes).toEqual(["lib/data.txt"]);
  });

  it.each([
    [`export const run = () => { mkdirSync("lib/data"); return readdirSync("lib/data"); };`],
    [`export const run = (n) => { writeFileSync(join("lib/data", n), "x"); return readdirSync("lib/data"); };`],
    [
      `const to = "lib/data"; export const run = (n) => { writeFileSync(\`\${to}/\${n}\`, "x"); return readdirSync(to); };`,
    ],
  ])("aren't the code's own in a folder that it writes to as well, for people put files there, too: %s", (run) => {
    expect(analyse(run, { "lib/data/a.txt": "one", "lib/b.txt": "two" }).writes).toBeUndefined();
  });

  it("aren't the code's own where it writes beside them", () => {
    const run = `export const run = (n) => { writeFileSync(join(here, n), "x"); return readFileSync(join(here, "data.txt")); };`;
    expect(analyse(run, { "lib/data.txt": "one" }).writes).toBeUndefined();
  });

  it("count by names and sizes in a large folder", () => {
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`lib/data/${String(i)}.txt`, "one"]));
    const { code, data, write } = analyse(`export const run = () => readdirSync("lib/data");`, many);
    expect(data).toEqual([]);
    expect(write("lib/data/1.txt", "three", "lib/data").code).not.toBe(code);
  });
});
