/** What fixtures leave out: controls, specs, targets, limits, ranges, roots and completeness. */
import { describe, expect, it } from "vitest";
import { findNode } from "../../../src/model/graph.js";
import type { Graph } from "../../../src/model/graph.js";
import type { SourceRange } from "../../../src/model/source.js";
import { Sources } from "./sources.js";

const IMPORTS = `import { ApproveNode, ChooseOneNode, FnNode, GradioNode, Graph, InferenceNode, InputNode, choice, gr, itemList } from "daggr";\n`;

function read(main: string, others: Readonly<Record<string, string>> = {}) {
  const sources = new Sources({ "main.daggr.ts": IMPORTS + main, ...others });
  const { graph, diagnostics } = sources.analysis.analyse();
  if (!graph) throw new Error("no graph");
  return {
    graph,
    diagnostics,
    node: (id: string) => findNode(graph, id)!,
    /** The text that a range marks. */
    at: (range: SourceRange | undefined) => range && textAt(sources.text(range.file.replace("/flow/", "")), range),
  };
}

function textAt(text: string, { start, end }: SourceRange): string {
  const lines = text.split("\n");
  const offset = ({ line, column }: SourceRange["start"]) =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  return text.slice(offset(start), offset(end));
}

function controls(graph: Graph): string[] {
  return graph.nodes.flatMap((node) => [
    ...node.inputs.flatMap(({ name, source }) =>
      source.kind === "component" ? [`${node.id}.${name}=${source.control}`] : [],
    ),
    ...node.outputs.flatMap(({ name, control }) => (control === undefined ? [] : [`${node.id}.${name}=${control}`])),
  ]);
}

describe("controls", () => {
  it("are one for every component object, called by the variable that holds it or the port it was written at", () => {
    const { graph } = read(`
const prompt = gr.Textbox();
const alias = prompt;
const common = { seed: gr.Number(), deep: { list: [gr.Slider()] } };
const settings = new InputNode({ ports: { style: gr.Radio(), prompt } });
const a = new GradioNode("o/a", { inputs: { text: prompt, seed: common.seed, own: gr.Textbox() }, outputs: {} });
const b = new GradioNode("o/b", { inputs: { prompt: alias, ...common, own: gr.Textbox(), level: common.deep.list[0] }, outputs: {} });
export default new Graph({ name: "G", nodes: [settings, a, b] });`);
    expect(controls(graph)).toEqual([
      "settings.style=settings.style",
      "settings.prompt=prompt",
      "a.text=prompt",
      "a.seed=common.seed",
      "a.own=a.own",
      "b.prompt=prompt",
      "b.seed=common.seed",
      "b.own=b.own",
      "b.level=common.deep.list.0",
    ]);
  });

  it("of one name in two modules are told apart", () => {
    const { graph } = read(
      `import { prompt as other, a } from "./controls.js";
const prompt = gr.Textbox();
const b = new GradioNode("o/b", { inputs: { prompt, other }, outputs: {} });
export default new Graph({ name: "G", nodes: [a, b] });`,
      {
        "controls.ts": `import { gr, GradioNode } from "daggr";
export const prompt = gr.Textbox();
export const a = new GradioNode("o/a", { inputs: { prompt }, outputs: {} });`,
      },
    );
    expect(controls(graph)).toEqual(["a.prompt=prompt", "b.prompt=main.daggr.ts#prompt", "b.other=prompt"]);
  });
});

describe("components", () => {
  it("tell the options that are known, the default apart, and name those that aren't", () => {
    const { graph, node } = read(`
const base = { label: "Size", minimum: -1.5, step: 1e-1 } as const;
const a = new FnNode(({ size, pick }: { size: number; pick: string }) => size + pick, {
  inputs: {
    size: gr.Slider({ ...base, maximum: Math.PI, value: 2, info: undefined }),
    pick: gr.Dropdown({ choices: ["a", ["B", "b"]], value: null, visible: false, ...process.env }),
  },
});
export default new Graph({ name: "G", nodes: [a] });`);
    expect(node("a").inputs.map(({ source }) => source)).toMatchObject([
      {
        spec: {
          component: "Slider",
          props: { label: "Size", minimum: -1.5, step: 0.1 },
          value: 2,
          unknown: ["maximum"],
        },
      },
      {
        spec: {
          component: "Dropdown",
          props: { choices: ["a", ["B", "b"]], visible: false },
          value: null,
          unknown: ["…"],
        },
      },
    ]);
    expect(graph.complete).toBe(false);
  });

  it("of an item list are told by field", () => {
    const { node } = read(`
const speaker = gr.Dropdown({ choices: ["a"] });
const a = new FnNode(() => [], { outputs: { lines: itemList({ speaker, text: gr.Textbox({ lines: 2 }) }), gone: null } });
export default new Graph({ name: "G", nodes: [a] });`);
    expect(node("a").outputs).toMatchObject([
      {
        name: "lines",
        spec: {
          component: "ItemList",
          fields: { speaker: { component: "Dropdown" }, text: { component: "Textbox", props: { lines: 2 } } },
        },
      },
      { name: "gone", spec: null },
    ]);
  });
});

describe("nodes", () => {
  it("tell what they call, and within which limits", () => {
    const { node } = read(`
const speak = ({ text }: { text: string }) => text;
const a = new GradioNode("http://127.0.0.1:7860", { apiName: "tint", outputs: {}, retries: 2, timeout: 1.5 });
const b = new GradioNode("o/b", { apiName: 3, outputs: {}, runLocally: true, validate: false });
const c = new InferenceNode("o/model:fal-ai", { task: "text-to-image", outputs: {} });
const d = new FnNode(speak, { inputs: { text: "x" }, concurrencyGroup: "gpu", maxConcurrent: 1, concurrent: true });
const e = choice([c, d], { name: "Either" });
export default new Graph({ name: "G", nodes: [a, b, e] });`);
    expect(node("a")).toMatchObject({
      target: { kind: "gradio", space: "http://127.0.0.1:7860", apiName: "/tint", runLocally: false, validate: true },
      limits: { retries: 2, timeout: 1.5 },
      code: null,
    });
    expect(node("b").target).toEqual({ kind: "gradio", space: "o/b", apiName: 3, runLocally: true, validate: false });
    expect(node("c").target).toEqual({
      kind: "inference",
      model: "o/model",
      provider: "fal-ai",
      task: "text-to-image",
    });
    expect(node("d")).toMatchObject({
      target: { kind: "fn", functionName: "speak" },
      limits: { concurrent: true, concurrencyGroup: "gpu", maxConcurrent: 1 },
      variantOf: "e",
    });
    expect(node("e")).toMatchObject({ name: "Either", target: { kind: "choice", variants: ["c", "d"] } });
  });

  it("hold their fixed values where text tells them", () => {
    const { graph, node } = read(`
const WORDS = ["a", "b"] as const;
const a = new GradioNode("o/a", {
  inputs: { n: -1, list: [...WORDS, "c"], object: { a: { b: null } }, off: undefined, later: Date.now(), inf: 1 / 0 },
  outputs: {},
});
export default new Graph({ name: "G", nodes: [a] });`);
    expect(node("a").inputs.map(({ name, source }) => ({ name, source }))).toEqual([
      { name: "n", source: { kind: "fixed", value: -1 } },
      { name: "list", source: { kind: "fixed", value: ["a", "b", "c"] } },
      { name: "object", source: { kind: "fixed", value: { a: { b: null } } } },
      { name: "later", source: { kind: "fixed", code: expect.any(String) as string } },
      { name: "inf", source: { kind: "fixed", code: expect.any(String) as string } },
    ]);
    expect(graph.complete).toBe(false);
  });
});

describe("places", () => {
  it("are those of the author's own text, in whatever file it stands", () => {
    const { graph, node, at } = read(
      `import { base } from "./base.js";
const speak = ({ text }: { text: string }) => text;
const a = new FnNode(speak, { inputs: { ...base, text: gr.Textbox() }, outputs: { out: gr.Audio({ label: "x" }) } });
const b = new GradioNode("o/b", { inputs: { audio: a.out.each.url }, outputs: {} }) as never;
export default new Graph({ name: "G", nodes: [b] });`,
      { "base.ts": `export const base = { text: 1, extra: "x" };\n` },
    );
    expect(at(graph.range)).toBe(`new Graph({ name: "G", nodes: [b] })`);
    expect(at(node("a").nameRange)).toBe("a");
    expect(at(node("a").range)).toMatch(/^a = new FnNode\(speak, .*\}\)$/);
    expect(node("a").inputs.map(({ range }) => at(range))).toEqual(["text: gr.Textbox()", `extra: "x"`]);
    expect(node("a").inputs[1]?.range?.file).toBe("/flow/base.ts");
    expect(node("a").outputs.map(({ range, spec }) => [at(range), at(spec?.range)])).toEqual([
      [`out: gr.Audio({ label: "x" })`, `gr.Audio({ label: "x" })`],
    ]);
    const { target } = node("a");
    expect(target.kind === "fn" && at(target.functionRange)).toBe("({ text }: { text: string }) => text");
    expect(graph.edges.map(({ range }) => at(range))).toEqual(["a.out.each.url"]);
  });

  it("move with the text around them", () => {
    const text = `${IMPORTS}const a = new FnNode(() => 1);\nexport default new Graph({ name: "G", nodes: [a] });\n`;
    const sources = new Sources({ "main.daggr.ts": text });
    expect(sources.analysis.analyse().graph?.nodes[0]?.nameRange?.start).toEqual({ line: 2, column: 7 });
    expect(sources.write("main.daggr.ts", `\n\n${text}`).graph?.nodes[0]?.nameRange?.start).toEqual({
      line: 4,
      column: 7,
    });
    const shifted = sources.write("main.daggr.ts", text.replace("const a", "/* é𝄞 */ const a"));
    // Columns count UTF-16 code units.
    expect(shifted.graph?.nodes[0]?.nameRange?.start).toEqual({ line: 2, column: 17 });
  });
});

describe("the graph", () => {
  it("lists its roots as written, with null for what text doesn't tell", () => {
    const { graph } = read(`
const a = new FnNode(() => 1);
const b = new FnNode(({ x }: { x: number }) => x, { inputs: { x: a.output } });
const made = [1, 2].map(() => new FnNode(() => 1));
export default new Graph({ name: "G", nodes: [b, ...made, a, ...[b]] });`);
    expect(graph.roots).toEqual(["b", null, "a", "b"]);
    expect(graph.nodes.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(graph.complete).toBe(false);
  });

  it("tells the port of a node without outputs from one that its author hides", () => {
    const { graph } = read(`
const a = new FnNode(() => 1);
const b = new FnNode(() => 1, { outputs: { output: null } });
export default new Graph({ name: "G", nodes: [a, b] });`);
    expect(graph.nodes.map(({ outputs }) => outputs[0]?.undeclared)).toEqual([true, undefined]);
  });

  it("is complete when everything is known", () => {
    const { graph, diagnostics } = read(`
const a = new FnNode(() => 1);
export default new Graph({ name: "G", nodes: [a], persistKey: false });`);
    expect(graph).toMatchObject({ complete: true, persistKey: false, roots: ["a"], files: ["/flow/main.daggr.ts"] });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ["its name", `new Graph({ name: process.env.NAME, nodes: [a] })`, "main"],
    ["its list", `new Graph({ name: "G", nodes: process.argv })`, "G"],
    ["all of it", `new Graph(process.env)`, "main"],
  ])("is not when %s is not", (_what, graph, name) => {
    const { graph: read_ } = read(`const a = new FnNode(() => 1);\nexport default ${graph};`);
    expect(read_).toMatchObject({ complete: false, name });
  });
});

describe("gathers", () => {
  it("leave failed items out where they say so, wherever the option stands", () => {
    const { graph } = read(`
      const many = new FnNode(({ word }: { word: string }) => word, { inputs: { word: gr.JSON() }, outputs: { text: gr.Textbox() } });
      const each = new FnNode(({ word }: { word: string }) => word, { inputs: { word: many.text.each }, outputs: { text: gr.Textbox() } });
      const options = { skipFailed: true };
      const joined = new FnNode(({ a, b, c }: { a: string[]; b: string[]; c: string[] }) => [a, b, c], {
        inputs: { a: each.text.all(), b: each.text.all({ skipFailed: true }), c: each.text.all(options) },
      });
      export default new Graph({ name: "g", nodes: [joined] });
    `);
    const gathers = graph.edges.filter(({ mode }) => mode === "gather");
    expect(gathers.map(({ to, skipFailed = false }) => [to.port, skipFailed])).toEqual([
      ["a", false],
      ["b", true],
      ["c", true],
    ]);
  });
});
