import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine, type Engine } from "../../../src/engine/engine.js";
import type { NodeId } from "../../../src/model/graph.js";
import type { RunRequest } from "../../../src/model/plan.js";
import { reduceWorkflow } from "../../../src/model/reduceWorkflow.js";
import type { NodeState, WorkflowEvent, WorkflowState } from "../../../src/model/workflowState.js";

const runner = fileURLToPath(new URL("../../../dist/runner.mjs", import.meta.url));

/** A folder with one workflow, and an engine in this process that has it open; its runner is a real child process. */
export class Workspace {
  readonly folder: string;
  readonly file: string;
  engine: Engine;
  /** What a front end makes of the events. */
  state: WorkflowState | null = null;
  events: WorkflowEvent[] = [];
  readonly debuggers: string[] = [];
  #sequence = 0;
  readonly #others: Workspace[] = [];
  #waiting: (() => void)[] = [];

  private constructor(folder: string) {
    this.folder = folder;
    this.file = join(folder, "flow.daggr.ts");
    this.engine = this.#newEngine();
  }

  static async create(text: string, others: Readonly<Record<string, string>> = {}): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), "engine-test-")));
    for (const [name, content] of Object.entries({ ...others, "flow.daggr.ts": text }))
      await workspace.write(name, content);
    return workspace;
  }

  /** Another window on the same folder. Only its engine is its own. */
  beside(): Workspace {
    const other = new Workspace(this.folder);
    this.#others.push(other);
    return other;
  }

  /** As a window that is opened (again). */
  async open(trusted = true): Promise<WorkflowState> {
    await this.engine.configure({ trusted, token: null, roots: [this.folder] });
    const { sequence, state } = await this.engine.open(this.file);
    this.#sequence = sequence;
    this.state = state;
    return state;
  }

  /** As a window that is closed and opened again. */
  async reopen(): Promise<WorkflowState> {
    await this.engine.dispose();
    this.engine = this.#newEngine();
    this.state = null;
    return this.open();
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  /** Saves the workflow as the editor does: its text first, then the disk. */
  async save(text: string): Promise<void> {
    this.engine.setText(this.file, text);
    await this.write("flow.daggr.ts", text);
  }

  async run(request: Partial<RunRequest> = {}) {
    this.events = [];
    return this.engine.run(this.file, { scope: "all", targets: [], reuse: "fresh", ...request });
  }

  /** Nodes with events of this type since the last run began, in order. */
  nodesWith(type: WorkflowEvent["type"]): NodeId[] {
    return this.events.flatMap((event) => (event.type === type && "node" in event ? [event.node] : []));
  }

  node(id: NodeId): NodeState {
    const node = this.state?.nodes[id];
    if (!node) throw new Error(`no state of ${id}`);
    return node;
  }

  output(id: NodeId, port = "output"): unknown {
    const value = this.node(id).result?.outputs[port];
    return value?.kind === "inline" ? value.value : value;
  }

  /** The state as soon as it is as wished. */
  async until(wished: (state: WorkflowState) => boolean): Promise<WorkflowState> {
    for (;;) {
      if (this.state && wished(this.state)) return this.state;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([this, ...this.#others].map(({ engine }) => engine.dispose()));
    await rm(this.folder, { recursive: true });
  }

  #newEngine(): Engine {
    return createEngine(
      {
        event: (file, sequence, event) => {
          if (file !== this.file || !this.state) return;
          if (sequence <= this.#sequence) return;
          if (sequence !== ++this.#sequence) throw new Error(`event ${sequence} after ${this.#sequence - 1}`);
          this.state = reduceWorkflow(this.state, event);
          this.events.push(event);
          for (const wake of this.#waiting.splice(0)) wake();
        },
        debuggerReady: (_file, address) => this.debuggers.push(address),
      },
      { runner, env: process.env, version: "1.2.3", outputs: true },
    );
  }
}
