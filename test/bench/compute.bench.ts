/**
 * How much faster functions that compute are where they may run beside each other: the same items one at a time, and as many at
 * a time as there are cores. Ideal: the number of cores; the machine's own ratio for two plain processes is told beside it.
 * `npm run bench compute`; with `--check` it fails where a target is missed.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, type Engine } from "../../src/engine/engine.js";
import type { RunRequest } from "../../src/model/plan.js";

/** Times the speed of one at a time, on two cores. */
const TARGET = 1.7;
const ROUNDS = 2;
const ITEMS = 24;
/** Turns of the loop that every item computes: about 150 ms. */
const TURNS = 7_000_000;
const runner = fileURLToPath(new URL("../../dist/runner.mjs", import.meta.url));

const LOOP = "let x = seed; for (let i = 0; i < turns; i++) x = (x * 1664525 + 1013904223) % 4294967296; return x;";

const workflow = (options: string) => `import { FnNode, Graph, gr } from "daggr";
const seeds = new FnNode(({ from, count }: { from: number; count: number }) => Array.from({ length: count }, (_, i) => from + i), {
  inputs: { from: gr.Number({ value: 0 }), count: gr.Number({ value: ${ITEMS} }) },
  outputs: { list: gr.JSON() },
});
const compute = new FnNode(({ seed, turns }: { seed: number; turns: number }) => { ${LOOP} }, {
  inputs: { seed: seeds.list.each, turns: gr.Number({ value: ${TURNS} }) },
  outputs: { value: gr.Number() }${options},
});
export default new Graph({ name: "compute", nodes: [compute] });
`;

const folder = mkdtempSync(join(tmpdir(), "daggr-bench-"));
const engine: Engine = createEngine(
  { event: () => undefined, debuggerReady: () => undefined },
  { runner, env: process.env, version: "bench" },
);
let missed: boolean;
try {
  await engine.configure({ trusted: true, token: null, roots: [folder] });
  const inTurn = await opened("in-turn", "");
  const beside = await opened("beside", ", concurrent: true");
  await run(inTurn, 1);
  await run(beside, 501);
  const [turns, besides, plains]: [number[], number[], number[]] = [[], [], []];
  for (let round = 1; round <= ROUNDS; round++) {
    turns.push(await run(inTurn, round * 1000));
    besides.push(await run(beside, round * 1000 + 500));
    plains.push(await plain());
  }
  const least = (times: readonly number[]) => Math.min(...times);
  const speed = least(turns) / least(besides);
  missed = speed < TARGET;
  const cores = availableParallelism();
  console.log(`\n${ITEMS} items that compute, on ${cores} cores`);
  console.log(`  one at a time        ${(least(turns) / ITEMS).toFixed(0)} ms an item`);
  console.log(
    `  beside each other    ${(least(besides) / ITEMS).toFixed(0)} ms an item: ${speed.toFixed(2)} × the speed (${missed ? "BELOW" : "≥"} ${TARGET})`,
  );
  console.log(`  two plain processes  ${least(plains).toFixed(2)} × the speed of one`);
} finally {
  await engine.dispose();
  rmSync(folder, { recursive: true });
}
if (missed && process.argv.includes("--check")) process.exit(1);

async function opened(name: string, options: string): Promise<string> {
  const file = join(folder, `${name}.daggr.ts`);
  writeFileSync(file, workflow(options));
  await engine.open(file);
  return file;
}

/** Milliseconds of a run of items that nothing is known of. */
async function run(file: string, from: number): Promise<number> {
  await engine.setInput(file, "seeds.from", from);
  const request: RunRequest = { scope: "all", targets: [], reuse: "fresh" };
  const started = performance.now();
  const end = await engine.run(file, request);
  if (!end.ok || end.value.status !== "succeeded") throw new Error(JSON.stringify(end));
  return performance.now() - started;
}

/** How much two processes of nothing but the loop get done in the time that one takes for its own. */
async function plain(): Promise<number> {
  const script = join(folder, "plain.mjs");
  writeFileSync(script, `process.once("message", ({ seed, turns }) => process.send((() => { ${LOOP} })()));`);
  const job = async () => {
    const child = fork(script);
    const started = performance.now();
    await new Promise((resolve) => {
      child.once("message", resolve);
      child.send({ seed: 1, turns: TURNS * 4 });
    });
    child.kill();
    return performance.now() - started;
  };
  const alone = await job();
  const both = await Promise.all([job(), job()]);
  return (2 * alone) / Math.max(...both);
}
