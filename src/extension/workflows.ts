import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";
import type { Result } from "../model/outcome.js";
import { reduceWorkflow } from "../model/reduceWorkflow.js";
import type { RunRequest } from "../model/plan.js";
import type { WorkflowEvent, WorkflowState } from "../model/workflowState.js";
import type { RunEnd, Snapshot } from "../protocol/engine.js";
import { type Disposable, Listeners } from "./disposable.js";
import type { EngineClient } from "./engineProcess.js";

/** Something about an open workflow changed. */
export interface WorkflowChange {
  readonly file: string;
  /** Numbered without gaps but where everything may have changed. */
  readonly sequence: number;
  readonly state: WorkflowState;
  /** What happened; `null`: a new snapshot, everything may have changed. */
  readonly event: WorkflowEvent | null;
}

interface OpenWorkflow {
  holders: number;
  /** The engine's number of the last event that is in `state`; `null` while a snapshot is on its way. */
  seen: number | null;
  /** Came while the snapshot was on its way. */
  early: { readonly sequence: number; readonly event: WorkflowEvent }[];
  /** Our own numbers go on where the engine's begin anew, after a crash. */
  sequence: number;
  state: WorkflowState | null;
  /** Why the engine could not open it; `null`: it could, or hasn't answered yet. */
  failure: Failure | null;
  opening: Promise<void>;
}

/** The workflows that somebody looks at, each with the state that the engine's events make. */
export class Workflows {
  readonly #engine: EngineClient;
  #enginesGone = 0;
  readonly #open = new Map<string, OpenWorkflow>();
  readonly #sheetOf: (file: string) => string | null;
  readonly #changed = new Listeners<WorkflowChange>();
  readonly #closed = new Listeners<string>();
  readonly onDidChange = this.#changed.listen;
  readonly onDidClose = this.#closed.listen;
  readonly #failed = new Listeners<{ readonly file: string; readonly failure: Failure }>();
  /** The engine could not open a workflow, which only a crash or a bug of its own can bring about. */
  readonly onDidFail = this.#failed.listen;

  /** @param sheetOf - id of the sheet on which a file was left; `null`: none in particular */
  constructor(engine: EngineClient, sheetOf: (file: string) => string | null = () => null) {
    this.#engine = engine;
    this.#sheetOf = sheetOf;
  }

  files(): string[] {
    return [...this.#open.keys()];
  }

  states(): WorkflowState[] {
    return [...this.#open.values()].flatMap(({ state }) => state ?? []);
  }

  state(file: string): WorkflowState | null {
    return this.#open.get(file)?.state ?? null;
  }

  /** Why the engine could not open a workflow. */
  failure(file: string): Failure | null {
    return this.#open.get(file)?.failure ?? null;
  }

  /** Settles once the engine has opened the file, or failed to. */
  async opened(file: string): Promise<void> {
    await this.#open.get(file)?.opening;
  }

  /** The state and the number of the last event in it, as soon as there is one; `null` if the workflow is closed before. */
  async snapshot(file: string): Promise<Snapshot | null> {
    await this.opened(file);
    const workflow = this.#open.get(file);
    if (workflow === undefined) return null;
    if (workflow.state !== null) return { sequence: workflow.sequence, state: workflow.state };
    // The engine is down; it may come back.
    const listening: Disposable[] = [];
    await new Promise<void>((resolve) => {
      const heard = (other: string): void => {
        if (other === file) resolve();
      };
      listening.push(
        this.onDidChange((change) => heard(change.file)),
        this.onDidClose(heard),
      );
    });
    for (const listener of listening) listener.dispose();
    return this.snapshot(file);
  }

  /** Opens a workflow, or shares the one that is open. It stays so until all who hold it have let go. */
  hold(file: string): Disposable {
    const workflow = this.#open.get(file) ?? this.#begin(file);
    workflow.holders++;
    let held = true;
    return {
      dispose: () => {
        if (!held) return;
        held = false;
        if (--workflow.holders === 0) this.#end(file);
      },
    };
  }

  /** Runs; the workflow stays open until the end, whoever else lets go of it. */
  async run(file: string, request: RunRequest): Promise<Result<RunEnd>> {
    const hold = this.hold(file);
    try {
      return await this.#engine.ask((engine) => engine.run(file, request));
    } finally {
      hold.dispose();
    }
  }

  async stop(file: string, node?: NodeId): Promise<void> {
    await this.#engine.ask(async (engine) => {
      // An absent argument would arrive as null.
      await (node === undefined ? engine.stop(file) : engine.stop(file, node));
      return { ok: true, value: undefined };
    });
  }

  /** An event of the engine. */
  receive(file: string, sequence: number, event: WorkflowEvent): void {
    const workflow = this.#open.get(file);
    if (workflow === undefined) return;
    if (workflow.seen === null) workflow.early.push({ sequence, event });
    else if (sequence === workflow.seen + 1) this.#apply(file, workflow, sequence, event);
    else if (sequence > workflow.seen + 1) workflow.opening = this.#fetch(file, workflow);
  }

  /** How often the engine has gone away. */
  get enginesGone(): number {
    return this.#enginesGone;
  }

  /** The engine went away, and what it was doing with it. */
  engineGone(how: string): void {
    this.#enginesGone++;
    for (const [file, workflow] of this.#open) {
      const { state } = workflow;
      if (!state?.run) continue;
      const failure = { reason: "process-exited", message: `Daggr's engine stopped during the run (${how}).` } as const;
      const { runId, done } = state.run;
      const end = { type: "finished", runId, at: Date.now(), status: "failed", failure } as const;
      this.#apply(file, workflow, workflow.seen ?? 0, { ...end, executed: done, reused: 0, savedMs: 0 });
    }
  }

  /** Opens again, in a new engine, whatever was open in the old one. */
  reopen(): void {
    for (const [file, workflow] of this.#open) workflow.opening = this.#fetch(file, workflow);
  }

  #begin(file: string): OpenWorkflow {
    const workflow: OpenWorkflow = {
      holders: 0,
      seen: null,
      early: [],
      sequence: 0,
      state: null,
      failure: null,
      opening: Promise.resolve(),
    };
    this.#open.set(file, workflow);
    workflow.opening = this.#fetch(file, workflow);
    return workflow;
  }

  #end(file: string): void {
    this.#open.delete(file);
    this.#engine.tell((engine) => engine.close(file));
    this.#closed.tell(file);
  }

  async #fetch(file: string, workflow: OpenWorkflow): Promise<void> {
    workflow.seen = null;
    const early: OpenWorkflow["early"] = [];
    workflow.early = early;
    const answer = await this.#engine.ask(async (engine) => ({
      ok: true,
      value: await engine.open(file, this.#sheetOf(file)),
    }));
    // Closed in the meantime, or asked for again: the later one counts.
    if (this.#open.get(file) !== workflow || workflow.early !== early) return;
    workflow.failure = answer.ok ? null : answer.failure;
    if (!answer.ok) return this.#failed.tell({ file, failure: answer.failure });
    const { sequence, state } = answer.value;
    workflow.seen = sequence;
    workflow.state = state;
    // A gap on purpose: whoever follows the numbers sees that events alone don't lead here.
    workflow.sequence += 2;
    this.#changed.tell({ file, sequence: workflow.sequence, state, event: null });
    for (const next of early) this.receive(file, next.sequence, next.event);
  }

  #apply(file: string, workflow: OpenWorkflow, seen: number, event: WorkflowEvent): void {
    if (workflow.state === null) return;
    if (workflow.seen !== null) workflow.seen = seen;
    workflow.sequence++;
    workflow.state = reduceWorkflow(workflow.state, event);
    this.#changed.tell({ file, sequence: workflow.sequence, state: workflow.state, event });
  }
}
