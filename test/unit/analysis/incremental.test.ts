import { describe, expect, it } from "vitest";
import { WorkflowAnalysis } from "../../../src/analysis/index.js";
import { chainWorkflow } from "./chainWorkflow.js";
import { Random } from "./random.js";
import { Sources } from "./sources.js";

const MAIN = `import { FnNode, Graph, InputNode, choice, gr, itemList } from "daggr";
import { speak, LIMIT } from "./audio.js";
import * as text from "./text.js";

const prompt = gr.Textbox({ label: "Prompt" });
const common = { seed: 1, prompt };
interface Words {
  words: string[];
  seed?: number;
}

const topic = new InputNode({ ports: { topic: gr.Textbox() } });
const lines = new FnNode(text.lines, { inputs: { topic: topic.topic, limit: LIMIT }, outputs: { lines: itemList({ text: gr.Textbox() }) } });
const left = new FnNode(({ prompt, seed }: { prompt: string; seed: number }) => prompt + seed, { inputs: { ...common }, outputs: { out: gr.Textbox() } });
const right = new FnNode(({ text }: { text: string }) => text, { inputs: { text: lines.lines.text }, outputs: { out: gr.Textbox() } });
const either = choice([left, right]);
const all = new FnNode((inputs: Words) => inputs.words.join(), { inputs: { words: right.out.all(), seed: common.seed } });
const end = new FnNode(({ a, b }: { a: string; b: string }) => a + b, { inputs: { a: either.out, b: speak.audio } });

export default new Graph({ name: "Everything", nodes: [end, all] });
`;
const AUDIO = `import { FnNode, gr } from "daggr";
export { LIMIT } from "./text.js";

const rate = 44100;
function run({ text }: { text: string }) {
  return text.length * rate;
}
export const speak = new FnNode(run, { inputs: { text: gr.Textbox() }, outputs: { audio: gr.Audio() } });
`;
const TEXT = `export const LIMIT = 3;
export function lines({ topic, limit }: { topic: string; limit: number }) {
  return Array.from({ length: limit }, () => ({ text: topic }));
}
`;

/** Pieces that move things about when they land somewhere. */
const SNIPPETS = [
  " ",
  "\n",
  "x",
  "// note\n",
  "const prompt2 = prompt;\n",
  "export const LIMIT = 4;\n",
  "left",
  ".each",
  "function run() {}\n",
  "let ",
  ", seed: 2",
  "}",
  "(",
  '"',
  "`",
  "/*",
  "import { lines } from './text.js';\n",
  "common.seed = 2;\n",
  "[common].forEach((each) => { each.seed = 2; });\n",
  "const list: number[] = []; list.push(1);\n",
];

describe("an edited workflow", () => {
  it.each([1, 2, 3, 4, 5, 6])("reads as if it had never been anything else (%i)", (seed) => {
    const random = new Random(seed);
    const texts = { "main.daggr.ts": MAIN, "audio.ts": AUDIO, "text.ts": TEXT };
    const sources = new Sources(texts);
    sources.analysis.analyse();
    let compared = 0;
    for (let edit = 0; edit < 60; edit++) {
      const name = random.of(["main.daggr.ts", "main.daggr.ts", "audio.ts", "text.ts"] as const);
      const text = change(sources.text(name), random);
      const incremental = sources.write(name, text);
      const fresh = sources.fresh().analyse();
      if (!incremental.diagnostics.some(({ code }) => code === "syntax-error")) {
        expect(incremental).toEqual(fresh);
        compared++;
        texts[name] = text;
        continue;
      }
      if (incremental.graphStatus === "current") expect(incremental).toEqual(fresh);
      else expect(incremental.diagnostics).toEqual(fresh.diagnostics.filter(({ code }) => code === "syntax-error"));
      // Broken text is mended sooner or later, as people do.
      if (random.below(3) > 0) for (const [file, good] of Object.entries(texts)) sources.write(file, good);
      // Not too far away from where it began, or nothing is left to read.
      if (edit % 20 === 19) sources.write("main.daggr.ts", (texts["main.daggr.ts"] = MAIN));
    }
    expect(compared).toBeGreaterThan(15);
  });

  it("notices files that appear and disappear", () => {
    const sources = new Sources({ "main.daggr.ts": MAIN, "audio.ts": AUDIO, "text.ts": TEXT });
    const whole = sources.analysis.analyse();
    expect(whole.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const without = sources.write("audio.ts", null);
    expect(without.diagnostics.map(({ code }) => code)).toContain("unresolved-import");
    expect(without.graph?.complete).toBe(false);
    expect(sources.write("audio.ts", AUDIO)).toEqual(whole);
    // What is found first counts: a TypeScript file before a folder's index.
    sources.write("text.ts", null);
    expect(sources.write("text/index.ts", TEXT).graph?.files).not.toContain("/flow/text/index.ts");
    sources.replace("main.daggr.ts", `"./text.js"`, `"./text"`);
    expect(sources.analysis.analyse().graph?.files).toContain("/flow/text/index.ts");
  });

  it("reads again what an edit touches and no more, whatever lists functions fill", () => {
    const functions = Array.from(
      { length: 20 },
      (_, i) => `function run${i}() { const list: object[] = [{}]; list.push(z.any()); return list; }
const node${i} = new FnNode(run${i}, { outputs: { list: gr.JSON() } });
`,
    );
    const nodes = functions.map((_, i) => `node${i}`).join(", ");
    let text = `import { z } from "zod";
import { FnNode, Graph, gr } from "daggr";
${functions.join("")}export default new Graph({ name: "Lists", nodes: [${nodes}] });
`;
    let packagesLookedUp = 0;
    const analysis = new WorkflowAnalysis("/flow/main.daggr.ts", {
      read: (path) =>
        path.endsWith("main.daggr.ts") ? text : path === "/flow/node_modules/zod/package.json" ? "{}" : undefined,
      realPath: (path) => (packagesLookedUp++, path),
    });
    const before = analysis.analyse().graph?.nodes;
    expect(packagesLookedUp).toBe(20);
    text = text.replace("function run7() {", "function run7() { console.log(1);");
    analysis.changed("/flow/main.daggr.ts");
    const after = analysis.analyse().graph?.nodes;
    expect(after?.filter(({ code }, i) => code !== before?.[i]?.code).map(({ id }) => id)).toEqual(["node7"]);
    expect(packagesLookedUp).toBe(21);
  });

  it("answers the same analysis while nothing changes", () => {
    const sources = new Sources({ "main.daggr.ts": chainWorkflow(3) });
    const first = sources.analysis.analyse();
    expect(sources.analysis.analyse()).toBe(first);
    expect(sources.write("elsewhere.ts", "export {};")).toBe(first);
    expect(sources.write("main.daggr.ts", sources.text("main.daggr.ts"))).toBe(first);
    expect(sources.replace("main.daggr.ts", "Chain of", "Chain with")).not.toBe(first);
  });
});

describe("text that does not parse", () => {
  it("keeps the last good graph, marked as such, with what is wrong and where", () => {
    const sources = new Sources({ "main.daggr.ts": chainWorkflow(2) });
    const { graph } = sources.analysis.analyse();
    const broken = sources.replace("main.daggr.ts", `name: "Step 1",`, `name: "Step 1,`);
    expect(broken.graphStatus).toBe("last-good");
    expect(broken.graph).toBe(graph);
    expect(new Set(broken.diagnostics.map(({ code }) => code))).toEqual(new Set(["syntax-error"]));
    expect(broken.diagnostics[0]?.range.file).toBe("/flow/main.daggr.ts");
    const mended = sources.replace("main.daggr.ts", `name: "Step 1,`, `name: "Step one",`);
    expect(mended.graphStatus).toBe("current");
    expect(mended.graph?.nodes.map(({ name }) => name)).toEqual(["Step 0", "Step one"]);
  });

  it("keeps it for an imported file too", () => {
    const sources = new Sources({ "main.daggr.ts": MAIN, "audio.ts": AUDIO, "text.ts": TEXT });
    const { graph } = sources.analysis.analyse();
    const broken = sources.write("text.ts", "export const = 3;");
    expect(broken).toMatchObject({ graphStatus: "last-good", graph });
    expect(broken.diagnostics[0]?.range.file).toBe("/flow/text.ts");
  });

  it("shows what can be read of a file that never parsed, and keeps none of it", () => {
    const sources = new Sources({ "main.daggr.ts": `${chainWorkflow(1)}\nconst = 1;` });
    const first = sources.analysis.analyse();
    expect(first.graphStatus).toBe("current");
    expect(first.graph?.complete).toBe(false);
    expect(first.graph?.nodes.map(({ id }) => id)).toEqual(["step0"]);
    expect(sources.write("main.daggr.ts", "const = 1;")).toMatchObject({ graph: null, graphStatus: "current" });
  });

  it("has no graph once a file that parses shows none", () => {
    const sources = new Sources({ "main.daggr.ts": chainWorkflow(1) });
    sources.analysis.analyse();
    expect(sources.write("main.daggr.ts", "export {};")).toMatchObject({ graph: null, graphStatus: "current" });
    expect(sources.write("main.daggr.ts", "export {")).toMatchObject({ graph: null, graphStatus: "current" });
  });

  it("says so when there is no file", () => {
    expect(new Sources({}).analysis.analyse()).toMatchObject({ graph: null, diagnostics: [{ code: "missing-file" }] });
  });
});

function change(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + random.of(SNIPPETS) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.below(8));
    case 2: {
      const lines = text.split("\n");
      const [line = ""] = lines.splice(random.below(lines.length), 1);
      lines.splice(random.below(lines.length), 0, line);
      return lines.join("\n");
    }
    default: {
      const names = ["left", "right", "lines", "LIMIT", "rate", "prompt", "text", "seed", "out"];
      return text.replace(new RegExp(`\\b${random.of(names)}\\b`), random.of(names));
    }
  }
}
