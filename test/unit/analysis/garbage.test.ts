import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Random } from "./random.js";
import { Sources } from "./sources.js";

const LINKS = 2000;
const repeat = (open: string, close = "") => open.repeat(LINKS) + "1" + close.repeat(LINKS);

function workflow(declaration: string): string {
  return `import { FnNode, Graph, gr } from "daggr";
const f = (a: unknown) => a;
${declaration}
const node = new FnNode(({ text }: { text: unknown }) => [text, deep], { inputs: { text: deep }, outputs: { out: gr.JSON() } });
export default new Graph({ name: "Deep", nodes: [node] });
`;
}

describe("syntax that is deeper than the stack", () => {
  it.each([
    ["a chain of operators", `const deep = ${repeat("1 + ")};`],
    ["a chain of strings", `const deep = ${repeat("'a' + ")};`],
    ["a chain of calls", `const deep = f(1)${".then(f)".repeat(LINKS)};`],
    ["a chain of members", `const deep = f${".b".repeat(LINKS)};`],
    ["nested calls", `const deep = ${repeat("f(", ")")};`],
    ["nested arrays", `const deep = ${repeat("[", "]")};`],
    ["nested objects", `const deep = ${repeat("{ a: ", "}")};`],
    ["nested conditions", `const deep = ${repeat("f ? 0 : ")};`],
    ["nested functions", `const deep = ${repeat("() => ")};`],
    ["nested blocks", `function deep() ${repeat("{", "}")}`],
    ["a chain of else", `function deep() { ${repeat("if (f) {} else ")} }`],
    ["nested templates", `const deep = ${repeat("`${", "}`")};`],
    ["nested types", `const deep: ${repeat("Array<", ">")} = f;`],
    ["nested patterns", `const ${"[".repeat(LINKS)}deep${"]".repeat(LINKS)} = f;`],
    ["brackets that nothing closes", `const deep = ${repeat("[")};`],
    ["a chain of constants", chained((before) => before)],
    ["a chain of spread objects", chained((before) => `{ ...${before} }`)],
    ["a chain of types", `type T0 = {};${steps((i) => `type T${i + 1} = T${i};`)} const deep: T${LINKS} = {};`],
    ["a constant that contains itself", `const deep = { ...deep, a: [deep], ...deep };`],
    ["a list that contains itself", `const deep = [deep, ...deep, [deep]];`],
    ["a value of astronomical size", chained((before) => `[${before}, ${before}]`, 60)],
    ["a text of astronomical size", chained((before) => `${before} + "x" + ${before}`, 60)],
  ])("is read, or said to be too deep: %s", (_what, declaration) => {
    const sources = new Sources({ "main.daggr.ts": workflow("const deep = 1;") });
    const good = sources.analysis.analyse();
    expect(good.diagnostics).toEqual([]);
    const edited = sources.write("main.daggr.ts", workflow(declaration));
    const told = edited.diagnostics.filter(({ code }) => code === "too-deep");
    if (edited.graphStatus === "last-good") {
      expect(edited.graph).toEqual(good.graph);
      expect(edited.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["too-deep", "error"]]);
      expect(told[0]?.message).toBe(
        "`deep` is nested too deeply to be analysed. Break it up into several declarations.",
      );
      expect(told[0]?.range.start).toMatchObject({ line: 3 });
    } else if (told.length > 0) {
      expect(edited.graph?.complete).toBe(false);
      expect(told[0]?.severity).toBe("warning");
    }
    if (edited.graphStatus === "current" && edited.graph?.nodes[0]?.code !== undefined) {
      // What is known of its code counts to the last link.
      const last = declaration.lastIndexOf("1");
      const other = sources.write(
        "main.daggr.ts",
        workflow(`${declaration.slice(0, last)}2${declaration.slice(last + 1)}`),
      );
      // How deep the stack is differs from one reading to the next.
      if (last > 0 && other.graphStatus === "current" && !/T\d+ = \{\}/.test(declaration)) {
        expect(other.graph?.nodes[0]?.code).not.toBe(edited.graph.nodes[0].code);
      }
    }
    expect(sources.write("main.daggr.ts", workflow("const deep = 1;")).graph).toEqual(good.graph);
  });

  it("leaves code unknown that reaches a module which can't be read", () => {
    const main = workflow("const deep = () => import('./late.js');");
    const sources = new Sources({ "main.daggr.ts": main, "late.ts": "export const late = 1;" });
    expect(sources.analysis.analyse().graph?.nodes[0]?.code).toMatch(/^[0-9a-f]{64}$/);
    const { graph } = sources.write("late.ts", `export const late = ${repeat("[", "]")};`);
    expect(graph?.nodes[0]?.code).toBeUndefined();
    expect(graph?.complete).toBe(false);
  });
});

/** Constants, each made of the one before; the last is called `deep`. */
function chained(next: (before: string) => string, links = LINKS): string {
  const declare = (i: number) => `const ${i + 1 === links ? "deep" : `c${i + 1}`} = ${next(`c${i}`)};`;
  return `const c0 = "1";${Array.from({ length: links }, (_, i) => declare(i)).join("")}`;
}

function steps(step: (i: number) => string): string {
  return Array.from({ length: LINKS }, (_, i) => step(i)).join("");
}

const folder = fileURLToPath(new URL("../../fixtures", import.meta.url));
const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name, "input.daggr.ts"), "utf8"));

describe("text that is no program", () => {
  it.each([1, 2, 3, 4])("is read all the same (%i)", (seed) => {
    const random = new Random(seed);
    for (const text of texts) {
      const sources = new Sources({ "main.daggr.ts": text });
      sources.analysis.analyse();
      let garbled = text;
      for (let edits = 0; edits < 6; edits++) {
        garbled = garble(garbled, random);
        const { diagnostics, graph } = sources.write("main.daggr.ts", garbled);
        for (const { range } of diagnostics) expect(range.start.line).toBeGreaterThan(0);
        expect(graph === null || graph.nodes.length >= 0).toBe(true);
      }
    }
  });
});

const STRAY = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "`",
  '"',
  "/*",
  "${",
  "=>",
  "...",
  ";",
  ",",
  "new ",
  "export default ",
  "\u0000",
  "é",
];

function garble(text: string, random: Random): string {
  const [a, b] = [random.below(text.length + 1), random.below(40)];
  const span = text.slice(a, a + b);
  const to = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, a) + text.slice(a + b);
    case 1:
      return text.slice(0, to) + span + text.slice(to);
    case 2: {
      const without = text.slice(0, a) + text.slice(a + b);
      return without.slice(0, to) + span + without.slice(to);
    }
    default:
      return text.slice(0, a) + random.of(STRAY) + text.slice(a);
  }
}
