import type { Result } from "../model/outcome.js";
import type { RunEvent } from "../model/runEvent.js";
import type { Notice, WorkflowEvent } from "../model/workflowState.js";
import type { RunEnd } from "../protocol/engine.js";
import type { CliContext } from "./context.js";
import { shortText } from "./plainText.js";
import type { RunReport } from "./runCommand.js";

const RUN_EVENTS: Readonly<Record<RunEvent["type"], true>> = {
  started: true,
  "node-started": true,
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

  constructor(context: CliContext) {
    this.#context = context;
  }

  event(event: WorkflowEvent): void {
    if (!(event.type in RUN_EVENTS)) return;
    if (event.type !== "finished") return this.#line(event);
    this.#finished = true;
    this.#line({ ...event, outputs: event.outputs ?? {} });
  }

  notice({ severity, message }: Notice): void {
    this.#context.stderr.write(`daggr: ${severity}: ${shortText(message)}\n`);
  }

  end(end: Result<RunEnd>): void {
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
