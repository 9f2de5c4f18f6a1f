/**
 * What an item costs beside the user's own code, where a node runs once an item: trivial functions, eight at a time, on a warm
 * runner, every item's result stored; and the same again with one item changed, which finds all the others. Beside it, what any
 * tool must do that keeps the results: call the function, hash, append a line; in one process, one after the other.
 * `npm run bench items`; with `--check` it fails where a target is missed.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, type Engine } from "../../src/engine/engine.js";
import type { RunRequest } from "../../src/model/plan.js";

/** Milliseconds an item. */
const TARGET = 0.5;
const ROUNDS = 4;
const runner = fileURLToPath(new URL("../../dist/runner.mjs", import.meta.url));
const all: RunRequest = { scope: "all", targets: [], reuse: "fresh" };

const WORKFLOW = `import { FnNode, Graph, gr } from "daggr";
const list = new FnNode(({ from, count }: { from: number; count: number }) => Array.from({ length: count }, (_, i) => ({ n: from + i })), {
  inputs: { from: gr.Number({ value: 0 }), count: gr.Number({ value: 10 }) },
  outputs: { items: gr.JSON() },
});
const twice = new FnNode(({ n }: { n: number }) => n * 2, { inputs: { n: list.items.each["n"] }, outputs: { value: gr.Number() }, concurrent: true });
const sum = new FnNode(({ values }: { values: number[] }) => values.reduce((a, b) => a + b, 0), {
  inputs: { values: twice.value.all() },
  outputs: { sum: gr.Number() },
});
export default new Graph({ name: "items", nodes: [sum] });
`;

const folder = mkdtempSync(join(tmpdir(), "daggr-bench-"));
const file = join(folder, "items.daggr.ts");
writeFileSync(file, WORKFLOW);
const engine: Engine = createEngine(
  { event: () => undefined, debuggerReady: () => undefined },
  { runner, env: process.env, version: "bench" },
);
const missed: string[] = [];
let start = 0;
try {
  await engine.configure({ trusted: true, token: null, roots: [folder] });
  await engine.open(file);
  await measure(1000); // the process starts, and both compile what they run often
  const small = await measure(1000);
  const large = await measure(10_000);
  report(1000, small);
  report(10_000, large);
  console.log(
    `\nAn item of 10,000 against one of 1,000: run ${ratio(large.run, small.run)}, found again ${ratio(large.again, small.again)}`,
  );
} finally {
  await engine.dispose();
  rmSync(folder, { recursive: true });
}
if (missed.length > 0 && process.argv.includes("--check")) process.exit(1);

interface Times {
  readonly run: number;
  readonly again: number;
  readonly baseline: number;
}

/** The best of some rounds: what else the machine does only ever adds. */
async function measure(count: number): Promise<Times> {
  const runs: number[] = [];
  const agains: number[] = [];
  const baselines: number[] = [];
  await engine.setInput(file, "list.count", count);
  for (let round = 0; round < ROUNDS; round++) {
    const from = (start += 20_000);
    await engine.setInput(file, "list.from", from);
    runs.push(await timed(run));
    // All but one of the items are those of before.
    await engine.setInput(file, "list.from", from + 1);
    agains.push(await timed(run));
    baselines.push(await timed(() => baseline(count, from)));
  }
  const best = (times: readonly number[]) => Math.min(...times) / count;
  return { run: best(runs), again: best(agains), baseline: best(baselines) };
}

async function run(): Promise<void> {
  const end = await engine.run(file, all);
  if (!end.ok || end.value.status !== "succeeded") throw new Error(JSON.stringify(end));
}

async function baseline(count: number, from: number): Promise<void> {
  const into = join(folder, "baseline");
  mkdirSync(into);
  for (let i = 0; i < count; i++) {
    const value = await Promise.resolve((from + i) * 2);
    const digest = createHash("sha256")
      .update(JSON.stringify({ inputs: { n: from + i } }))
      .digest("hex");
    await appendFile(
      join(into, "results.jsonl"),
      `${JSON.stringify({ digest, outputs: { value }, startedAt: Date.now() })}\n`,
    );
  }
  rmSync(into, { recursive: true });
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

function report(count: number, { run, again, baseline }: Times): void {
  if (run > TARGET) missed.push(`${count} items`);
  console.log(`\n${count} items, eight at a time`);
  console.log(
    `  run                  ${run.toFixed(3)} ms an item: ${ratio(run, baseline)} the baseline (${run <= TARGET ? "≤" : "BEYOND"} ${TARGET})`,
  );
  console.log(`  again, one changed   ${again.toFixed(3)} ms an item: ${ratio(again, baseline)} the baseline`);
  console.log(`  baseline             ${baseline.toFixed(3)} ms an item`);
}

function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(2)} ×`;
}
