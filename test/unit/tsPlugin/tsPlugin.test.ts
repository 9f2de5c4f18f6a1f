import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type ts from "typescript";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { nodeBundles } from "../../../scripts/bundles.mjs";
import { nodeTypes } from "../../../scripts/nodeTypes.mjs";
import { root } from "../../../scripts/paths.mjs";
import { LanguageServer } from "./languageServer.js";

/** The extension as it is installed: the plugin in `node_modules`, the declarations in `dist`. */
let installed: string;
let workspace: string;
let server: LanguageServer;

beforeAll(async () => {
  installed = await temporaryFolder();
  const folder = join(installed, "node_modules", "daggr-typescript-plugin");
  await build({ ...nodeBundles(false).tsPlugin, absWorkingDir: root, outdir: folder, logLevel: "error" });
  await writeFile(join(folder, "package.json"), '{ "name": "daggr-typescript-plugin", "main": "./index.cjs" }');
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const types = join(installed, "dist", "types");
  await promisify(execFile)(process.execPath, [tsc, "-p", join(root, "tsconfig.types.json"), "--outDir", types]);
  await nodeTypes(types);
}, 120_000);

beforeEach(async () => {
  workspace = await temporaryFolder();
  server = new LanguageServer("daggr-typescript-plugin", installed);
});

afterEach(async () => {
  await server.stop();
  await rm(workspace, { recursive: true });
});

afterAll(() => rm(installed, { recursive: true }));

const WORKFLOW = `import { FnNode, Graph, gr } from "daggr";
const shout = new FnNode(({ text }: { text: string }) => text.toUpperCase(), { inputs: { text: gr.Textbox() }, outputs: { loud: gr.Textbox() } });
const again = new FnNode(({ n }: { n: number }) => n, { inputs: { n: shout.loud } });
export default new Graph({ name: "Test", nodes: [again] });
`;

test("an empty folder: hover and completion tell what daggr exports, a wrong wire is an error", async () => {
  const file = await open("test.daggr.ts", WORKFLOW);
  const hover = await server.request("quickinfo", {
    file,
    line: 3,
    offset: WORKFLOW.split("\n")[2]!.indexOf("loud") + 1,
  });
  expect((hover.body as ts.server.protocol.QuickInfoResponseBody).displayString).toContain("loud: Port<string>");
  const completion = await server.request("completionInfo", { file, line: 1, offset: "import { FnNode, ".length + 1 });
  const names = (completion.body as ts.server.protocol.CompletionInfo).entries.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["GradioNode", "InferenceNode", "InputNode", "itemList", "choice"]));
  expect(await errors(file)).toEqual([[3, expect.stringContaining("'Port<string>' is not assignable to type")]]);
});

test("a project with a tsconfig.json of its own", async () => {
  await writeFile(
    join(workspace, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { strict: true, module: "nodenext", types: [] } }),
  );
  const file = await open("test.daggr.ts", WORKFLOW);
  const project = await server.request("projectInfo", { file, needFileNameList: false });
  expect((project.body as ts.server.protocol.ProjectInfo).configFileName).toBe(join(workspace, "tsconfig.json"));
  expect(await errors(file)).toEqual([[3, expect.stringContaining("'Port<string>' is not assignable to type")]]);
});

test("the workspace's own package wins", async () => {
  const own = join(workspace, "node_modules", "daggr");
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "package.json"), '{ "name": "daggr", "types": "index.d.ts" }');
  await writeFile(join(own, "index.d.ts"), 'export declare const mine: "own";');
  const file = await open(
    "test.daggr.ts",
    'import { mine } from "daggr";\nconst it: "other" = mine;\nexport { it };\n',
  );
  expect(await errors(file)).toEqual([[2, expect.stringContaining(`'"own"' is not assignable to type '"other"'`)]]);
});

test("other missing modules stay missing", async () => {
  const file = await open("test.ts", 'import { x } from "daggr/x";\nimport { y } from "dagre";\nexport { x, y };\n');
  expect(await errors(file)).toEqual([
    [1, expect.stringContaining("daggr/x")],
    [2, expect.stringContaining("dagre")],
  ]);
});

const FILES = `import { readFile } from "node:fs/promises";
const text: Promise<string> = readFile("a.txt", "utf8");
setTimeout(() => undefined, 30).unref();
export { text };
`;

test("an empty folder: Node's modules and globals have types", async () => {
  expect(await errors(await open("test.daggr.ts", FILES))).toEqual([]);
});

test("loose files without a workflow are left as they are", async () => {
  expect(await errors(await open("test.ts", FILES))).toContainEqual([1, expect.stringContaining("node:fs/promises")]);
});

test('a tsconfig.json that asks for "node" has it, and one that does not is left alone', async () => {
  const config = (types: string[]) =>
    JSON.stringify({ compilerOptions: { strict: true, module: "esnext", moduleResolution: "bundler", types } });
  await writeFile(join(workspace, "tsconfig.json"), config(["node"]));
  const file = await open("test.daggr.ts", FILES);
  expect(await errors(file)).toEqual([]);
  await writeFile(join(workspace, "tsconfig.json"), config([]));
  server.notify("reloadProjects", {});
  expect(await errors(file)).toContainEqual([1, expect.stringContaining("node:fs/promises")]);
});

test("Node's types that the workspace has win", async () => {
  const own = join(workspace, "node_modules", "@types", "node");
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "package.json"), '{ "name": "@types/node", "types": "index.d.ts" }');
  await writeFile(join(own, "index.d.ts"), 'declare module "node:fs/promises" { export const mine: "own"; }');
  const file = await open(
    "test.daggr.ts",
    'import { mine } from "node:fs/promises";\nexport const it: "own" = mine;\n',
  );
  expect(await errors(file)).toEqual([]);
});

async function temporaryFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), "daggr-plugin-")));
}

async function open(name: string, fileContent: string): Promise<string> {
  const file = join(workspace, name);
  await writeFile(file, fileContent);
  server.notify("open", { file, fileContent, projectRootPath: workspace });
  return file;
}

async function errors(file: string): Promise<[line: number, text: string][]> {
  const response = await server.request("semanticDiagnosticsSync", { file });
  return (response.body as ts.server.protocol.Diagnostic[]).map(({ start, text }) => [start.line, text]);
}
