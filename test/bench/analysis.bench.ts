/**
 * Analysis of an edit against the least that any tool must do: a raw incremental TypeScript reparse and an empty walk of the
 * same text. `npm run bench analysis`; with `--check` it fails where the target is missed.
 */
import { ts } from "ts-morph";
import { WorkflowAnalysis } from "../../src/analysis/index.js";
import { changeBetween } from "../../src/analysis/sourceModule.js";
import { chainWorkflow } from "../unit/analysis/chainWorkflow.js";

/** An edit may take this many times the raw reparse and walk. */
const TARGET = 5;
const FILE = "/bench/chain.daggr.ts";
const ROUNDS = 40;

const EDITS: Readonly<Record<string, (text: string, node: number, round: number) => string>> = {
  "a letter in a label": (text, node, round) => text.replace(`"Word ${node}`, `"Word ${node} ${"x".repeat(round % 7)}`),
  "a line in a function": (text, node, round) =>
    text.replace(`  return text.trim() + ${node};`, `  // ${round}\n  return text.trim() + ${node};`),
  "a line at the top": (text, _node, round) => `// ${round}\n${text}`,
};

// Both sides compiled by the engine before anything is timed.
const warmUp = Array.from({ length: 200 }, (_, round) => `// ${round}\n${chainWorkflow(5)}`);
measureRaw(chainWorkflow(5), warmUp);
measureAnalysis(chainWorkflow(5), warmUp);

let missed = false;
for (const size of [10, 100, 1000]) {
  const text = chainWorkflow(size);
  console.log(`\n${size} nodes, ${Math.round(text.length / 1024)} KB`);
  const cold = performance.now();
  new WorkflowAnalysis(FILE, { read: (path) => (path === FILE ? text : undefined) }).analyse();
  console.log(`  first analysis       ${(performance.now() - cold).toFixed(1)} ms`);
  for (const [name, edit] of Object.entries(EDITS)) {
    const texts = Array.from({ length: ROUNDS }, (_, round) => edit(text, Math.floor(size / 2), round + 1));
    const raw = median(measureRaw(text, texts));
    const ours = median(measureAnalysis(text, texts));
    const ratio = ours / raw;
    const wanted = size >= 100;
    if (wanted && ratio > TARGET) missed = true;
    const verdict = wanted ? (ratio <= TARGET ? `≤ ${TARGET}` : `BEYOND ${TARGET}`) : "";
    console.log(
      `  ${name.padEnd(20)} ${ours.toFixed(2)} ms, raw ${raw.toFixed(2)} ms: ${ratio.toFixed(2)} × ${verdict}`,
    );
  }
}
if (missed && process.argv.includes("--check")) process.exit(1);

function measureRaw(text: string, texts: readonly string[]): number[] {
  const options = {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  let source = ts.createSourceFile(FILE, text, options, true);
  return texts.map((next) => {
    const started = performance.now();
    source = ts.updateSourceFile(source, next, changeBetween(source.text, next));
    walk(source);
    return performance.now() - started;
  });
}

function walk(node: ts.Node): void {
  ts.forEachChild(node, walk);
}

function measureAnalysis(text: string, texts: readonly string[]): number[] {
  let current = text;
  const analysis = new WorkflowAnalysis(FILE, { read: (path) => (path === FILE ? current : undefined) });
  analysis.analyse();
  return texts.map((next) => {
    current = next;
    const started = performance.now();
    analysis.changed(FILE);
    const { graph } = analysis.analyse();
    const took = performance.now() - started;
    if (!graph || graph.nodes.length === 0) throw new Error("The edit broke the workflow");
    return took;
  });
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}
