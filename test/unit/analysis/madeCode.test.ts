import { describe, expect, it } from "vitest";
import { Sources } from "./sources.js";

const LIB = `export const other = 1;
const dot = ".";
export const make = (name: string) => ({ text }: { text: string }) => name + text + dot;
export const limited = <F>(fn: F) => fn;
export class Brush {
  static draw({ text }: { text: string }) {
    return text + dot;
  }
  constructor(readonly width: number) {}
  stroke = () => this.width;
}
export const seeds = (highest: number) => () => Math.random() * highest;
`;

const workflow = (fn: string, options = "") => `import { FnNode, Graph, gr } from "daggr";
import { Brush, limited, make, other, seeds } from "./lib.js";
const own = (name: string) => () => name;
const ops = { up: () => 1, get down() { return () => 2; } };
const key = "up";
const before = new FnNode(() => "before", { name: "Before" });
const node = new FnNode(${fn}, { inputs: { text: gr.Textbox() ${options} } });
export default new Graph({ name: "Made", nodes: [before, node] });
`;

function read(main: string, lib = LIB) {
  const { graph } = new Sources({ "main.daggr.ts": main, "lib.ts": lib }).analysis.analyse();
  return graph?.nodes.find(({ id }) => id === "node");
}

const FUNCTIONS = [
  `own("one")`,
  `make("one")`,
  `limited(({ text }: { text: string }) => text)`,
  `Brush.draw`,
  `new Brush(3).stroke`,
  `make("one").bind(null)`,
  `make("one") as never`,
  `key in ops ? make("one") : own("two")`,
  `ops.down`,
];

describe("the digest of a function that is made when the module loads", () => {
  it.each(FUNCTIONS)("is known: %s", (fn) => {
    expect(read(workflow(fn))?.code).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(FUNCTIONS)("stays for what it doesn't reach: %s", (fn) => {
    const main = workflow(fn);
    const { code } = read(main) ?? {};
    expect(read(`// a comment\n${main.replaceAll("const ", "const  ")}`)?.code).toBe(code);
    expect(read(main.replace(`"before", { name: "Before"`, `"after", { label: "After"`))?.code).toBe(code);
    expect(read(main.replace("const node", "const more = new FnNode(() => 1);\nconst node"))?.code).toBe(code);
    expect(read(main.replace("gr.Textbox()", `gr.Textbox({ label: "T" })`))?.code).toBe(code);
    expect(read(main, `/* a comment */ ${LIB.replace("other = 1", "other = 2")}`)?.code).toBe(code);
  });

  it.each([
    [`make("one")`, `make("two")`, LIB],
    [`make("one")`, `make("one")`, LIB.replace("name + text", "text + name")],
    [`make("one")`, `make("one")`, LIB.replace(`dot = "."`, `dot = "!"`)],
    [`Brush.draw`, `Brush.draw`, LIB.replace("return text + dot", "return text")],
    [`Brush.draw`, `Brush.draw`, LIB.replace(`dot = "."`, `dot = "!"`)],
    [`limited(() => 1)`, `limited(() => 2)`, LIB],
    [`limited(() => 1)`, `limited(() => 1)`, LIB.replace("(fn: F) => fn", "(fn: F) => [fn][0]")],
    [`limited(() => other)`, `limited(() => other)`, LIB.replace("other = 1", "other = 2")],
    [`new Brush(3).stroke`, `new Brush(4).stroke`, LIB],
  ])("changes with what it reaches: %s", (before, after, lib) => {
    expect(read(workflow(after), lib)?.code).toMatch(/^[0-9a-f]{64}$/);
    expect(read(workflow(after), lib)?.code).not.toBe(read(workflow(before))?.code);
  });

  it("covers hooks, and functions that draw an input", () => {
    const hooked = (by: string) => workflow("() => 1").replace("inputs: {", `preprocess: make("${by}"), inputs: {`);
    expect(read(hooked("a"))?.code).toMatch(/^[0-9a-f]{64}$/);
    expect(read(hooked("a"))?.code).not.toBe(read(hooked("b"))?.code);
    const seed = (highest: number, lib = LIB) =>
      read(workflow("() => 1", `, seed: seeds(${highest})`), lib)?.inputs.find(({ name }) => name === "seed")?.source;
    expect(seed(1)).toMatchObject({ kind: "fixed", code: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(seed(1, `// a comment\n${LIB}`)).toEqual(seed(1));
    expect(seed(2)).not.toEqual(seed(1));
  });

  it("tells nodes apart that make theirs by the same expression, by their order alone", () => {
    const main = (made: string) => `import { FnNode, Graph } from "daggr";
let made = 0;
const next = () => { const own = ++made; return () => own; };
${made}
export default new Graph({ name: "Made", nodes: [a, b] });
`;
    const codes = (text: string) =>
      new Sources({ "main.daggr.ts": text }).analysis.analyse().graph?.nodes.map(({ code }) => code);
    const [a, b] = codes(main("const a = new FnNode(next());\nconst b = new FnNode(next());")) ?? [];
    expect(a).not.toBe(b);
    expect(codes(main("const b = new FnNode(next());\nconst a = new FnNode(next());"))).toEqual([a, b]);
  });
});
