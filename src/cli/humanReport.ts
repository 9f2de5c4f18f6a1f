import type { Diagnostic } from "../model/diagnostic.js";
import type { Failure } from "../model/failure.js";
import type { Graph, NodeId } from "../model/graph.js";
import type { ItemCounts } from "../model/items.js";
import type { Result } from "../model/outcome.js";
import { count } from "../model/quantities.js";
import type { RunEvent } from "../model/runEvent.js";
import type { Notice, WorkflowEvent } from "../model/workflowState.js";
import type { RunEnd } from "../protocol/engine.js";
import { coloursFor, type Colours } from "./colours.js";
import type { CliContext } from "./context.js";
import { Loading } from "./loading.js";
import { LiveLines } from "./liveLines.js";
import { outputsText } from "./outputsText.js";
import type { RunReport } from "./runCommand.js";
import { plainText, shortText } from "./plainText.js";
import { runningText, seconds, type Running } from "./runningText.js";
import { shownPath } from "./workflowFile.js";

/** For people: progress on stderr, one line a node, and the outputs on stdout. */
export class HumanReport implements RunReport {
  readonly #context: CliContext;
  readonly #lines: LiveLines;
  readonly #colours: Colours;
  readonly #running = new Map<NodeId, Running>();
  readonly #said = new Set<string>();
  /** Messages of failures that have been printed. */
  readonly #told = new Set<string>();
  #diagnostics: readonly Diagnostic[] = [];
  #graph: Graph | null = null;
  #startedAt = Date.now();
  #outputs = "";

  readonly #loading: Loading;

  /** @param file the workflow's absolute path */
  constructor(file: string, context: CliContext) {
    this.#context = context;
    this.#colours = coloursFor(context.stderr, context.env);
    this.#lines = new LiveLines(context.stderr, () => [
      ...(this.#loading.text === null ? [] : [plainText(this.#loading.text)]),
      ...[...this.#running].map(([node, running]) => runningText(node, running, this.#colours)),
    ]);
    this.#loading = new Loading(file, (text) => this.#lines.plain(plainText(text)));
    // Said at once: stopping may take a moment.
    context.interrupted.addEventListener("abort", () =>
      this.#lines.print(this.#colours.yellow("Stopping… (again to stop at once)")),
    );
  }

  event(event: WorkflowEvent): void {
    if (event.type.startsWith("node-")) this.#loading.end();
    switch (event.type) {
      case "graph-changed":
        this.#graph = event.graph;
        this.#diagnostics = event.diagnostics;
        break;
      case "notices-changed":
        for (const notice of event.notices) this.notice(notice);
        break;
      case "started":
        this.#startedAt = event.at;
        for (const node of event.plan.pinned ?? []) this.#lines.print(`${this.#colours.cyan("◆")} ${node} is pinned`);
        break;
      case "node-waits":
        this.#lines.print(`${this.#colours.cyan("◔")} ${event.node} is being made by another run, which is waited for`);
        break;
      case "node-started":
        this.#running.set(event.node, { startedAt: event.at });
        this.#lines.plain(`${this.#colours.cyan("▸")} ${event.node} runs`);
        break;
      case "node-asks": {
        const running = this.#running.get(event.node);
        if (running) this.#running.set(event.node, { ...running, progress: { message: "waits for a person" } });
        break;
      }
      case "node-progress": {
        const running = this.#running.get(event.node);
        if (running) this.#running.set(event.node, { ...running, progress: event.progress });
        break;
      }
      case "node-log":
        for (const { text, item } of event.lines)
          this.#log(item === undefined ? event.node : `${event.node} ${item + 1}`, text);
        break;
      case "node-reused":
      case "node-succeeded":
      case "node-failed":
      case "node-cancelled":
      case "node-blocked": {
        const text = this.#ended(event);
        this.#running.delete(event.node);
        this.#lines.print(text);
        break;
      }
      case "finished":
        this.#outputs = outputsText(event.outputs ?? {}, this.#graph, this.#context);
        if (event.failure) this.#tell(event.failure);
        break;
      default:
        break;
    }
  }

  notice({ id, severity, message }: Notice): void {
    // The run says so too, as its own failure.
    if (id === "load-failed" || this.#said.has(id)) return;
    this.#said.add(id);
    const colour = { error: this.#colours.red, warning: this.#colours.yellow, info: this.#colours.blue }[severity];
    this.#lines.print(`${colour(severity)} ${shortText(message)}`);
  }

  say(text: string): void {
    this.#lines.print(text);
  }

  hold(): () => void {
    return this.#lines.hold();
  }

  dispose(): void {
    this.#loading.end();
    this.#lines.close();
  }

  end(end: Result<RunEnd>): void {
    this.#running.clear();
    this.#loading.end();
    if (end.ok) this.#lines.print(this.#summary(end.value));
    else this.#tell(end.failure);
    this.dispose();
    if (this.#outputs !== "") this.#context.stdout.write(this.#outputs);
  }

  #log(who: string, text: string): void {
    const head = this.#colours.dim(`  ${who} |`);
    for (const line of shortText(text).split("\n")) this.#lines.print(`${head} ${line}`);
  }

  #ended(event: Extract<RunEvent, { node: NodeId; at: number }>): string {
    const { green, red, yellow, dim } = this.#colours;
    const { node } = event;
    switch (event.type) {
      case "node-reused":
        return `${green("✓")} ${node} ${dim("fresh, reused")}`;
      case "node-succeeded": {
        const took = dim(`${itemsText(this.#running.get(node)?.progress?.items)}${seconds(event.result.durationMs)}`);
        if (!event.failure) return `${green("✓")} ${node} ${took}`;
        return `${red("✗")} ${node} ${took}\n${this.#failure(event.failure)}`;
      }
      case "node-failed":
        return `${red("✗")} ${node} ${dim(itemsText(event.items) + seconds(event.durationMs))}\n${this.#failure(event.failure)}`;
      case "node-cancelled":
        return `${yellow("■")} ${node} stopped ${dim(itemsText(event.items) + seconds(event.durationMs))}`;
      case "node-blocked":
        return event.by === node
          ? `${dim("–")} ${node} ${dim("not run")}\n${this.#failure(event.failure)}`
          : `${dim("–")} ${node} ${dim(`not run, because of ${event.by}`)}`;
      default:
        return node;
    }
  }

  /** Prints why the run as a whole came to nothing, unless that has been read already: as a node's failure, or in the text. */
  #tell(failure: Failure): void {
    if (this.#told.has(failure.message)) return;
    const { reason, location } = failure;
    const isDiagnosed =
      reason === "load-failed" &&
      this.#diagnostics.some(
        ({ severity, range }) =>
          severity === "error" && range.file === location?.file && range.start.line === location.start.line,
      );
    this.#lines.print(
      isDiagnosed ? this.#colours.red("Nothing was run, for the file cannot be loaded.") : this.#failure(failure),
    );
    this.#told.add(failure.message);
  }

  #failure({ message, hint, stack, location }: Failure): string {
    this.#told.add(message);
    const { red, dim } = this.#colours;
    const place =
      location && `at ${shownPath(location.file, this.#context.cwd)}:${location.start.line}:${location.start.column}`;
    const lines = [
      ...linesOf(shortText(message)).map(red),
      ...linesOf(shortText(hint ?? "")),
      ...linesOf(shortText(stack ?? place ?? "")).map((line) => dim(line.trim())),
    ];
    return lines.map((line) => `  ${line}`).join("\n");
  }

  #summary({ status, executed, reused }: RunEnd): string {
    const { green, red, yellow, dim } = this.#colours;
    if (status === "succeeded" && executed === 0) {
      return green(`Nothing to run: ${count(reused, "result")} ${reused === 1 ? "is" : "are"} fresh.`);
    }
    const words = { succeeded: green("Succeeded"), failed: red("Failed"), cancelled: yellow("Stopped") };
    const took = seconds(Date.now() - this.#startedAt);
    return `${words[status]}: ${executed} ran, ${reused} reused ${dim(took)}`;
  }
}

/** `120 items, 83 of them reused, `; where some came to nothing: `120 items: 117 succeeded, 83 of them reused, 3 failed, `. */
function itemsText(items: ItemCounts | undefined): string {
  if (!items) return "";
  const { total, succeeded, reused, failed } = items;
  const made = succeeded + reused;
  const parts = [
    made === total ? count(total, "item") : `${count(total, "item")}: ${made} succeeded`,
    ...(reused > 0 ? [`${reused === total ? "all" : reused} of them reused`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(made + failed < total ? [`${total - made - failed} not run`] : []),
  ];
  return parts.map((part) => `${part}, `).join("");
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
