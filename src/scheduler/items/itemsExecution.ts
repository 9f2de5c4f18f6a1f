import type { Failure } from "../../model/failure.js";
import type { Graph, GraphNode } from "../../model/graph.js";
import {
  FAILED_LIMIT,
  isLeft,
  type ItemCounts,
  type ItemOutcome,
  type ItemsPage,
  type ItemView,
} from "../../model/items.js";
import type { PlanStep, RunRequest } from "../../model/plan.js";
import type { Answer, Question } from "../../model/question.js";
import type { InputPart, LogLine, ResultRecord } from "../../model/result.js";
import type { Progress } from "../../model/runEvent.js";
import type { StoredValue } from "../../model/value.js";
import { storeValue } from "../../store/storedValue.js";
import { thrownFailure } from "../../store/storeFailure.js";
import type { RunLease, WorkflowStore } from "../../store/workflowStore.js";
import { answeredOtherwise } from "../answered.js";
import type { Clock } from "../clock.js";
import type { ExecutionSinks } from "../executorBackend.js";
import { fingerprintOf, itemRecord } from "../fingerprint.js";
import { findReturn, returnRecord, takenUpLine, withReturnKept } from "../keptReturn.js";
import { leaveToMake } from "../leaveToMake.js";
import { newResult } from "../newResult.js";
import type { Filing, GatheredInputs } from "../nodeInputs.js";
import { isRejection, type WorkEnd } from "../questions.js";
import type { Work } from "../work.js";
import type { ItemInputs } from "./itemInputs.js";
import { endOfLog } from "./itemLog.js";

/** How often the course of the whole is told. Milliseconds. */
const TELL_MS = 125;

const MADE_ELSEWHERE = "waits for another run, which is making the same";

/** What the items of one node's run are made with. */
export interface ItemsContext {
  readonly graph: Graph;
  readonly node: GraphNode;
  readonly runId: string;
  readonly request: Pick<RunRequest, "answers">;
  readonly inputs: GatheredInputs;
  readonly items: readonly ItemInputs[];
  /**
   * Whether an item is executed though it may be fresh (`always`), or left as it is though it is not (`never`). `if changed`:
   * an item that failed on what it is given now is left as it is, too.
   */
  readonly wish: (index: number) => "always" | "if stale" | "if changed" | "never";
  /** As in `PlanStep`. */
  readonly asked: PlanStep["asked"];
  /** As the items of the node's last result were. */
  readonly before: readonly ItemOutcome[];
  readonly store: Pick<WorkflowStore, "findFresh" | "blobs">;
  readonly lease: RunLease;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How many may be under way at a time. */
  readonly limit: number;
  /** Does the work of one item when there is room for it. `null`: the run has been given up. */
  readonly perform: (work: Work) => Promise<WorkEnd | null>;
  /** What the result of an execution that has just ended is filed under. */
  readonly file: (made: Filing) => Promise<Filing>;
  readonly keep: (result: ResultRecord) => Promise<void>;
  /** Acts when what was kept so far is written. */
  readonly afterwards: (act: () => void) => void;
  readonly log: (lines: readonly LogLine[]) => void;
  readonly progress: (progress: Progress) => void;
  readonly versions: Readonly<Record<string, string>>;
}

type Ended = Extract<ItemState["status"], "succeeded" | "reused" | "failed">;

/** What an item is executed with, and filed under. */
interface ItemWork {
  readonly filing: Filing;
  readonly values: Readonly<Record<string, StoredValue>>;
}

interface ItemState {
  status: ItemView["status"];
  /** Another run is making it. */
  elsewhere?: true;
  inputs: Readonly<Record<string, StoredValue>>;
  outputs: Readonly<Record<string, StoredValue>>;
  log: readonly LogLine[];
  result?: string;
  failure?: Failure;
  question?: Question;
  answer?: Answer;
  fingerprint?: string;
  startedAt?: number;
  durationMs: number;
}

/** Runs a node once an item: so many at a time, in order, each with a result of its own. */
export class ItemsExecution {
  readonly #context: ItemsContext;
  readonly #states: ItemState[];
  /** How many items before have the same record, by its fingerprint. */
  readonly #repetitions = new Map<string, number>();
  #next = 0;
  /** Items are looked at one after the other, so that repetitions are counted in order. */
  #looking: Promise<unknown> = Promise.resolve();
  #toldAt = 0;
  #telling = false;
  readonly #over = new AbortController();
  #executed = 0;

  constructor(context: ItemsContext) {
    this.#context = context;
    this.#states = context.items.map(() => ({ status: "waiting", inputs: {}, outputs: {}, log: [], durationMs: 0 }));
  }

  /** Once. Answers when every item has ended, or those under way have after the signal was aborted. Never rejects. */
  async run(): Promise<void> {
    const { limit, items } = this.#context;
    this.#tell();
    await Promise.all(Array.from({ length: Math.min(Math.max(1, limit), items.length) }, () => this.#work()));
    this.#over.abort();
    this.#tellNow();
  }

  /** How many items were executed, whatever came of it. */
  get executed(): number {
    return this.#executed;
  }

  get counts(): ItemCounts {
    const counts = { succeeded: 0, reused: 0, failed: 0 };
    let asking = 0;
    for (const { status, question } of this.#states) {
      if (isEnd(status)) counts[status]++;
      else if (question) asking++;
    }
    return { total: this.#states.length, ...counts, ...(asking > 0 && { asking }) };
  }

  /**
   * Of the items that have ended; those that have not, because others were asked for or the run was stopped, are told as not run.
   *
   * @param stopped - or else as what they are: without a result and without a failure.
   */
  outcomes(stopped = false): ItemOutcome[] {
    return this.#states.map((state, index): ItemOutcome => {
      const { status, result, failure, inputs, fingerprint, durationMs, log } = state;
      const { path = [index] } = this.#context.items[index] ?? {};
      const why = failure ?? (stopped ? undefined : this.#notRun());
      return {
        ...(path.length > 1 && { path }),
        ...(result !== undefined && { result }),
        ...(result === undefined && why && { failure: why }),
        ...(result === undefined && { inputs: small(inputs) }),
        ...(result === undefined && fingerprint !== undefined && { fingerprint }),
        ...(status === "reused" && { reused: true as const }),
        durationMs,
        ...(log.length > 0 && { log }),
      };
    });
  }

  /** What the items gave for a port, in order; those that failed gave nothing. */
  outputs(port: string): StoredValue[] {
    return this.#states.flatMap(({ outputs }) => (Object.hasOwn(outputs, port) ? (outputs[port] ?? []) : []));
  }

  page(from: number, count: number): ItemsPage {
    const failed = this.#states.flatMap(({ status }, index) => (status === "failed" ? [index] : []));
    const items = this.#states.slice(from, from + count).map((state, i): ItemView => {
      const { status, inputs, outputs, log, failure, question, answer, startedAt, durationMs } = state;
      const { path = [] } = this.#context.items[from + i] ?? {};
      return {
        index: from + i,
        ...(path.length > 1 && { path }),
        status,
        inputs,
        outputs,
        ...(failure && { failure }),
        ...(question && { question }),
        ...(answer && { answer }),
        ...(status === "running" && startedAt !== undefined && { startedAt }),
        ...(isEnd(status) && { durationMs }),
        log,
      };
    });
    return { counts: this.counts, failed: failed.slice(0, FAILED_LIMIT), items };
  }

  async #work(): Promise<void> {
    while (!this.#context.signal.aborted) {
      const index = this.#next++;
      const [item, state] = [this.#context.items[index], this.#states[index]];
      if (!item || !state) return;
      try {
        await this.#settle(index, item, state);
      } catch (error) {
        // A disk that is full, or a mistake of ours: the item's end, but not the run's.
        fail(state, thrownFailure(error, `Item ${index + 1}`));
      }
      this.#tell();
    }
  }

  async #settle(index: number, item: ItemInputs, state: ItemState): Promise<void> {
    const looked = this.#looking.then(() => this.#look(index, item, state));
    this.#looking = looked.catch(() => undefined);
    const work = await looked;
    if (work && !this.#context.signal.aborted) await this.#make(index, state, work);
  }

  /** Executes an item, unless another run is making the same: then it has that one's result, if one comes of it. */
  async #make(index: number, state: ItemState, { filing, values }: ItemWork): Promise<void> {
    const { node, lease, store, before, wish, signal, afterwards } = this.#context;
    const leave = await leaveToMake(node, filing.fingerprint, {
      ...{ lease, store, signal, anyway: wish(index) === "always", preferred: before[index]?.result },
      waits: () => {
        state.elsewhere = true;
        this.#tell();
      },
    });
    delete state.elsewhere;
    if (!leave) return;
    try {
      if (leave.made) reuse(state, leave.made);
      else await this.#execute(index, state, filing, values);
    } finally {
      afterwards(leave.giveBack);
    }
  }

  /** Ends an item that needs no execution; answers what the others are executed with. */
  async #look(index: number, item: ItemInputs, state: ItemState): Promise<ItemWork | null> {
    const { node, inputs, store, wish, before } = this.#context;
    if (item.failure) return fail(state, item.failure);
    const values: Record<string, StoredValue> = { ...inputs.values };
    const parts: Record<string, InputPart> = { ...inputs.record.inputs };
    const own: Record<string, StoredValue> = {};
    for (const [port, value] of Object.entries(item.values)) {
      const stored = await storeValue(value, store.blobs);
      own[port] = values[port] = stored;
      parts[port] = { value: stored.digest };
    }
    state.inputs = own;
    const filing = this.#filingOf(node, parts);
    state.fingerprint = filing.fingerprint;
    const wanted = wish(index);
    if (wanted !== "always") {
      const found = await store.findFresh(filing.fingerprint, before[index]?.result);
      if (found && !answeredOtherwise(this.#context.request, node.id, found)) return reuse(state, found);
    }
    if (wanted === "never" || wanted === "if changed") {
      const last = before[index];
      const same = last?.fingerprint === filing.fingerprint ? last.failure : undefined;
      if (same && !isLeft({ failure: same })) return fail(state, same);
      if (wanted === "never") return leave(state);
    }
    return { filing, values };
  }

  /** Items that are given the same are results of their own: whoever lists a prompt four times wants four pictures. */
  #filingOf(node: GraphNode, parts: Readonly<Record<string, InputPart>>): Filing {
    const { graph } = this.#context;
    const plain = itemRecord(graph, node, parts, 0);
    const fingerprint = fingerprintOf(plain);
    const repetition = this.#repetitions.get(fingerprint) ?? 0;
    this.#repetitions.set(fingerprint, repetition + 1);
    if (repetition === 0) return { record: plain, fingerprint };
    const record = itemRecord(graph, node, parts, repetition);
    return { record, fingerprint: fingerprintOf(record) };
  }

  async #execute(
    index: number,
    state: ItemState,
    filing: Filing,
    values: Readonly<Record<string, StoredValue>>,
  ): Promise<void> {
    const { node, clock, inputs, runId, keep, file, perform, asked, store, before } = this.#context;
    const { upstream } = inputs;
    const { versions } = this.#context;
    const taken = await findReturn(node, filing, store, asked, before[index]?.result);
    let kept = taken;
    const sinks: ExecutionSinks = {
      progress: () => undefined,
      partial: (outputs) => {
        if (state.status === "running") state.outputs = outputs;
      },
      returned: (returned) => {
        const at = clock.now();
        const made = { inputs: values, upstream, runId, versions, startedAt: state.startedAt ?? at, at };
        kept = returnRecord(node, filing, returned, made);
        if (kept) void keep(kept);
      },
      log: (lines) => {
        const own = lines.map((line): LogLine => ({ ...line, item: index }));
        state.log = endOfLog([...state.log, ...own], this.#states.length);
        this.#context.log(own);
      },
    };
    const begin = () => {
      state.status = "running";
      state.startedAt = clock.now();
      if (taken) sinks.log([takenUpLine(taken, state.startedAt)]);
    };
    const asking = (question: Question) => {
      state.question = question;
      this.#tell();
    };
    const end = await perform({
      inputs: values,
      ...(taken && { returned: taken.outputs.returned }),
      item: index,
      begin,
      asking,
      sinks,
    });
    const endedAt = clock.now();
    const { startedAt = endedAt } = state;
    const durationMs = endedAt - startedAt;
    state.durationMs = durationMs;
    state.outputs = {};
    delete state.question;
    if (!end || end.status === "cancelled") {
      state.status = "waiting";
      return;
    }
    this.#executed++;
    const made = { node: node.id, values, upstream, startedAt, endedAt, end };
    if (end.status === "failed") {
      fail(state, kept ? withReturnKept(end.failure) : end.failure, durationMs);
      // What a person has said is kept, and holds until they say something else.
      if (isRejection(end)) await keep(newResult(this.#context, { ...made, filing }));
      return;
    }
    const result = newResult(this.#context, { ...made, filing: await file(filing), taken: kept });
    state.status = "succeeded";
    state.outputs = end.outputs;
    if (end.answer) state.answer = end.answer;
    state.result = result.id;
    await keep(result);
  }

  #notRun(): Failure {
    return { reason: "cancelled", message: `\`${this.#context.node.id}\` has not been run for this item yet.` };
  }

  /** Tells how far it is, now or in a moment. */
  #tell(): void {
    const { clock } = this.#context;
    if (this.#telling) return;
    const due = this.#toldAt + TELL_MS - clock.now();
    if (due > 0) {
      this.#telling = true;
      void clock.wait(due, this.#over.signal).then(() => {
        this.#telling = false;
        if (!this.#over.signal.aborted) this.#tell();
      });
      return;
    }
    this.#tellNow();
  }

  #tellNow(): void {
    const { clock, progress } = this.#context;
    this.#toldAt = clock.now();
    const { counts } = this;
    const step = counts.succeeded + counts.reused + counts.failed;
    const fraction = counts.total > 0 ? step / counts.total : 0;
    const isElsewhere = this.#states.some(({ elsewhere }) => elsewhere);
    progress({
      ...{ fraction, step, steps: counts.total, unit: "items", items: counts },
      ...(isElsewhere && { message: MADE_ELSEWHERE }),
    });
  }
}

/** Content apart would be named by nothing else. */
function small(inputs: Readonly<Record<string, StoredValue>>): Readonly<Record<string, StoredValue>> {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value.kind === "inline"));
}

function isEnd(status: ItemState["status"]): status is Ended {
  return status === "succeeded" || status === "reused" || status === "failed";
}

function fail(state: ItemState, failure: Failure, durationMs = 0): null {
  state.status = "failed";
  state.failure = failure;
  // What it has given so far is nothing that counts.
  state.outputs = {};
  delete state.result;
  delete state.question;
  state.durationMs = durationMs;
  return null;
}

function leave(state: ItemState): null {
  state.status = "left";
  return null;
}

function reuse(state: ItemState, { id, outputs, answer }: ResultRecord): null {
  state.status = "reused";
  if (answer) state.answer = answer;
  state.result = id;
  state.outputs = outputs;
  return null;
}
