import { createBirpc } from "birpc";
import { build } from "esbuild";
import { fork, type ForkOptions } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { nodeBundles } from "../../../scripts/bundles.mjs";
import type { Graph } from "../../../src/model/graph.js";
import type { Result } from "../../../src/model/outcome.js";
import type { LogLine } from "../../../src/model/result.js";
import type { Progress } from "../../../src/model/runEvent.js";
import type { StoredValue, Value } from "../../../src/model/value.js";
import type { ExecuteReply, HuggingFaceAccess, RunnerApi, RunnerEvents } from "../../../src/protocol/runner.js";
import { BlobStore } from "../../../src/store/blobs.js";
import { loadValue, storeValue } from "../../../src/store/storedValue.js";

/** Builds the runner and the SDK as the product has them, into a folder of the test's own. */
export async function buildRunner(): Promise<{ readonly path: string; remove(): void }> {
  const folder = temporaryFolder("dist");
  const { engine, sdk } = nodeBundles(false);
  const runner = {
    ...engine,
    entryPoints: { runner: "src/runner/main.ts", transpiler: "src/runner/loader/transpiler.ts" },
  };
  await Promise.all([
    build({ ...runner, outdir: folder, sourcemap: false, logLevel: "silent" }),
    build({ ...sdk, outdir: join(folder, "sdk"), sourcemap: false, logLevel: "silent" }),
  ]);
  return { path: join(folder, "runner.mjs"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function temporaryFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `runner-${name}-`)));
}

export interface Workspace {
  readonly folder: string;
  readonly file: string;
  readonly blobs: BlobStore;
  remove(): void;
}

/** A folder with a workflow in `flow.daggr.ts` and whatever other files are named. */
export function workspace(text: string, others: Readonly<Record<string, string>> = {}): Workspace {
  const folder = temporaryFolder("workspace");
  for (const [name, content] of Object.entries({ "flow.daggr.ts": text, ...others })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return {
    folder,
    file: join(folder, "flow.daggr.ts"),
    blobs: new BlobStore(join(folder, ".daggr", "blobs")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A graph of which the text told nothing but its file: all of it is up to the running program. */
export function unreadGraph(file: string): Graph {
  return { file, name: "", persistKey: null, roots: [null], nodes: [], edges: [], complete: false, files: [file] };
}

export interface LiveRunner {
  readonly pid: number;
  readonly logs: { readonly id: string | null; readonly line: LogLine }[];
  readonly progress: Progress[];
  readonly partials: Readonly<Record<string, StoredValue>>[];
  readonly exited: Promise<number | null>;
  /** Standard error, for a debugger's address. */
  readonly stderr: () => string;
  load(graph?: Graph): Promise<Result<Graph>>;
  execute(node: string, inputs?: Readonly<Record<string, Value>>, executionId?: string): Promise<ExecuteReply>;
  cancel(executionId: string): void;
  /** The outputs' values; throws when the execution failed. */
  outputs(node: string, inputs?: Readonly<Record<string, Value>>): Promise<Record<string, Value>>;
  stop(): Promise<void>;
}

/** Where this platform's users keep caches, for a process that must leave the real one alone. */
export function userCacheIn(folder: string): NodeJS.ProcessEnv {
  return { XDG_CACHE_HOME: join(folder, "cache"), LOCALAPPDATA: join(folder, "cache") };
}

export const nobody: HuggingFaceAccess = { token: null, endpoint: "https://huggingface.co" };

let count = 0;

export function startRunner(
  path: string,
  { file, blobs, folder }: Workspace,
  options: {
    readonly huggingFace?: HuggingFaceAccess;
    readonly fork?: ForkOptions;
    readonly args?: readonly string[];
  } = {},
): LiveRunner {
  const scratch = join(folder, ".daggr", "scratch");
  mkdirSync(scratch, { recursive: true });
  const child = fork(path, options.args ?? [], {
    cwd: folder,
    env: { ...process.env, ...userCacheIn(dirname(path)) },
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: [],
    ...options.fork,
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout?.resume();
  const logs: LiveRunner["logs"] = [];
  const progress: Progress[] = [];
  const partials: Readonly<Record<string, StoredValue>>[] = [];
  const events: RunnerEvents = {
    progress: (_, each) => void progress.push(each),
    partial: (_, outputs) => void partials.push(outputs),
    returned: () => undefined,
    log: (id, lines) => void logs.push(...lines.map((line) => ({ id, line }))),
  };
  const rpc = createBirpc<RunnerApi, RunnerEvents>(events, {
    post: (message: object) => {
      if (child.connected) child.send(message, () => undefined);
    },
    on: (listen: (message: unknown) => void) => child.on("message", listen),
    eventNames: ["cancel"],
    timeout: -1,
  });
  const exited = once(child, "exit").then(([code]) => code as number | null); // as Node documents the event
  void exited.then(() => rpc.$close());

  const execute: LiveRunner["execute"] = async (node, inputs = {}, executionId = `e${++count}`) => {
    const stored = await Promise.all(
      Object.entries(inputs).map(async ([name, value]) => [name, await storeValue(value, blobs)] as const),
    );
    return rpc.execute({ executionId, node, inputs: Object.fromEntries(stored) });
  };
  return {
    pid: child.pid!,
    logs,
    progress,
    partials,
    exited,
    stderr: () => stderr,
    load: (graph = unreadGraph(file)) =>
      rpc.load({ graph, blobs: blobs.folder, scratch, huggingFace: options.huggingFace ?? nobody }),
    execute,
    cancel: (executionId) => void rpc.cancel.asEvent(executionId),
    outputs: async (node, inputs) => {
      const reply = await execute(node, inputs);
      if (reply.status !== "succeeded") throw new Error(JSON.stringify(reply));
      const values: Record<string, Value> = {};
      for (const [port, stored] of Object.entries(reply.outputs)) {
        const value = await loadValue(stored, blobs);
        if (value.ok) values[port] = value.value;
      }
      return values;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
