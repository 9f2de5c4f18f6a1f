import { createHash } from "node:crypto";
import { basename } from "node:path";
import { performance } from "node:perf_hooks";
import type { Failure } from "../model/failure.js";
import type { Graph } from "../model/graph.js";
import { failed, type Result, success } from "../model/outcome.js";
import type { ExecuteReply, ExecuteRequest, LoadRequest, RunnerApi, RunnerEvents } from "../protocol/runner.js";
import { redact } from "../huggingface/redact.js";
import { readGraph } from "../sdk/runtime.js";
import { BlobStore } from "../store/blobs.js";
import { captureExit, captureOutput, captureStrayErrors } from "./capture.js";
import { completeGraph } from "./completeGraph.js";
import { execute, type Setting } from "./execute.js";
import { currentExecution, Execution } from "./execution.js";
import { cacheFolder } from "./loader/cacheFolder.js";
import { loadFailure } from "./loader/loadFailure.js";
import { createLoader, type Loader } from "./loader/loader.js";
import { leftOver } from "./leftOver.js";
import { flushLogs, LogBuffer } from "./logBuffer.js";
import { match } from "./match.js";
import { redactFailure } from "./redactFailure.js";

/** The runner of this process: it holds one workflow. */
export class Runner implements RunnerApi {
  readonly #events: RunnerEvents;
  readonly #sdk: string;
  readonly #executions = new Map<string, Execution>();
  readonly #stray: LogBuffer;
  /** From before any user code: what is there beyond it, the author's code left running. */
  readonly #leftOver: () => Promise<void>;
  #seen = performance.eventLoopUtilization();
  #token: string | null = null;
  #scratch = "";
  #setting: Setting | null = null;
  /** The working directory that every execution finds. */
  #folder = process.cwd();

  /** @param sdk address of the module that `"daggr"` stands for */
  constructor(events: RunnerEvents, sdk: string) {
    this.#events = events;
    this.#sdk = sdk;
    this.#stray = new LogBuffer(this.#redact, (lines) => events.log(null, lines));
    captureOutput(this.#stray);
    captureExit(this.#stray);
    captureStrayErrors(this.#executions, this.#stray);
    this.#leftOver = leftOver();
  }

  async load(request: LoadRequest): Promise<Result<Graph>> {
    const { graph, blobs, scratch, huggingFace } = request;
    this.#token = huggingFace.token;
    this.#scratch = scratch;
    const loader = createLoader(cacheFolder(), this.#sdk);
    const program = await readProgram(graph, loader);
    this.#stray.flush();
    if (!program.ok) return failed(redactFailure(program.failure, this.#redact));
    this.#folder = process.cwd();
    this.#setting = { program: program.value, blobs: new BlobStore(blobs), huggingFace };
    return success(program.value.graph);
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const setting = this.#setting;
    if (!setting) {
      const message = "The workflow file has not been loaded.";
      return { status: "failed", failure: { reason: "internal", message }, drawn: {} };
    }
    const execution = new Execution(request.executionId, request.node, this.#scratch, this.#redact, this.#events);
    if (this.#executions.size === 0) this.#seen = performance.eventLoopUtilization();
    this.#executions.set(execution.id, execution);
    try {
      const reply = await currentExecution.run(execution, () => execute(setting, request, execution));
      return reply.status === "failed" ? { ...reply, failure: redactFailure(reply.failure, this.#redact) } : reply;
    } finally {
      this.#executions.delete(execution.id);
      this.#returnToFolder(execution);
      await execution.end();
    }
  }

  /** `process.chdir` holds for the whole process: what runs next must not find another folder than when it is run alone. */
  #returnToFolder({ node, log }: Execution): void {
    if (this.#executions.size > 0 || currentFolder() === this.#folder) return;
    try {
      process.chdir(this.#folder);
      log.write("warn", `\`${node}\` changed the working directory; it is ${this.#folder} again.\n`);
    } catch {
      // The folder is gone, and with it the workflow.
    }
  }

  cancel(executionId: string): void {
    this.#executions.get(executionId)?.cancel();
  }

  utilization(): Promise<number> {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#seen);
    this.#seen = now;
    return Promise.resolve(utilization);
  }

  async settle(): Promise<void> {
    await this.#leftOver();
    flushLogs();
  }

  /** Sends all output that has not been sent yet: the process is about to end. */
  flush(): void {
    flushLogs();
  }

  readonly #redact = (text: string): string => redact(text, this.#token);
}

/** `null`: it was removed. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** Names the node in whose declaration it lies that the file cannot be loaded. */
function blaming(failure: Failure, { nodes, file }: Graph): Failure {
  const { location, message } = failure;
  const node = nodes.find(
    ({ range }) =>
      range &&
      range.file === location?.file &&
      range.start.line <= location.start.line &&
      location.start.line <= range.end.line,
  );
  return node
    ? { ...failure, message: `\`${node.id}\` keeps ${basename(file)} from being loaded: ${message}` }
    : failure;
}

async function readProgram(graph: Graph, loader: Loader) {
  const name = basename(graph.file);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await loader.import(graph.file);
  } catch (error) {
    return failed(blaming(loadFailure(error, graph.file), graph));
  }
  const program = readGraph(exports.default);
  if (!program) {
    return failed({
      reason: "load-failed",
      message: `${name} ${"default" in exports ? "exports something else than a Graph as its default" : "has no default export"}.`,
      hint: "Write export default new Graph({ name: …, nodes: […] }).",
    } as const);
  }
  const matching = match(graph, program);
  if (!matching.ok) return matching;
  return completeGraph(graph, program, matching.value, [...loader.files.keys()], restOfCode(graph, loader));
}

/** What the text tells of the modules that it leads to, token by token; the others, whatever is in them. */
function restOfCode({ rest }: Graph, loader: Loader): string {
  const told = new Set(rest?.modules);
  const others = [...loader.files].filter(([path]) => !told.has(path)).sort();
  return createHash("sha256")
    .update(JSON.stringify([rest?.digest ?? null, others]))
    .digest("hex");
}
