import type { Failure } from "../../model/failure.js";
import type { NodeId } from "../../model/graph.js";

/** How a runner process ended. */
export interface RunnerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote, oldest first. */
  readonly lastLines: readonly string[];
  /** Why it could not be started at all. */
  readonly startError?: string;
}

/** The failure of a node, or of loading (`null`), whose process ended by itself. `others` ran in the same process. */
export function processExited(node: NodeId | null, others: readonly NodeId[], exit: RunnerExit): Failure {
  if (exit.startError !== undefined) {
    return {
      reason: "process-exited",
      message: `The process that runs the workflow did not start: ${exit.startError}`,
    };
  }
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with exit code ${exit.code ?? "unknown"}`;
  const what =
    node === null
      ? `The process ${how} while it was loading the workflow.`
      : `The process that ran \`${node}\` ${how} before \`${node}\` had returned.`;
  const shared = others.length === 0 ? "" : ` ${list(others)} ran in it too, so the cause may lie there.`;
  // What is written while a node runs is in the node's log; while loading there is no log to look at.
  const output = node === null && exit.lastLines.length > 0 ? `\n${exit.lastLines.join("\n")}` : "";
  return { reason: "process-exited", message: what + shared + output, hint: hintFor(exit) };
}

function hintFor(exit: RunnerExit): string {
  if (exit.lastLines.some((line) => line.includes("heap out of memory"))) {
    return "It ran out of memory: work on less at a time, or allow more with NODE_OPTIONS=--max-old-space-size=…";
  }
  if (exit.signal) return "Its last output is in the log.";
  return "Look for process.exit, an error in a timer or event handler, or a crash in native code; the last output is in the log.";
}

function list(nodes: readonly NodeId[]): string {
  const names = nodes.map((node) => `\`${node}\``);
  return names.length === 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
