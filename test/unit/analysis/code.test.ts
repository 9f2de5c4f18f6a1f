import prettier from "prettier";
import { ts } from "ts-morph";
import { describe, expect, it } from "vitest";
import { Random } from "./random.js";
import { Sources } from "./sources.js";

const FUNCTION = `import { basename, join } from "node:path";
import { scale as resize } from "./scale.js";

const LIMIT = 3, UNUSED = 4;
enum Mode {
  Soft = 1,
  Loud = "loud",
}
type Words = string[];

class Voice<T extends string> {
  static readonly #first = 1;
  constructor(private readonly name: T) {}
  get label(): string {
    return \`\${this.name} #\${Voice.#first}\`;
  }
}

function unreached() {
  return UNUSED;
}

export async function run({ text, words = [], ...rest }: { text: string; words?: Words }, { signal }: { signal: AbortSignal }) {
  const voice = new Voice("a");
  let total = 0;
  outer: for (let i = 0, n = words.length; i < n && !signal.aborted; i++) {
    if (i % 2 === 0) continue outer;
    total += i ** 2 - (resize(i) ?? -1);
  }
  for (const word of words) {
    switch (word) {
      case "x":
      case Mode.Loud:
        total++;
        break;
      default:
        total = total > LIMIT ? total : ~total;
    }
  }
  try {
    await import("./late.js");
  } catch (error) {
    if (/^[a-z/]+$/g.test(String(error))) throw error;
  } finally {
    delete (rest as { gone?: number }).gone;
  }
  return { [basename(text)]: total!, label: voice?.label, text: \`<\${text}>\`, ...rest, f: async function* () { yield* [1, , 2] as const; } };
}
`;
const FILES = {
  "main.daggr.ts": `import { FnNode, Graph } from "daggr";
import { run } from "./run.js";

const a = new FnNode(run, { inputs: { text: "x" } });
const other = 1;

export default new Graph({ name: "Code", nodes: [a] });
`,
  "run.ts": FUNCTION,
  "scale.ts": `const factor = 2;
let calls = 0;
calls += 1;
export function scale(n: number) {
  return n * factor;
}
export function unscale(n: number) {
  return n / factor;
}
`,
  "late.ts": `export const late = 1;\n`,
};

function digest(texts: Readonly<Record<string, string>>): string | null | undefined {
  const { graph, diagnostics } = new Sources({ ...FILES, ...texts }).analysis.analyse();
  if (diagnostics.some(({ code }) => code === "syntax-error")) return undefined;
  return graph?.nodes[0]?.code;
}

const before = digest({});

interface Token {
  readonly kind: ts.SyntaxKind;
  readonly start: number;
  readonly end: number;
}

/** The tokens of the text between two marks, as the parser sees them. */
function tokens(text: string): Token[] {
  const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
  const found: Token[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source);
    if (children.length > 0) children.forEach(visit);
    else if (node.end > node.getStart(source))
      found.push({ kind: node.kind, start: node.getStart(source), end: node.end });
  };
  visit(source);
  return found;
}

/** What a token could be mistaken for. */
const SLIPS: Readonly<Record<string, string>> = {
  "+=": "-=",
  "++": "--",
  "**": "*",
  "*": "/",
  "<": "<=",
  ">": ">=",
  "&&": "||",
  "===": "!==",
  "%": "*",
  "??": "||",
  "-": "+",
  "!": "~",
  "~": "!",
  "?.": ".",
  const: "var",
  let: "var",
  await: "void",
  delete: "void",
  continue: "break",
  break: "continue",
  new: "void",
  get: "set",
  static: "",
  async: "",
  private: "",
};

describe("the digest of a node's code", () => {
  it("stays for any layout", async () => {
    for (const options of [
      { printWidth: 40, semi: false, singleQuote: true, trailingComma: "none" },
      { printWidth: 200, tabWidth: 8, useTabs: true, trailingComma: "all", bracketSpacing: false },
    ] as const) {
      const text = await prettier.format(FUNCTION, { parser: "typescript", ...options });
      expect(text).not.toBe(FUNCTION);
      expect(digest({ "run.ts": text })).toBe(before);
    }
  });

  it.each([1, 2, 3])("stays for comments and white space anywhere (%i)", (seed) => {
    const random = new Random(seed);
    const all = tokens(FUNCTION);
    let text = FUNCTION;
    for (let index = all.length - 1; index > 0; index--) {
      const { start, kind } = all[index]!;
      // Inside a template, everything counts.
      if (kind === ts.SyntaxKind.TemplateMiddle || kind === ts.SyntaxKind.TemplateTail) continue;
      if (random.below(3) === 0)
        text = `${text.slice(0, start)}${random.of([" ", "/* note */", "  /* a * b */ "])}${text.slice(start)}`;
    }
    text = `// first\n${text}\n// last\n`;
    expect(digest({ "run.ts": text })).toBe(before);
  });

  it("changes with any token of a function that is reached, or is not such a text at all", () => {
    const from = FUNCTION.indexOf("export async function run");
    const types = typeRanges(FUNCTION);
    const unchanged: string[] = [];
    let tried = 0;
    for (const { kind, start, end } of tokens(FUNCTION)) {
      if (start < from || types.some(([first, last]) => start >= first && end <= last)) continue;
      const old = FUNCTION.slice(start, end);
      const by = slip(kind, old);
      if (by === null) continue;
      const changed = digest({ "run.ts": FUNCTION.slice(0, start) + by + FUNCTION.slice(end) });
      tried++;
      if (changed === before) unchanged.push(`${old} at ${start}`);
    }
    expect(tried).toBeGreaterThan(90);
    expect(unchanged).toEqual([]);
  });

  it.each([
    ["a constant", "run.ts", "LIMIT = 3", "LIMIT = 5"],
    ["an enum", "run.ts", "Soft = 1", "Soft = 2"],
    ["a class", "run.ts", "#first = 1", "#first = 2"],
    ["what a package gives", "run.ts", "{ basename, join }", "{ dirname as basename, join }"],
    ["another package", "run.ts", `"node:path"`, `"node:path/posix"`],
    ["an imported function", "scale.ts", "n * factor", "n + factor"],
    ["what that reaches in turn", "scale.ts", "factor = 2", "factor = 3"],
    ["a statement of a reached module", "scale.ts", "calls += 1", "calls += 2"],
    ["a module imported while it runs", "late.ts", "late = 1", "late = 2"],
    ["literal text in a template", "run.ts", "`<${text}>`", "`<${text} >`"],
    ["a pattern", "run.ts", "/^[a-z/]+$/g", "/^[a-z/]+$/"],
  ] as const)("changes with %s", (_what, file, old, by) => {
    expect(FILES[file]).toContain(old);
    const changed = digest({ [file]: FILES[file].replace(old, by) });
    expect(changed).toMatch(/^[0-9a-f]{64}$/);
    expect(changed).not.toBe(before);
  });

  it.each([
    ["an unused constant", "run.ts", "UNUSED = 4", "UNUSED = 5"],
    ["an unreached function", "run.ts", "return UNUSED", "return UNUSED + 1"],
    ["an unused import", "run.ts", "{ basename, join }", "{ basename }"],
    ["a type", "run.ts", "type Words = string[]", "type Words = readonly string[]"],
    ["an annotation", "run.ts", "{ signal: AbortSignal }", "{ signal: any }"],
    ["an assertion", "run.ts", "total!", "total"],
    ["an unreached export of a reached module", "scale.ts", "n / factor", "n - factor"],
    ["another declaration of the workflow", "main.daggr.ts", "other = 1", "other = 2"],
    ["the node's name and inputs", "main.daggr.ts", `inputs: { text: "x" }`, `name: "A", inputs: { text: "y" }`],
    ["the quotes", "run.ts", `"a"`, `'a'`],
  ] as const)("stays for %s", (_what, file, old, by) => {
    expect(FILES[file]).toContain(old);
    expect(digest({ [file]: FILES[file].replace(old, by) })).toBe(before);
  });

  it("knows a local name from one of the module", () => {
    const shadowed = (limit: number) => `const n = ${limit};
export function run({ text }: { text: string }) {
  const inner = (n: number) => n + 1;
  for (const n of [1]) inner(n);
  { let n = 2; inner(n); }
  try { inner(1); } catch (n) { throw n; }
  var f = function n() { return n; };
  return { n: text.n, ...f() };
}
`;
    expect(digest({ "run.ts": shadowed(1) })).toBe(digest({ "run.ts": shadowed(2) }));
    const used = (n: number) => shadowed(n).replace("n: text.n", "n");
    expect(digest({ "run.ts": used(1) })).not.toBe(digest({ "run.ts": used(2) }));
  });

  it("takes of a whole module what is used of it", () => {
    const text = (two: number) => `export const one = () => 1;\nexport const two = () => ${two};\n`;
    const run = (use: string) => `import * as parts from "./scale.js";\nexport function run() { return ${use}; }\n`;
    const one = (two: number) => digest({ "run.ts": run("parts.one()"), "scale.ts": text(two) });
    expect(one(2)).toBe(one(3));
    const all = (two: number) => digest({ "run.ts": run("Object.values(parts)"), "scale.ts": text(two) });
    expect(all(2)).not.toBe(all(3));
    expect(all(2)).not.toBe(one(2));
  });

  it.each([
    ["in one go", `export * from "./late.js";`],
    ["in one go under a name", `export * as late from "./late.js";`],
    ["by name", `export { late } from "./late.js";`],
    ["after importing it", `import { late as own } from "./late.js";\nexport { own as late };`],
    ["as its default", `import { late } from "./late.js";\nexport default late;`],
  ])("follows what a whole module hands on %s", (_how, scale) => {
    for (const use of [`Object.values(parts)`, `import("./scale.js")`]) {
      const run = `import * as parts from "./scale.js";\nexport function run() { return ${use}; }\n`;
      const of = (late: number) =>
        digest({ "run.ts": run, "scale.ts": `${scale}\n`, "late.ts": `export const late = ${late};\n` });
      expect(of(1)).toMatch(/^[0-9a-f]{64}$/);
      expect(of(1)).not.toBe(of(2));
    }
  });

  it("counts what a module does while it loads, whatever it is imported for", () => {
    const main = FILES["main.daggr.ts"].replace("const other = 1", `import { name } from "./extra.js"`);
    const of = (rest: string) =>
      digest({
        "main.daggr.ts": main,
        "extra.ts": `export const name = 1;\n${rest}`,
      });
    expect(of("Object.assign(globalThis, { table: 1 });\n")).not.toBe(of("Object.assign(globalThis, { table: 2 });\n"));
    expect(of("const unused = 1;\n")).toBe(of("const unused = 2;\n"));
    expect(of("const unused = 1;\n")).toBe(before);
    const own = (table: number) =>
      digest({ "main.daggr.ts": `${FILES["main.daggr.ts"]}Object.assign(globalThis, { table: ${table} });\n` });
    expect(own(1)).not.toBe(own(2));
  });

  it("follows a key of a JSON file that is imported by its name", () => {
    const run = `import { limit } from "./data.json";\nexport function run() { return limit; }\n`;
    const of = (limit: number) => digest({ "run.ts": run, "data.json": `{ "limit": ${limit} }` });
    expect(of(1)).toMatch(/^[0-9a-f]{64}$/);
    expect(of(1)).not.toBe(of(2));
  });

  it.each([`"#parts/scale"`, `"file:///flow/scale.ts"`])(
    "is not known where only the program tells what %s is",
    (at) => {
      const run = `import { scale } from ${at};\nexport function run() { return scale(1); }\n`;
      const { graph } = new Sources({ ...FILES, "run.ts": run }).analysis.analyse();
      expect(graph?.nodes[0]?.code).toBeUndefined();
      expect(graph?.complete).toBe(false);
    },
  );

  it("is the same for all line ends", () => {
    const text = "export function run() {\n  return `one\n${1}\ntwo\n`;\n}\n";
    expect(digest({ "run.ts": text.replaceAll("\n", "\r\n") })).toBe(digest({ "run.ts": text }));
  });

  it("is the same wherever the workflow lies and whatever its files are called", () => {
    const moved = {
      "elsewhere/run2.ts": FUNCTION.replace("./scale.js", "../scale.js").replace("./late.js", "../late.js"),
    };
    const main = FILES["main.daggr.ts"].replace("./run.js", "./elsewhere/run2.js");
    // The address of a module that is imported while it runs is part of the function's own text.
    const original = FUNCTION.replace(`import("./late.js")`, "late()");
    const other = moved["elsewhere/run2.ts"].replace(`import("../late.js")`, "late()");
    expect(digest({ "main.daggr.ts": main, "elsewhere/run2.ts": other })).toBe(digest({ "run.ts": original }));
  });

  it("covers preprocess, postprocess and callables, and is null where nothing of the author's runs", () => {
    const source = (options: string) => `import { GradioNode, Graph, gr } from "daggr";
const key = 1;
const a = new GradioNode("owner/space", { inputs: { seed: () => key }, outputs: { x: gr.Image() }, ${options} });
export default new Graph({ name: "G", nodes: [a] });`;
    const read = (text: string) => new Sources({ "main.daggr.ts": text }).analysis.analyse().graph?.nodes[0];
    expect(read(source(""))?.code).toBeNull();
    const pre = read(source("preprocess: (i) => ({ ...i, key })"))?.code;
    const post = read(source("postprocess: (i) => ({ ...i, key })"))?.code;
    expect(pre).toMatch(/^[0-9a-f]{64}$/);
    expect(post).not.toBe(pre);
    expect(read(source("preprocess(i) { return { ...i, key } }"))?.code).toMatch(/^[0-9a-f]{64}$/);
    expect(read(source("...options()"))?.code).toBeUndefined();
    const seed = (text: string) => read(text)?.inputs[0]?.source;
    expect(seed(source(""))).toMatchObject({ kind: "callable" });
    expect(seed(source(""))).not.toEqual(seed(source("").replace("key = 1", "key = 2")));
  });

  it("counts modules that are imported while the code runs among the workflow's files, and what those import", () => {
    const sources = new Sources({
      ...FILES,
      "late.ts": `import { later } from "./later.js";\nexport const late = later;\n`,
      "later.ts": `export const later = 1;\n`,
    });
    const files = () => sources.analysis.analyse().graph?.files.map((path) => path.replace("/flow/", ""));
    expect(files()).toEqual(["main.daggr.ts", "scale.ts", "run.ts", "later.ts", "late.ts"]);
    sources.replace("run.ts", `await import("./late.js");`, "");
    expect(files()).toEqual(["main.daggr.ts", "scale.ts", "run.ts"]);
    sources.replace("main.daggr.ts", "new FnNode(run,", `new FnNode(async () => import("./later.js"),`);
    expect(files()).toContain("later.ts");
  });

  it("follows edits", () => {
    const sources = new Sources(FILES);
    sources.analysis.analyse();
    const codeAfter = (name: string, what: string, by: string) => sources.replace(name, what, by).graph?.nodes[0]?.code;
    expect(codeAfter("scale.ts", "factor = 2", "factor = 20")).not.toBe(before);
    expect(codeAfter("scale.ts", "factor = 20", "factor = 2")).toBe(before);
    expect(codeAfter("late.ts", "late = 1", "late = 2")).not.toBe(before);
    expect(codeAfter("late.ts", "late = 2", "late = 1")).toBe(before);
    expect(codeAfter("scale.ts", "calls += 1", "calls += 2")).not.toBe(before);
    expect(codeAfter("scale.ts", "calls += 2", "calls += 1")).toBe(before);
  });
});

function slip(kind: ts.SyntaxKind, old: string): string | null {
  if (kind === ts.SyntaxKind.Identifier || kind === ts.SyntaxKind.PrivateIdentifier) return `${old}2`;
  if (kind === ts.SyntaxKind.NumericLiteral) return `${old}7`;
  if (kind === ts.SyntaxKind.StringLiteral) return `${old.slice(0, -1)}!"`;
  if (kind === ts.SyntaxKind.RegularExpressionLiteral) return old.replace("[", "[_");
  if (kind === ts.SyntaxKind.TemplateHead) return `${old.slice(0, -2)}!\${`;
  if (kind === ts.SyntaxKind.TemplateTail) return `${old.slice(0, -1)}!\``;
  return SLIPS[old] ?? null;
}

function typeRanges(text: string): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) ranges.push([node.pos, node.end]);
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true));
  return ranges;
}
