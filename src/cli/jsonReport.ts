import type { Result } from "../model/outcome.js";
import type { RunEvent } from "../model/runEvent.js";
import type { Notice, WorkflowEvent } from "../model/workflowState.js";
import type { RunEnd } from "../protocol/engine.js";
import type { CliContext } from "./context.js";
import { Loading } from "./loading.js";
import { plainText, shortText } from "./plainText.js";
import type { RunReport } from "./runCommand.js";

const RUN_EVENTS: Readonly<Record<RunEvent["type"], true>> = {
  started: true,
  "node-waits": true,
  "node-started": true,
  "node-asks": true,
  "node-progress": true,
  "node-partial": true,
  "node-log": true,
  "node-reused": true,
  "node-succeeded": true,
  "node-failed": true,
  "node-cancelled": true,
  "node-blocked": true,
  finished: true,
};

/** One run event a line, as JSON; the last is always `finished`. */
export class JsonReport implements RunReport {
  readonly #context: CliContext;
  #finished = false;

  readonly #loading: Loading;

  /** @param file the workflow's absolute path */
  constructor(file: string, context: CliContext) {
    this.#context = context;
    this.#loading = new Loading(file, (text) => context.stderr.write(`daggr: ${plainText(text)}\n`));
  }

  event(event: WorkflowEvent): void {
    if (!(event.type in RUN_EVENTS)) return;
    if (event.type !== "started") this.#loading.end();
    if (this.#finished) return this.#late(event);
    if (event.type !== "finished") return this.#line(event);
    this.#finished = true;
    this.#line({ ...event, outputs: event.outputs ?? {} });
  }

  /** What functions left running has to say: to whoever reads along, for programs have had their last line. */
  #late(event: WorkflowEvent): void {
    if (event.type !== "node-log") return;
    for (const { text } of event.lines)
      this.#context.stderr.write(`daggr: ${event.node}: ${shortText(text, 4000, "cut")}\n`);
  }

  notice({ severity, message }: Notice): void {
    this.#context.stderr.write(`daggr: ${severity}: ${shortText(message)}\n`);
  }

  say(text: string): void {
    this.#context.stderr.write(`${text}\n`);
  }

  /** Only events are written, and not where questions are asked. */
  hold(): () => void {
    return () => undefined;
  }

  dispose(): void {
    this.#loading.end();
  }

  end(end: Result<RunEnd>): void {
    this.#loading.end();
    if (this.#finished) return;
    const { status, executed, reused } = end.ok ? end.value : { status: "failed", executed: 0, reused: 0 };
    this.#line({
      type: "finished",
      status,
      executed,
      reused,
      ...(!end.ok && { failure: end.failure }),
      outputs: {},
    });
  }

  #line(value: object): void {
    this.#context.stdout.write(`${JSON.stringify(value)}\n`);
  }
}
