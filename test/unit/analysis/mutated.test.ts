import { describe, expect, it } from "vitest";
import { Sources } from "./sources.js";

const TEXTS = {
  "main.daggr.ts": `import { FnNode, Graph, gr } from "daggr";
import { change } from "some-package";
import { addTo, lengthOf, shared } from "./parts.js";

const inputs: Record<string, unknown> = { a: 1 };
const choices = ["x", "y"];
const options = { inputs, outputs: { out: gr.Dropdown({ choices }) } };
const node = new FnNode(({ a }: { a: number }) => a, options);
const nodes = [node];
const alias = nodes;
let later = options;
HERE;
export default new Graph({ name: "Changed", nodes: [...nodes, ...shared] });
`,
  "parts.ts": `import { FnNode } from "daggr";
export const shared = [new FnNode(() => 2)];
export function addTo(list: unknown[], item: unknown) { insert(item, list); }
function insert(item: unknown, into: unknown[]) { into.push(item); }
export function lengthOf(list: unknown[]) { return list.length; }
`,
};

function read(here: string) {
  const texts = { ...TEXTS, "main.daggr.ts": TEXTS["main.daggr.ts"].replace("HERE", here) };
  const { graph, diagnostics } = new Sources(texts).analysis.analyse();
  return { graph, told: diagnostics.filter(({ code }) => code === "not-static") };
}

describe("a literal that is changed after its declaration", () => {
  it.each([
    "nodes.push(new FnNode(() => 1))",
    "nodes[0] = new FnNode(() => 1)",
    "nodes['push'](new FnNode(() => 1))",
    "nodes.length = 0",
    "alias.push(new FnNode(() => 1))",
    "Array.prototype.push.apply(nodes, [])",
    "for (const n of [1, 2]) nodes.push(new FnNode(() => n))",
    "[1, 2].forEach((n) => nodes.push(new FnNode(() => n)))",
    "function add() { nodes.push(node); }",
    "const length = nodes.push(node)",
    "[nodes[0]] = [node]",
    "delete nodes[0]",
    "for (nodes[0] of []) {}",
    "addTo(nodes, node)",
    "change(nodes)",
    "{ const list = nodes; list.push(node); }",
    "for (const list of [nodes]) list.push(node)",
    "[nodes].forEach((list) => list.push(node))",
    "shared.push(node)",
    "options.extra = 1",
    "later.extra = 1",
    "(options as any).extra = 1",
    "inputs.x = 2",
    "options.inputs.x = 2",
    "options['inputs'].x ??= 2",
    "inputs[Math.random()] = 2",
    "inputs.a++",
    "Object.assign(inputs, { x: 1 })",
    "Object.defineProperty(inputs, 'x', {})",
    "Reflect.set(options, 'x', 1)",
    "for (const each of Object.values(options)) each.x = 1",
    "Object.values(options).forEach(({ x }) => { x.y = 1; })",
    "choices.push('z')",
    "choices.sort()",
  ])("is not taken for what it was declared as: %s", (here) => {
    const { graph, told } = read(here);
    expect(told.map(({ severity }) => severity)).toContain("warning");
    expect(told.some(({ message }) => message.includes("don't change it afterwards"))).toBe(true);
    expect(graph?.complete).toBe(false);
  });

  it.each([
    "",
    "console.log(nodes, options, inputs)",
    "lengthOf(nodes)",
    "nodes.slice().push(node)",
    "nodes.map((n) => n).push(node)",
    "[...nodes].sort()",
    "const copy = { ...options }; Object.freeze(copy)",
    "JSON.stringify(options)",
    "function other(nodes: unknown[]) { nodes.push(1); } other([])",
    "{ const nodes: unknown[] = []; nodes.push(1); }",
    "const total = nodes.length",
  ])("is known when it isn't changed: %s", (here) => {
    const { graph, told } = read(here);
    expect(told).toEqual([]);
    expect(graph?.complete).toBe(true);
    expect(graph?.nodes).toHaveLength(2);
  });

  it("is said where it is changed", () => {
    const { told } = read("nodes.push(new FnNode(() => 1))");
    expect(told[0]?.message).toBe(
      "What is listed here (`nodes.push(new FnNode(() => 1))`) can't be known without running the file. Say it all where it is declared, and don't change it afterwards.",
    );
  });

  it("comes and goes with the change, in any file", () => {
    const sources = new Sources({
      ...TEXTS,
      "main.daggr.ts": TEXTS["main.daggr.ts"].replace("HERE", "lengthOf(nodes)"),
    });
    const complete = () => sources.analysis.analyse().graph?.complete;
    expect(complete()).toBe(true);
    sources.replace("parts.ts", "return list.length", "return list.splice(0).length");
    expect(complete()).toBe(false);
    sources.replace("parts.ts", "return list.splice(0).length", "return list.length");
    expect(complete()).toBe(true);
    sources.replace("main.daggr.ts", "lengthOf(nodes);", "inputs.x = 1;");
    expect(complete()).toBe(false);
  });

  it("has getters and setters said, which give anything", () => {
    const text = `import { FnNode, Graph } from "daggr";
const node = new FnNode(({ a }: { a: number }) => a, { inputs: { get a() { return 1; } } });
export default new Graph({ name: "Getter", nodes: [node] });
`;
    const { graph, diagnostics } = new Sources({ "main.daggr.ts": text }).analysis.analyse();
    expect(diagnostics.map(({ code }) => code)).toEqual(["not-static"]);
    expect(graph?.complete).toBe(false);
  });

  it("counts for code that reads it, wherever the change is written", () => {
    const main = (change: string) => `import { FnNode, Graph } from "daggr";
const table = { size: 1 };
const unrelated = ${change};
const node = new FnNode(() => table.size);
export default new Graph({ name: "Effect", nodes: [node] });
`;
    const code = (change: string) =>
      new Sources({ "main.daggr.ts": main(change) }).analysis.analyse().graph?.nodes[0]?.code;
    expect(code("(table.size = 2)")).not.toBe(code("(table.size = 3)"));
    expect(code("2")).toBe(code("3"));
  });
});
