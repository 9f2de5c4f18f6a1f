import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";
import type { Answer, Question } from "../model/question.js";
import { isFileRef, type StoredValue, type Value } from "../model/value.js";
import type { WorkflowEvent } from "../model/workflowState.js";
import type { EngineApi } from "../protocol/engine.js";
import { coloursFor } from "./colours.js";
import type { CliContext } from "./context.js";
import { choice } from "./givenAnswers.js";
import { plainText, shortText } from "./plainText.js";

/** Items that ask are looked for among so many at a time. */
const PAGE = 200;
/** Characters of a value that a question shows. */
const SHOWN = 2000;

export interface AskingParts {
  readonly engine: Pick<EngineApi, "answer" | "items" | "readValue" | "filePath">;
  /** Absolute path of the workflow. */
  readonly file: string;
  readonly context: CliContext;
  /** What was answered beforehand. */
  readonly answers: ReadonlyMap<NodeId, Answer>;
  /** Keeps everything else from the terminal until what is answered is called. */
  readonly hold: () => () => void;
  /** Told why something could not be asked, for which the run would wait for ever; perhaps more than once. */
  readonly failed: (failure: Failure) => void;
}

/** Answers what a run asks: as said beforehand, or by asking at the terminal, one question after the other. */
export class Asking {
  readonly #parts: AskingParts;
  /** Questions that are being answered, or wait for their turn. */
  readonly #open = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  /** Somebody has ended what is typed: nothing comes from there any more. */
  #closed = false;

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  event(event: WorkflowEvent): void {
    if (event.type === "node-asks") this.#take(event.node, null, event.question);
    else if (event.type === "node-progress" && event.progress.items?.asking)
      this.#takeItems(event.node).catch((error: unknown) => this.#fail(event.node, error));
  }

  /** Items ask without an event each. */
  async #takeItems(node: NodeId): Promise<void> {
    const { engine, file } = this.#parts;
    for (let from = 0; ; from += PAGE) {
      const page = await engine.items(file, node, from, PAGE);
      if (!page.ok) return;
      for (const { index, question } of page.value.items) if (question) this.#take(node, index, question);
      if (from + PAGE >= page.value.counts.total) return;
    }
  }

  #take(node: NodeId, item: number | null, question: Question): void {
    const key = JSON.stringify([node, item]);
    if (this.#open.has(key)) return;
    this.#open.add(key);
    const { engine, file, answers, context } = this.#parts;
    const done = async (answer: Answer): Promise<string | null> => {
      const given = await engine.answer(file, node, item, answer);
      return given.ok || given.failure.reason === "not-found" ? null : given.failure.message;
    };
    const known = answers.get(node);
    this.#turn = this.#turn.then(async () => {
      // What waited for its turn is stopped with the run.
      if (context.interrupted.aborted) return;
      const problem = known ? await done(known) : null;
      if (problem !== null) await done({ kind: "unanswered", message: problem });
      else if (!known && (!context.ask || this.#closed)) await done(nobody(node, question));
      else if (!known) await this.#ask(node, item, question, done);
      this.#open.delete(key);
    });
    // What waits for its turn behind it is not asked any more.
    this.#turn.catch((error: unknown) => this.#fail(node, error));
  }

  #fail(node: NodeId, error: unknown): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    this.#parts.failed({
      reason: "internal",
      message: `The question of \`${node}\` could not be asked: ${message}`,
      ...(stack !== undefined && { stack }),
    });
  }

  async #ask(
    node: NodeId,
    item: number | null,
    question: Question,
    done: (answer: Answer) => Promise<string | null>,
  ): Promise<void> {
    const { context, hold } = this.#parts;
    const { bold, red } = coloursFor(context.stderr, context.env);
    const release = hold();
    try {
      const who = item === null ? node : `${node} ${item + 1}`;
      const what = question.kind === "approve" ? "asks for approval" : "asks to choose one";
      context.stderr.write(`${bold(`${who} ${what}`)}\n${await this.#text(question)}`);
      for (;;) {
        const prompt =
          question.kind === "approve" ? "Approve? (y, n, or n and why) " : `Which one? (1 to ${question.count}) `;
        const line = await context.ask?.(prompt, context.interrupted);
        if (context.interrupted.aborted) return;
        if (line === null || line === undefined) {
          this.#closed = true;
          context.stderr.write("\n");
          await done(nobody(node, question));
          return;
        }
        const answer = question.kind === "approve" ? approval(line) : choice(line);
        const problem = answer ? await done(answer) : "That is no answer to it.";
        if (problem === null) return;
        context.stderr.write(`${red(plainText(problem))}\n`);
      }
    } finally {
      release();
    }
  }

  async #text(question: Question): Promise<string> {
    if (question.kind === "approve") {
      const lines = Object.entries(question.inputs).map(
        async ([port, value]) => `  ${plainText(port)}: ${await this.#valueText(value)}\n`,
      );
      return (await Promise.all(lines)).join("");
    }
    const list = await this.#parts.engine.readValue(this.#parts.file, question.options);
    // The question is only asked where it is a list.
    const options = list.ok ? (list.value as readonly Value[]) : [];
    const lines = options.map(async (option, index) => `  ${index + 1}. ${await this.#shown(option)}\n`);
    return (await Promise.all(lines)).join("");
  }

  async #valueText(stored: StoredValue): Promise<string> {
    const value = await this.#parts.engine.readValue(this.#parts.file, stored);
    return value.ok ? this.#shown(value.value) : plainText(value.failure.message);
  }

  /** Files by a path where they can be looked at. */
  async #shown(value: Value): Promise<string> {
    const { engine, file } = this.#parts;
    const path = isFileRef(value) ? await engine.filePath(file, value) : null;
    const text = isFileRef(value) ? (path?.ok ? path.value : value.name) : value;
    return shortText(typeof text === "string" ? text : JSON.stringify(text), SHOWN, "cut").replaceAll("\n", "\n    ");
  }
}

/** `y`, `yes`, `n`, `no`, `n: too long`. */
function approval(line: string): Answer | null {
  if (/^\s*y(es)?\s*$/i.test(line)) return { kind: "approve" };
  const [rejected, reason = ""] = /^\s*no?(?:[\s:,]+(.*?))?\s*$/i.exec(line) ?? [];
  return rejected === undefined ? null : { kind: "reject", reason };
}

function nobody(node: NodeId, { kind }: Question): Answer {
  const what = kind === "approve" ? "approval" : "choice";
  const how = kind === "approve" ? `${node}=approve` : `${node}=1`;
  return {
    kind: "unanswered",
    message: `\`${node}\` waits for a person's ${what}, and there is no terminal to ask at.`,
    hint: `Run it at a terminal or in VS Code, or answer beforehand: --answer ${how}.`,
  };
}
