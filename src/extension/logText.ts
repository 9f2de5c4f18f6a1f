import { stripVTControlCharacters } from "node:util";
import { escapeControls } from "../model/controlCharacters.js";
import { duration } from "../model/duration.js";
import type { NodeId } from "../model/graph.js";
import type { LogLine } from "../model/result.js";
import { nodeStateOf } from "../model/nodeState.js";
import type { WorkflowState } from "../model/workflowState.js";
import { workflowName } from "./workflowFile.js";

/** A line that opens a section of the log. */
export function logHeading(file: string, text: string): string {
  return plainLog(`── ${workflowName(file)} · ${text} ──`);
}

/**
 * Text of others as it may stand in the log: no colours, which the channel doesn't know, and nothing that would begin a line, turn
 * the text's direction or hide a part of it.
 */
export function plainLog(text: string): string {
  return escapeControls(stripVTControlCharacters(text));
}

/** `12:03:04.250 warn  text`, further lines of one text indented under it. */
export function logLine({ at, level, text }: LogLine): string {
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((n) => String(n).padStart(2, "0"))
    .join(":");
  const start = `${clock}.${String(time.getMilliseconds()).padStart(3, "0")} ${level.padEnd(5)} `;
  return (
    start +
    plainLog(text)
      .replace(/\n$/, "")
      .replaceAll("\n", `\n${" ".repeat(start.length)}`)
  );
}

/** Everything that a node's last execution left: its lines, how it ended, and the failure with its stack. */
export function nodeLog(state: WorkflowState, id: NodeId): string[] {
  const node = nodeStateOf(state, id);
  if (node.count === 0 && node.outcome.kind === "never")
    return [logHeading(state.file, id), "This node has not run yet."];
  const { outcome } = node;
  const lines = [logHeading(state.file, `${id} [${node.count}]`)];
  if (node.logCut) lines.push(`… ${node.logCut.lines} earlier lines were not kept`);
  lines.push(...node.log.map(logLine));
  if (node.log.length === 0) lines.push("(no output)");
  if (outcome.kind === "failed") lines.push(`✕ failed after ${duration(outcome.durationMs)}`);
  if (outcome.kind === "blocked") lines.push(`⊘ blocked by ${outcome.by}`);
  if (outcome.kind === "cancelled") lines.push(`⊘ stopped · ${duration(outcome.durationMs)}`);
  if (outcome.kind === "succeeded") lines.push(`✓ ${duration(outcome.durationMs)}`);
  if (outcome.kind === "failed" && outcome.changed !== undefined)
    lines.push(`Since then: ${outcome.changed.replaceAll("`", "")}.`);
  if (outcome.kind === "failed" || outcome.kind === "blocked") {
    const { message, hint, stack, location } = outcome.failure;
    lines.push(...[message, hint, stack].flatMap((text) => (text === undefined ? [] : plainLog(text))));
    // The stack has it already, in a form that can be clicked.
    if (stack === undefined && location !== undefined)
      lines.push(`    at ${location.file}:${location.start.line}:${location.start.column}`);
  }
  return lines;
}
