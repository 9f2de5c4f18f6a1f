import type { Failure } from "../model/failure.js";
import type { GraphNode, NodeId } from "../model/graph.js";
import type { Result } from "../model/outcome.js";
import type { Answer } from "../model/question.js";
import { execute } from "./execution.js";
import type { PreparedProgram } from "./executorBackend.js";
import { type Lane, Lanes, lanesOf } from "./lanes.js";
import { isHuman, Questions, type WorkEnd } from "./questions.js";
import type { RunContext } from "./runContext.js";
import { hasEnded, type Task } from "./tasks.js";
import type { Work } from "./work.js";

export interface PerformerOptions {
  readonly context: RunContext;
  /** Aborted when nothing shall begin any more. */
  readonly halt: AbortSignal;
  /** The program cannot be loaded. */
  readonly unloadable: (failure: Failure) => void;
}

/** Does the work of one run's nodes when there is room for it: has the program do it, or a person. */
export class Performer {
  readonly #options: PerformerOptions;
  readonly #laneOf: (node: GraphNode) => Lane;
  readonly #lanes = new Lanes();
  readonly #questions: Questions;
  /** Loaded when the first node needs it. */
  #program: Promise<Result<PreparedProgram>> | null = null;

  constructor(options: PerformerOptions) {
    this.#options = options;
    this.#laneOf = lanesOf(options.context.graph);
    this.#questions = new Questions(options.context.store.blobs);
  }

  /** How many executions of a node there may be at a time. */
  limitOf(node: GraphNode): number {
    return this.#laneOf(node).limit;
  }

  /** Waits for room in the node's lane first. `null`: the run was given up, or stopped, before it began. */
  async perform(task: Task, work: Work): Promise<WorkEnd | null> {
    const { node, position } = task;
    const lane = this.#laneOf(node);
    const lanes = lane.shared ? this.#options.context.lanes : this.#lanes;
    const leave = await lanes.enter(lane, { owner: this, position, signal: task.cancel.signal });
    if (!leave) return null;
    try {
      return await this.#perform(task, work);
    } finally {
      leave();
    }
  }

  /** Answers what the run asks a person: see {@link Questions.answer}. */
  answer(node: NodeId, item: number | null, answer: Answer): Result<void> {
    return this.#questions.answer(node, item, answer);
  }

  /** Nothing is performed any more. */
  async release(): Promise<void> {
    const program = await this.#program;
    if (program?.ok) program.value.release();
  }

  async #perform(task: Task, work: Work): Promise<WorkEnd | null> {
    const { inputs, item, begin, asking, sinks } = work;
    const { clock, request } = this.#options.context;
    const { signal } = task.cancel;
    if (signal.aborted) return null;
    if (isHuman(task.node)) {
      begin();
      return this.#questions.ask(task.node, item, inputs, signal, asking);
    }
    const program = await this.#prepare(task);
    if (!program) return null;
    const start = once(begin);
    const unhurried = request.debug === true;
    const events = { ...sinks, begin: start.call };
    const end = await execute(program, task.node, work, events, signal, clock, unhurried);
    if (end.status === "cancelled" && !start.called()) return null;
    start.call();
    return end;
  }

  /** `null`: the task has ended meanwhile, or with it. */
  async #prepare(task: Task): Promise<PreparedProgram | null> {
    const { context, halt, unloadable } = this.#options;
    const program = await (this.#program ??= context.prepare(halt));
    if (hasEnded(task)) return null;
    if (program.ok) return program.value;
    unloadable(program.failure);
    return null;
  }
}

/** Another attempt begins as well, but the work has begun with the first. */
function once(act: () => void): { readonly call: () => void; readonly called: () => boolean } {
  let called = false;
  return {
    call: () => {
      if (!called) act();
      called = true;
    },
    called: () => called,
  };
}
