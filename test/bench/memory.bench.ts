/**
 * What the extension host holds while a gigabyte of files flows through a run: it should stay as it is, for files go from process to
 * process by name. The host is played by this process with the extension's own classes; the engine is the one that ships.
 * `npm run bench memory`; with `--check` it fails where a target is missed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineProcess } from "../../src/extension/engineProcess.js";
import { Workflows } from "../../src/extension/workflows.js";
import { RUN_ALL } from "../../src/model/runRequest.js";

const MIB = 2 ** 20;
/** Each written by one item and read by another. */
const FILES = 64;
const FILE_SIZE = 16 * MIB;
/** What the host may hold more at any moment than before the run, bytes. */
const TARGET = 16 * MIB;

const workflow = `import { readFile, writeFile } from "node:fs/promises";
import { FnNode, Graph, gr, type FnContext } from "daggr";
const numbers = new FnNode(({ count }: { count: number }) => Array.from({ length: count }, (_, i) => i), {
  inputs: { count: gr.Number({ value: 1 }) },
  outputs: { list: gr.JSON() },
});
const written = new FnNode(async ({ n }: { n: number }, { outputFile }: FnContext) => {
  const file = outputFile("number-" + n + ".bin");
  await writeFile(file, Buffer.alloc(${FILE_SIZE}, "number " + n + " "));
  return file;
}, { inputs: { n: numbers.list.each }, outputs: { file: gr.File() }, maxConcurrent: 2 });
const size = new FnNode(async ({ file }: { file: string }) => (await readFile(file)).length, {
  inputs: { file: written.file },
  outputs: { bytes: gr.Number() },
  maxConcurrent: 2,
});
export default new Graph({ name: "files", nodes: [size] });
`;

const folder = mkdtempSync(join(tmpdir(), "daggr-bench-"));
const file = join(folder, "files.daggr.ts");
writeFileSync(file, workflow);
const engine: EngineProcess = new EngineProcess({
  entry: fileURLToPath(new URL("../../dist/engine.mjs", import.meta.url)),
  events: {
    event: (...event) => workflows.receive(...event),
    debuggerReady: () => undefined,
  },
  options: () => Promise.resolve({ trusted: true, token: null, roots: [folder] }),
  onOutput: (text) => process.stderr.write(text),
});
const workflows = new Workflows(engine);
let missed: boolean;
try {
  workflows.hold(file);
  await workflows.opened(file);
  // A first run loads and compiles what every later one uses.
  await run(2);
  const before = held();
  const bytes = await run(FILES);
  const grown = bytes.peak - before;
  missed = grown > TARGET;
  const mib = (count: number) => `${(count / MIB).toFixed(1)} MiB`;
  console.log(
    `\n${FILES} files of ${mib(FILE_SIZE)}, written, kept and read: ${((FILES * FILE_SIZE) / MIB).toFixed(0)} MiB`,
  );
  console.log(`  host before      ${mib(before)}`);
  console.log(
    `  host at its most ${mib(grown)} more (${missed ? "ABOVE" : "≤"} ${mib(TARGET)}), ${mib(held() - before)} more afterwards`,
  );
  console.log(`  engine's peak    ${peakOf(engine.pid)}`);
} finally {
  await engine.end();
  rmSync(folder, { recursive: true });
}
if (missed && process.argv.includes("--check")) process.exit(1);

/** Runs everything with so many files, and answers what the host held at its most. */
async function run(count: number): Promise<{ readonly peak: number }> {
  await engine.ask((remote) => remote.setInput(file, "numbers.count", count));
  let peak = 0;
  const sampling = setInterval(() => (peak = Math.max(peak, held())), 100);
  const end = await workflows.run(file, RUN_ALL);
  clearInterval(sampling);
  const state = workflows.state(file)?.nodes.size;
  if (!end.ok || end.value.status !== "succeeded") throw new Error(`The run failed: ${JSON.stringify(end)}`);
  if (state?.result?.items?.count !== count) throw new Error(`Not all of the ${count} files were read.`);
  return { peak };
}

/** Bytes that are in use, what is garbage left out. */
function held(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** As the system tells it; only Linux does. */
function peakOf(pid: number | undefined): string {
  try {
    const [, kib = ""] = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid ?? ""}/status`, "utf8")) ?? [];
    return `${(Number(kib) / 1024).toFixed(0)} MiB resident`;
  } catch {
    return "not told by this system";
  }
}
