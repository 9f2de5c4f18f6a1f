/**
 * What a run costs beside the user's own code: a chain of trivial functions on a warm runner with its results stored, and the
 * same again from the store. Beside it, what any tool must do that runs such a chain and keeps the results: call the
 * function, hash, write a file by rename, append a line; in one process, one after the other.
 * `npm run bench run`; with `--check` it fails where a target is missed.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { appendFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine } from "../../src/engine/engine.js";
import type { RunRequest } from "../../src/model/plan.js";

/** Milliseconds a node, and milliseconds in all. */
const TARGETS = { run: 1, reuse: 0.3, open: 1000 };
const ROUNDS = 3;
const runner = fileURLToPath(new URL("../../dist/runner.mjs", import.meta.url));
const all: RunRequest = { scope: "all", targets: [], reuse: "fresh" };

interface Times {
  readonly open: number;
  readonly plan: number;
  readonly run: number;
  readonly reuse: number;
  readonly baseline: number;
  /** Processor time of the engine alone in a run, which a busy machine doesn't change much. */
  readonly cpu: number;
}

const small = await measure(100);
const large = await measure(1000);
report(100, small);
report(1000, large);
console.log(
  `\nA node at 1000 against one at 100: run ${ratio(large.run, small.run)}, cached ${ratio(large.reuse, small.reuse)}`,
);

const missed = [small, large].some(({ run, reuse }) => run > TARGETS.run || reuse > TARGETS.reuse);
if ((missed || large.open + large.plan > TARGETS.open) && process.argv.includes("--check")) process.exit(1);

function report(size: number, { open, plan, run, reuse, baseline, cpu }: Times): void {
  console.log(`\n${size} functions in a chain`);
  console.log(
    `  open and plan        ${open.toFixed(0)} + ${plan.toFixed(0)} ms${size === 1000 ? within(open + plan, TARGETS.open) : ""}`,
  );
  console.log(
    `  run                  ${run.toFixed(3)} ms a node: ${ratio(run, baseline)} the baseline${within(run, TARGETS.run)}`,
  );
  console.log(`    of which the engine's processor time: ${cpu.toFixed(3)} ms a node`);
  console.log(
    `  again, from cache    ${reuse.toFixed(3)} ms a node: ${ratio(reuse, baseline)} the baseline${within(reuse, TARGETS.reuse)}`,
  );
  console.log(`  baseline             ${baseline.toFixed(3)} ms a node`);
}

/** The best of some rounds: what else the machine does only ever adds. */
async function measure(size: number): Promise<Times> {
  const folder = mkdtempSync(join(tmpdir(), "daggr-bench-"));
  const file = join(folder, "chain.daggr.ts");
  writeFileSync(file, chain(size));
  const engine = createEngine(
    { event: () => undefined, debuggerReady: () => undefined },
    { runner, env: process.env, version: "bench" },
  );
  try {
    await engine.configure({ trusted: true, token: null, roots: [folder] });
    // The compiler is loaded once, whatever the file's size.
    writeFileSync(join(folder, "warm.daggr.ts"), chain(1));
    await engine.open(join(folder, "warm.daggr.ts"));
    const open = await timed(() => engine.open(file));
    const plan = await timed(() => engine.plan(file, all));
    // The process starts, and both compile what they run often.
    await engine.run(file, all);
    const runs: number[] = [];
    const reuses: number[] = [];
    const cpus: number[] = [];
    const baselines: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      await engine.setInput(file, "n0.n", round);
      const before = process.cpuUsage();
      runs.push(await timed(() => expectRun(size, 0)));
      const { user, system } = process.cpuUsage(before);
      cpus.push((user + system) / 1000);
      reuses.push(await timed(() => expectRun(0, size)));
      baselines.push(await timed(() => baseline(folder, size)));
    }
    const best = (times: readonly number[]) => Math.min(...times) / size;
    const cpu = cpus.map((time) => time / size);
    return { open, plan, run: best(runs), reuse: best(reuses), baseline: best(baselines), cpu: Math.min(...cpu) };
  } finally {
    await engine.dispose();
    rmSync(folder, { recursive: true });
  }

  async function expectRun(executed: number, reused: number): Promise<void> {
    const end = await engine.run(file, all);
    if (!end.ok || end.value.executed !== executed || end.value.reused !== reused) throw new Error(JSON.stringify(end));
  }
}

function chain(size: number): string {
  const nodes = Array.from({ length: size }, (_, i) => {
    const input = i === 0 ? "gr.Number({ value: 0 })" : `n${i - 1}.output`;
    return `const n${i} = new FnNode(({ n }: { n: number }) => n + ${i}, { inputs: { n: ${input} }, outputs: { output: gr.Number() } });`;
  });
  const graph = `export default new Graph({ name: "chain", nodes: [n${size - 1}] });`;
  return `import { FnNode, Graph, gr } from "daggr";\n${nodes.join("\n")}\n${graph}\n`;
}

async function baseline(folder: string, size: number): Promise<void> {
  const into = join(folder, "baseline");
  mkdirSync(into, { recursive: true });
  let value = 0;
  for (let i = 0; i < size; i++) {
    value = await Promise.resolve(value + i);
    const digest = createHash("sha256")
      .update(JSON.stringify({ node: i, inputs: { n: value } }))
      .digest("hex");
    const record = JSON.stringify({ digest, outputs: { output: value }, startedAt: Date.now() });
    await writeFile(join(into, `${digest}.tmp`), record);
    await rename(join(into, `${digest}.tmp`), join(into, digest));
    await appendFile(join(into, "history.jsonl"), `${record}\n`);
  }
  rmSync(into, { recursive: true });
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

function ratio(a: number, b: number): string {
  return `${(a / b).toFixed(2)} ×`;
}

function within(value: number, target: number): string {
  return value <= target ? ` (≤ ${target})` : ` (BEYOND ${target})`;
}
