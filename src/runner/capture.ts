import type { LogLine } from "../model/result.js";
import { currentExecution, type Execution } from "./execution.js";
import type { LogBuffer } from "./logBuffer.js";
import { userFrames } from "./stack.js";
import { thrownFailure } from "./thrown.js";

type Level = LogLine["level"];

/** Console methods whose level isn't the one of the stream that they write to. */
const levels: Readonly<Partial<Record<keyof Console, Level>>> = {
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
};

/**
 * Sends whatever is printed in this process to the log of the execution that printed it, or to `stray` where no execution did.
 * Nothing is printed any more.
 */
export function captureOutput(stray: LogBuffer): void {
  let level: Level | null = null;
  for (const [name, own] of Object.entries(levels) as [keyof Console, Level][]) {
    const original = (console[name] as (...args: unknown[]) => void).bind(console); // all of them are methods that print
    Object.assign(console, {
      [name]: (...args: unknown[]) => {
        level = own;
        try {
          original(...args);
        } finally {
          level = null;
        }
      },
    });
  }
  for (const [stream, own] of [
    [process.stdout, "log"],
    [process.stderr, "error"],
  ] as const) {
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      const execution = currentExecution.getStore();
      (execution?.log ?? stray).write(level ?? own, execution?.over ? `${late(execution)}: ${text}` : text);
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(() => (callback as () => void)());
      return true;
    };
  }
}

/**
 * Lets the log say who ended the process, and where: the node that is under way when it ends may not be the one.
 */
export function captureExit(stray: LogBuffer): void {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    const execution = currentExecution.getStore();
    const [frame] = userFrames(new Error().stack ?? "");
    if (frame) {
      const who = !execution
        ? "Code outside of any node"
        : execution.over
          ? `${late(execution)},`
          : `\`${execution.node}\``;
      const said = `${who} called process.exit(${code ?? ""}) ${frame.text}\n`;
      // Also in the log of whatever ends with it.
      (execution && !execution.over ? execution.log : stray).write("error", said);
    }
    return exit(code);
  };
}

/** Output and errors of what an execution left running: they stand in its log, after the result that they didn't change. */
function late({ node }: Execution): string {
  return `\`${node}\`, after it had returned`;
}

/**
 * Blames errors that nobody awaited on the execution in whose name they happened; where that isn't known, on all that are under
 * way, since one of them did it.
 */
export function captureStrayErrors(executions: ReadonlyMap<string, Execution>, stray: LogBuffer): void {
  const blame = (error: unknown, how: string) => {
    const own = currentExecution.getStore();
    const blamed = own && executions.has(own.id) ? [own] : own ? [] : [...executions.values()];
    for (const execution of blamed) {
      const failure = thrownFailure(error, `\`${execution.node}\``);
      execution.failWith({ ...failure, hint: how });
    }
    if (blamed.length > 0) return;
    const { message, stack } = thrownFailure(error, "Code outside of any node");
    const whose = own ? `${late(own)}: ` : "";
    (own?.log ?? stray).write("error", `${whose}${[message, stack].filter(Boolean).join("\n")}\n`);
  };
  process.on("unhandledRejection", (reason) => blame(reason, "A promise was rejected that nobody awaited."));
  process.on("uncaughtException", (error) =>
    blame(error, "It was thrown outside of what the function awaits, in a timer or an event."),
  );
}
