import type { Failure } from "../model/failure.js";
import type { GraphNode, NodeId } from "../model/graph.js";
import { mappedNodes, type ItemCounts, type ItemsPage } from "../model/items.js";
import type { Result } from "../model/outcome.js";
import type { Answer } from "../model/question.js";
import type { RunRequest } from "../model/plan.js";
import { appendLog, type KeptLog } from "../model/logLines.js";
import type { HistoryEntry, ResultRecord } from "../model/result.js";
import type { ResultView } from "../model/runEvent.js";
import type { RunEnd } from "../protocol/engine.js";
import type { ReturnedValue } from "../protocol/runner.js";
import { thrownFailure } from "../store/storeFailure.js";
import { newResultId } from "../store/workflowStore.js";
import { answeredOtherwise } from "./answered.js";
import { covers } from "./coverage.js";
import type { ExecutionSinks } from "./executorBackend.js";
import { unchanged } from "./fileDigests.js";
import { CHANGED_MEANWHILE } from "./fingerprint.js";
import { NodeItems } from "./items/nodeItems.js";
import { findReturn, type KeptReturn, returnRecord, takenUpLine, withReturnKept } from "./keptReturn.js";
import { asLeft, type Filing, gatherInputs, type GatheredInputs, unrepeatable } from "./nodeInputs.js";
import { leaveToMake } from "./leaveToMake.js";
import { newResult } from "./newResult.js";
import { Performer } from "./performer.js";
import { hasRejectedItems, isRejection, type WorkEnd } from "./questions.js";
import { Recorder } from "./recorder.js";
import { resultView } from "./resultView.js";
import type { RunContext } from "./runContext.js";
import { RunTally, statusOf } from "./runTally.js";
import type { WorkBasis } from "./sameWork.js";
import { hasEnded, Tasks, type Task } from "./tasks.js";
import type { Work } from "./work.js";

/** One run of a plan. A failed node blocks what depends on it; everything else goes on. */
export class Run {
  readonly #context: RunContext;
  readonly #tasks: Tasks;
  /** Result by node: those made or reused in this run, over those selected before it. */
  readonly #results: Map<NodeId, ResultRecord>;
  readonly #recorder: Recorder;
  readonly #tally = new RunTally();
  /** Aborted when nothing shall begin any more. */
  readonly #halt = new AbortController();
  #stopped = false;
  #closing = false;
  #failure: Failure | null = null;
  readonly #performer: Performer;
  /** Of the nodes under way that run once an item. */
  readonly #items = new Map<NodeId, NodeItems>();

  constructor(context: RunContext) {
    this.#context = context;
    this.#results = new Map(context.selected);
    this.#recorder = new Recorder(context.store, context.sheet, (failure) => this.#abandon(failure));
    this.#tasks = new Tasks(context.graph, context.plan);
    this.#performer = new Performer({
      context,
      halt: this.#halt.signal,
      // No node's fault, or not of the one that happens to be first.
      unloadable: (failure) => this.#abandon(failure),
    });
  }

  /** Whether a request may as well wait for the end of this run: see {@link covers}. */
  covers(request: RunRequest, now: WorkBasis): boolean {
    return !this.#halt.signal.aborted && covers(this.#context, this.#tasks, request, now);
  }

  /** Once. Answers when everything has ended and is written down. */
  async execute(): Promise<RunEnd> {
    const { runId, clock, request, plan, emit } = this.#context;
    emit({ type: "started", runId, at: clock.now(), request, plan });
    for (const { node, by, failure } of plan.blocked ?? [])
      emit({ type: "node-blocked", runId, node, at: clock.now(), by, failure });
    for (const task of this.#tasks.roots()) this.#start(task);
    await this.#tasks.allEnded;
    await this.#recorder.settled();
    await this.#performer.release();
    return this.#finish();
  }

  /** Stops everything, or one node. Answers once it has stopped. */
  async stop(node?: NodeId): Promise<void> {
    if (node !== undefined) {
      const task = this.#tasks.get(node);
      if (!task || hasEnded(task)) return;
      task.cancel.abort();
      if (!task.executing) this.#cancelled(task, 0);
      await task.ended.promise;
      return;
    }
    this.#stopped = true;
    this.#cancelAll();
    await this.#tasks.allEnded;
  }

  /** The same, since the program goes that runs it. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.stop();
  }

  #start(task: Task): void {
    task.course = "under way";
    this.#settle(task).catch((error: unknown) => this.#bug(task, error));
  }

  /** Brings one node to its end: by a result that is there, or by execution. */
  async #settle(task: Task): Promise<void> {
    const { graph, values, problems, request } = this.#context;
    const gathered = gatherInputs(graph, task.node, values, this.#results, problems);
    if (!gathered.ok) return this.#failUnexecuted(task, gathered.failure);
    const inputs = gathered.value;
    const selected = this.#results.get(task.node.id);
    if (task.step.action !== "run" && !hasRejectedItems(task.node, selected)) {
      // The plan has looked, too, but what it found may have been damaged since.
      const fresh = await this.#context.store.findFresh(inputs.fingerprint, selected?.id);
      if (hasEnded(task)) return;
      if (fresh && !answeredOtherwise(request, task.node.id, fresh)) return this.#reuse(task, fresh);
    }
    if (mappedNodes(graph).has(task.node.id)) return this.#executeItems(task, inputs);
    await this.#make(task, inputs);
  }

  /** Executes a node, unless another run is making the same: then it has that one's result, if one comes of it. */
  async #make(task: Task, inputs: GatheredInputs): Promise<void> {
    const { runId, clock, emit, store, lease } = this.#context;
    const { id } = task.node;
    const leave = await leaveToMake(task.node, inputs.fingerprint, {
      ...{ lease, store, anyway: task.step.asked !== undefined, preferred: this.#results.get(id)?.id },
      signal: task.cancel.signal,
      waits: () => emit({ type: "node-waits", runId, node: id, at: clock.now() }),
    });
    if (!leave) return;
    try {
      if (hasEnded(task)) return;
      await (leave.made ? this.#reuse(task, leave.made) : this.#execute(task, inputs));
    } finally {
      this.#recorder.afterwards(leave.giveBack);
    }
  }

  async #reuse(task: Task, result: ResultRecord): Promise<void> {
    const { runId, clock, emit, ended } = this.#context;
    const node = task.node.id;
    const at = clock.now();
    const count = this.#count(task);
    this.#tally.addReused(result);
    this.#results.set(node, result);
    emit({ type: "node-reused", runId, node, at, result: resultView(result) });
    ended(node, count, result);
    const { id, fingerprint } = result;
    await this.#recorder.record({ runId, node, status: "reused", result: id, fingerprint, count, at, durationMs: 0 });
    // The run may have been stopped while the disk was behind.
    if (!hasEnded(task)) this.#done(task);
  }

  async #execute(task: Task, inputs: GatheredInputs): Promise<void> {
    const { runId, emit, clock, store } = this.#context;
    const node = task.node.id;
    const taken = await findReturn(task.node, inputs, store, task.step.asked, this.#results.get(node)?.id);
    if (hasEnded(task)) return;
    const count = this.#count(task) + 1;
    let startedAt = clock.now();
    // Only when it begins: how long the process took to start says nothing about the node.
    const begin = () => {
      task.executing = true;
      startedAt = clock.now();
      emit({ type: "node-started", runId, node, at: startedAt, count });
      if (taken) sinks.log([takenUpLine(taken, startedAt)]);
    };
    let log: KeptLog = { log: [] };
    let kept = taken;
    const sinks: ExecutionSinks = {
      progress: (progress) => emit({ type: "node-progress", runId, node, progress }),
      partial: (outputs) => emit({ type: "node-partial", runId, node, outputs }),
      returned: (returned) => (kept = this.#keepReturn(task.node, inputs, returned, startedAt)),
      log: (lines) => {
        log = appendLog(log, lines);
        emit({ type: "node-log", runId, node, lines });
      },
    };
    const work: Work = {
      inputs: inputs.values,
      ...(taken && { returned: taken.outputs.returned }),
      item: null,
      begin,
      asking: (question) => emit({ type: "node-asks", runId, node, at: clock.now(), question }),
      sinks,
    };
    const end = await this.#performer.perform(task, work);
    if (!end) return;
    this.#tally.addExecuted();
    const at = clock.now();
    const durationMs = at - startedAt;
    if (end.status === "succeeded") return this.#succeed(task, inputs, kept, end, startedAt, count, log);
    const entry: HistoryEntry = { runId, node, status: end.status, count, at, durationMs, ...logOf(log) };
    if (end.status === "cancelled") {
      this.#context.ended(node, count, null);
      await this.#recorder.record({ ...entry, ...this.#closed() });
      return this.#cancelled(task, durationMs);
    }
    const { record, fingerprint } = inputs;
    const failure = kept ? withReturnKept(end.failure) : end.failure;
    // What a person has said is kept, and holds until they say something else.
    const rejection = isRejection(end)
      ? newResult(this.#context, { ...inputs, node, filing: inputs, startedAt, endedAt: at, end })
      : null;
    this.#context.ended(node, count, rejection, record);
    const selected = rejection ? { result: rejection.id } : {};
    await this.#recorder.record({ ...entry, fingerprint, record, failure, ...selected }, rejection ?? undefined);
    this.#fail(task, failure, durationMs, rejection ? { result: resultView(rejection) } : {});
  }

  /** What a server has returned is kept before, and apart from, what is made of it. */
  #keepReturn(node: GraphNode, inputs: GatheredInputs, returned: ReturnedValue, startedAt: number): KeptReturn | null {
    const { values, upstream } = inputs;
    const { runId, versions, clock } = this.#context;
    const made = { inputs: values, upstream, runId, versions, startedAt, at: clock.now() };
    const kept = returnRecord(node, inputs, returned, made);
    if (kept) void this.#recorder.keep(kept);
    return kept;
  }

  /** A node that runs once an item. */
  async #executeItems(task: Task, inputs: GatheredInputs): Promise<void> {
    const { runId, emit, clock } = this.#context;
    const node = task.node.id;
    const begun = await NodeItems.begin({
      context: this.#context,
      node: task.node,
      inputs,
      resultOf: (id) => this.#results.get(id),
      anew: task.step.anew === true,
      asked: task.step.asked,
      signal: task.cancel.signal,
      limit: this.#performer.limitOf(task.node),
      perform: (work) => this.#performer.perform(task, work),
      file: (made) => this.#file(task.node, made),
      keep: (result) => this.#recorder.keep(result),
      afterwards: (act) => this.#recorder.afterwards(act),
    });
    if (hasEnded(task)) return;
    if (!begun.ok) return this.#failUnexecuted(task, begun.failure);
    const items = begun.value;
    task.executing = true;
    const startedAt = clock.now();
    const count = this.#count(task) + 1;
    emit({ type: "node-started", runId, node, at: startedAt, count });
    this.#items.set(node, items);
    const end = await items.run().finally(() => this.#items.delete(node));
    if (hasEnded(task)) return;
    if (items.executed > 0) this.#tally.addExecuted();
    const at = clock.now();
    const durationMs = at - startedAt;
    const entry = { runId, node, count, at, durationMs, ...logOf(items.log) };
    if (end.status !== "made") {
      const { record, fingerprint } = inputs;
      const failed = end.status === "failed";
      this.#context.ended(node, count, null, failed ? record : undefined, end.items);
      await this.#recorder.record({ ...entry, ...(failed ? { fingerprint, record } : this.#closed()), ...end });
      if (failed) this.#fail(task, end.failure, durationMs, end.items && { items: end.items.counts });
      else this.#cancelled(task, durationMs, end.items?.counts);
      return;
    }
    const { failure, result: made } = end;
    const result: ResultRecord = { ...made, id: newResultId(made.fingerprint, at), startedAt, durationMs };
    this.#results.set(node, result);
    if (failure) this.#tally.addFailedItems();
    emit({ type: "node-succeeded", runId, node, at, result: resultView(result), ...(failure && { failure }) });
    this.#context.ended(node, count, result, failure && result.record);
    const status = failure ? ({ status: "failed", failure } as const) : ({ status: "succeeded" } as const);
    const { id, fingerprint } = result;
    await this.#recorder.record({ ...entry, ...status, result: id, fingerprint }, result);
    this.#done(task);
  }

  /** Answers what the run asks a person: see {@link Questions.answer}. */
  answer(node: NodeId, item: number | null, answer: Answer): Result<void> {
    return this.#performer.answer(node, item, answer);
  }

  /** The items of a node that runs once an item and is under way; `null`: it isn't. */
  items(node: NodeId, from: number, count: number): ItemsPage | null {
    return this.#items.get(node)?.page(from, count) ?? null;
  }

  async #succeed(
    task: Task,
    inputs: GatheredInputs,
    taken: KeptReturn | null,
    end: Extract<WorkEnd, { readonly status: "succeeded" }>,
    startedAt: number,
    count: number,
    log: KeptLog,
  ): Promise<void> {
    const { runId, clock, emit, ended } = this.#context;
    const node = task.node.id;
    const at = clock.now();
    const filing = await this.#file(task.node, inputs);
    const result = newResult(this.#context, { ...inputs, node, filing, startedAt, endedAt: at, end, taken });
    this.#results.set(node, result);
    emit({ type: "node-succeeded", runId, node, at, result: resultView(result) });
    ended(node, count, result);
    const { id, fingerprint, durationMs } = result;
    await this.#recorder.record(
      { runId, node, status: "succeeded", result: id, fingerprint, count, at, durationMs, ...logOf(log) },
      result,
    );
    this.#done(task);
  }

  /** What a result that has just been made is filed under: whatever the code left of files that it reads and writes, and else as before. */
  async #file(node: GraphNode, filing: Filing): Promise<Filing> {
    const { data, nodeNow, runId } = this.#context;
    const left = node.writes ? asLeft(node, nodeNow(node.id), filing) : null;
    if (left) return left;
    const { reads = [] } = node;
    const same = reads.length === 0 || (await unchanged(reads.map((path) => [path, data.get(path) ?? null])));
    return same ? filing : unrepeatable(filing, CHANGED_MEANWHILE, runId);
  }

  /** A mistake of ours must not leave a run without an end. */
  #bug(task: Task, error: unknown): void {
    this.#fail(task, thrownFailure(error, `\`${task.node.id}\``), 0);
  }

  #count(task: Task): number {
    return this.#context.counts.get(task.node.id) ?? 0;
  }

  /** What its last execution failed on is not why it fails now. */
  #failUnexecuted(task: Task, failure: Failure): void {
    this.#context.ended(task.node.id, this.#count(task), null);
    this.#fail(task, failure, 0);
  }

  #fail(
    task: Task,
    failure: Failure,
    durationMs: number,
    left: { readonly items?: ItemCounts; readonly result?: ResultView } = {},
  ): void {
    if (hasEnded(task)) return;
    const { runId, clock, emit } = this.#context;
    const node = task.node.id;
    emit({ type: "node-failed", runId, node, at: clock.now(), durationMs, failure, ...left });
    this.#block(task, "failed");
  }

  #cancelled(task: Task, durationMs: number, items?: ItemCounts): void {
    const { runId, clock, emit } = this.#context;
    const node = task.node.id;
    emit({ type: "node-cancelled", runId, node, at: clock.now(), durationMs, ...(items && { items }) });
    this.#block(task, "cancelled");
  }

  #closed(): Pick<HistoryEntry, "closed"> {
    return this.#closing ? { closed: true } : {};
  }

  #done(task: Task): void {
    for (const next of this.#tasks.done(task)) this.#start(next);
  }

  #block(task: Task, course: "failed" | "cancelled"): void {
    const { runId, clock, emit } = this.#context;
    const by = task.node.id;
    const how = course === "failed" ? "failed" : "was stopped";
    for (const { node } of this.#tasks.block(task, course)) {
      const message = `\`${node.id}\` was not run because \`${by}\` ${how}.`;
      const failure: Failure = { reason: "missing-upstream", message };
      emit({ type: "node-blocked", runId, node: node.id, at: clock.now(), by, failure });
    }
  }

  /** The run as a whole cannot go on: what is under way is stopped, and nothing else begins. */
  #abandon(failure: Failure): void {
    this.#failure ??= failure;
    this.#cancelAll();
  }

  #cancelAll(): void {
    // What waits is ended first and silently, so that none of it starts, or counts as blocked, when what is under way ends.
    const tasks = this.#tasks.all().filter((task) => !hasEnded(task));
    for (const task of tasks) if (!task.executing) this.#tasks.end(task, "cancelled");
    for (const task of tasks) task.cancel.abort();
    this.#halt.abort();
  }

  async #finish(): Promise<RunEnd> {
    const { runId, clock, emit, plan } = this.#context;
    const status = statusOf(plan, this.#tasks, {
      failed: this.#failure !== null,
      stopped: this.#stopped,
      failedItems: this.#tally.hasFailedItems,
    });
    const { executed, reused, savedMs } = this.#tally.now;
    const outputs = await this.#context.outputs?.(this.#made());
    emit({
      type: "finished",
      runId,
      at: clock.now(),
      status,
      executed,
      reused,
      savedMs,
      ...(this.#failure && { failure: this.#failure }),
      ...(outputs && { outputs }),
    });
    return { status, executed, reused };
  }

  #made(): Map<NodeId, ResultRecord> {
    return new Map([...this.#results].filter(([id]) => this.#tasks.get(id)?.course === "done"));
  }
}

function logOf(log: KeptLog): Pick<HistoryEntry, "log" | "logCut"> {
  return log.log.length > 0 ? log : {};
}
