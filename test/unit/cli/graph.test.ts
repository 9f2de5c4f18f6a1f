import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Shell } from "./terminal.js";

let shell: Shell;
beforeEach(() => {
  shell = new Shell();
});
afterEach(() => shell.remove());

const WORKFLOW = `import { FnNode, GradioNode, Graph, gr, itemList } from "daggr";
const script = new FnNode(({ topic, count }: { topic: string; count: number }) => [{ text: topic }], {
  name: "The script",
  inputs: { topic: gr.Textbox({ value: "cats" }), count: 3 },
  outputs: { lines: itemList({ text: gr.Textbox() }) },
});
const speech = new GradioNode("owner/speech", {
  inputs: { text: script.lines.each.text, seed: () => Math.random() },
  outputs: { audio: gr.Audio(), status: null },
});
const film = new FnNode(({ clips }: { clips: string[] }) => clips.length, { inputs: { clips: speech.audio.all() } });
export default new Graph({ name: "Film", nodes: [film] });
`;

test("the outline names every node, what goes in and what comes out", async () => {
  shell.write("film.daggr.ts", WORKFLOW);
  expect(await shell.run(["graph", "film.daggr.ts"])).toBe(0);
  expect(shell.stdout.text).toBe(`Film (3 nodes, 2 edges)

script “The script”  function
  ← topic  Textbox "cats"
  ← count  = 3
  → lines  list of text

speech  Gradio app owner/speech /predict
  ← text    script.lines, each item's text
  ← seed    drawn for every run
  → audio   Audio
  → status  not shown

film  function
  ← clips   speech.audio, all items
  → output  not shown
`);
  expect(shell.stderr.text).toBe("");
});

test("names that mean something to a terminal do nothing", async () => {
  shell.write(
    "nasty.daggr.ts",
    String.raw`import { FnNode, GradioNode, Graph, gr, itemList } from "daggr";
const a = new FnNode(() => 1, { outputs: { "\x1b]0;x\x07one": itemList({ "\x1b[2Jtwo": gr.Textbox() }) } });
const b = new GradioNode("\x1b[2Jowner/app", { inputs: { "\x07three": a.port("\x1b]0;x\x07one").each["\x1b[2Jtwo"] }, outputs: { four: null } });
export default new Graph({ name: "Nasty", nodes: [b] });
`,
  );
  await shell.run(["graph", "nasty.daggr.ts"]);
  expect(shell.stdout.text).toContain("  → one  list of two");
  expect(shell.stdout.text).toContain("  ← \\x07three  a.one, each item's two");
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  expect(shell.stdout.text + shell.stderr.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test("--json prints one object as other programs are promised it", async () => {
  shell.write("film.daggr.ts", WORKFLOW);
  expect(await shell.run(["graph", "film.daggr.ts", "--json"])).toBe(0);
  expect(JSON.parse(shell.stdout.text)).toMatchObject({
    name: "Film",
    nodes: [
      {
        id: "script",
        kind: "fn",
        name: "The script",
        inputs: [
          { name: "topic", kind: "component" },
          { name: "count", kind: "fixed" },
        ],
        outputs: [{ name: "lines", component: "ItemList" }],
      },
      { id: "speech", kind: "gradio" },
      { id: "film", kind: "fn" },
    ],
    edges: [
      { from: { node: "script", port: "lines" }, to: { node: "speech", port: "text" }, mode: "scatter", field: "text" },
      { from: { node: "speech", port: "audio" }, to: { node: "film", port: "clips" }, mode: "gather" },
    ],
    diagnostics: [],
  });
});

test("a finding is told with its place, and fails the command", async () => {
  const file = shell.write("film.daggr.ts", WORKFLOW.replace("speech.audio.all()", "speech.adio.all()"));
  expect(await shell.run(["graph", "film.daggr.ts"])).toBe(1);
  expect(shell.stdout.text).toMatch(/^film\.daggr\.ts:11:\d+ error unknown-port .*`adio`.*`audio`/m);
  shell.stdout.text = "";
  expect(await shell.run(["graph", "film.daggr.ts", "--json"])).toBe(1);
  expect(JSON.parse(shell.stdout.text)).toMatchObject({
    diagnostics: [{ code: "unknown-port", severity: "error", file, range: { start: { line: 11 } } }],
  });
});

test("a file that does not parse, or has no graph, says so", async () => {
  shell.write("broken.daggr.ts", "export default new Graph({");
  expect(await shell.run(["graph", "broken.daggr.ts"])).toBe(1);
  expect(shell.stdout.text).toMatch(/^broken\.daggr\.ts:1:\d+ error syntax-error /m);
  shell.stdout.text = "";
  shell.write("empty.daggr.ts", "export {};\n");
  expect(await shell.run(["graph", "empty.daggr.ts"])).toBe(1);
  expect(shell.stdout.text).toMatch(/^empty\.daggr\.ts:1:1 error no-graph .*\n$/);
});

test("colours are for terminals, unless NO_COLOR says no", async () => {
  shell.write("film.daggr.ts", WORKFLOW);
  const colour = "\x1b[1mFilm\x1b[22m";
  shell.stdout = Object.assign(shell.stdout, { isTTY: true });
  await shell.run(["graph", "film.daggr.ts"]);
  expect(shell.stdout.text).toContain(colour);
  shell.stdout.text = "";
  shell.env = { NO_COLOR: "1" };
  await shell.run(["graph", "film.daggr.ts"]);
  expect(shell.stdout.text).not.toContain("\x1b");
});

test.each([
  ["a missing file", ["graph", "nope.daggr.ts"], "daggr: nope.daggr.ts doesn't exist.\n"],
  ["an empty name", ["graph", ""], "daggr: The name of the file is empty; name a workflow, such as name.daggr.ts.\n"],
  ["a device", ["run", "/dev/null"], "daggr: /dev/null is a pipe, a device or a socket, not a file.\n"],
  [
    "a link to itself",
    ["run", "loop.daggr.ts"],
    "daggr: loop.daggr.ts is a symbolic link that leads back to itself.\n",
  ],
  ["a name that is too long", ["run", `${"x".repeat(300)}.ts`], `daggr: ${"x".repeat(300)}.ts is too long a path.\n`],
  [
    "a directory",
    ["graph", "folder"],
    "daggr: folder is a directory; name a workflow file in it, such as name.daggr.ts.\n",
  ],
  [
    "not TypeScript",
    ["graph", "data.json"],
    "daggr: data.json is not a TypeScript file; workflows end in .daggr.ts.\n",
  ],
  ["an unknown command", ["grpah", "x.ts"], "daggr: unknown command 'grpah'\n(Did you mean graph?)\n"],
  ["an unknown option", ["graph", "x.ts", "--jso"], "daggr: unknown option '--jso'\n(Did you mean --json?)\n"],
  ["no file", ["run"], "daggr: missing required argument 'file'\n"],
])("%s is wrong usage", async (_what, args, message) => {
  shell.write("data.json", "{}");
  mkdirSync(join(shell.folder, "folder"));
  symlinkSync("loop.daggr.ts", join(shell.folder, "loop.daggr.ts"));
  expect(await shell.run(args)).toBe(2);
  expect(shell.stderr.text.startsWith(message)).toBe(true);
  expect(shell.stdout.text).toBe("");
});

test.skipIf(process.platform === "win32")("a pipe, named or imported, is not waited for", async () => {
  execFileSync("mkfifo", [join(shell.folder, "pipe.daggr.ts"), join(shell.folder, "pipe.ts")]);
  expect(await shell.run(["graph", "pipe.daggr.ts"])).toBe(2);
  expect(shell.stderr.text).toBe("daggr: pipe.daggr.ts is a pipe, a device or a socket, not a file.\n");
  shell.write("film.daggr.ts", `import { clip } from "./pipe.js";\n${WORKFLOW.replace("count: 3", "count: clip")}`);
  expect(await shell.run(["graph", "film.daggr.ts"])).toBe(1);
  expect(shell.stdout.text).toContain("error unresolved-import");
});

test("help and version are no failures", async () => {
  expect(await shell.run(["--version"])).toBe(0);
  expect(shell.stdout.text).toBe("1.2.3\n");
  expect(await shell.run(["run", "--help"])).toBe(0);
  expect(shell.stdout.text).toContain("--input <node.port=value>");
  expect(await shell.run([])).toBe(2);
});
