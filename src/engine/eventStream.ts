import type { NodeId } from "../model/graph.js";
import { initialWorkflowState, reduceWorkflowAll } from "../model/reduceWorkflow.js";
import { lastLines } from "../model/logLines.js";
import type { LogLine } from "../model/result.js";
import type { RunEvent } from "../model/runEvent.js";
import { LOG_LIMIT, type WorkflowEvent, type WorkflowState } from "../model/workflowState.js";
import type { Snapshot } from "../protocol/engine.js";

type NodeEvent<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/** What a node has said since the last events were sent. */
interface Pending {
  readonly runId: string;
  lines: LogLine[];
  progress?: NodeEvent<"node-progress">;
  partial?: NodeEvent<"node-partial">;
}

/** Progress, partial outputs and log lines of a node are sent at most this often. Milliseconds. */
const INTERVAL_MS = 50;
/** Events that wait to be taken into the state. Reducing many at once is far cheaper than one by one. */
const UNREDUCED_LIMIT = 10_000;

/** Numbers a workflow's events, sends them on and keeps the state that they make. */
export class EventStream {
  readonly #send: (sequence: number, event: WorkflowEvent) => void;
  #sequence = 0;
  #state: WorkflowState;
  #unreduced: WorkflowEvent[] = [];
  #graph: WorkflowState["graph"] = null;
  readonly #pending = new Map<NodeId, Pending>();
  #timer: NodeJS.Timeout | undefined;

  constructor(file: string, trusted: boolean, send: (sequence: number, event: WorkflowEvent) => void) {
    this.#state = initialWorkflowState(file, trusted);
    this.#send = send;
  }

  /** As in {@link state}, without working through what a run has told meanwhile. */
  get graph(): WorkflowState["graph"] {
    return this.#graph;
  }

  get state(): WorkflowState {
    this.#reduce();
    return this.#state;
  }

  snapshot(): Snapshot {
    this.flush();
    return { sequence: this.#sequence, state: this.state };
  }

  emit(event: WorkflowEvent): void {
    switch (event.type) {
      case "node-progress":
        this.#pendingOf(event).progress = event;
        return;
      case "node-partial":
        this.#pendingOf(event).partial = event;
        return;
      case "node-log": {
        const pending = this.#pendingOf(event);
        pending.lines.push(...event.lines);
        if (pending.lines.length > 2 * LOG_LIMIT) pending.lines = [...lastLines(pending.lines)];
        return;
      }
      case "node-started":
      case "node-reused":
      case "node-succeeded":
      case "node-failed":
      case "node-cancelled":
      case "node-blocked":
        this.#flushNode(event.node);
        break;
      default:
        this.flush();
    }
    this.#sendNow(event);
  }

  /** Sends what is held back. */
  flush(): void {
    for (const node of [...this.#pending.keys()]) this.#flushNode(node);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#pending.clear();
  }

  #pendingOf({ runId, node }: { readonly runId: string; readonly node: NodeId }): Pending {
    const known = this.#pending.get(node);
    if (known?.runId === runId) return known;
    if (known) this.#flushNode(node);
    const fresh: Pending = { runId, lines: [] };
    this.#pending.set(node, fresh);
    this.#timer ??= setTimeout(() => this.flush(), INTERVAL_MS);
    return fresh;
  }

  #flushNode(node: NodeId): void {
    const pending = this.#pending.get(node);
    if (!pending) return;
    this.#pending.delete(node);
    if (this.#pending.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    const { runId, lines, progress, partial } = pending;
    if (lines.length > 0) this.#sendNow({ type: "node-log", runId, node, lines: lastLines(lines) });
    if (progress) this.#sendNow(progress);
    if (partial) this.#sendNow(partial);
  }

  #reduce(): void {
    this.#state = reduceWorkflowAll(this.#state, this.#unreduced);
    this.#unreduced = [];
  }

  #sendNow(event: WorkflowEvent): void {
    if (event.type === "graph-changed") this.#graph = event.graph;
    this.#unreduced.push(event);
    if (this.#unreduced.length >= UNREDUCED_LIMIT) this.#reduce();
    this.#send(++this.#sequence, event);
  }
}
