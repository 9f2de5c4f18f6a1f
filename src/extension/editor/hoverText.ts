import { findNode, type GraphNode } from "../../model/graph.js";
import { type FileRef, filesIn, type StoredValue } from "../../model/value.js";
import { nodeStateOf } from "../../model/nodeState.js";
import { pinsOf } from "../../model/pins.js";
import { workerOf } from "../../model/variants.js";
import type { WorkflowState } from "../../model/workflowState.js";
import { firstLine, nodeStatus } from "./status.js";

/** Characters of a value that a hover shows. */
const LIMIT = 200;

/** What a hover over a node's name tells, as Markdown without links or HTML: how it stands and what it last gave. */
export function hoverText(state: WorkflowState, node: GraphNode, now: number): string {
  const status = nodeStatus(state, node.id, now);
  const { result, count, pinned } = nodeStateOf(state, node.id);
  const worker = findNode(state.graph ?? { nodes: [] }, workerOf(state, node.id)) ?? node;
  const pins = pinned && pinsOf(worker, state.sheet.values);
  const heading = [count > 0 ? `[${count}]` : "", status.text || "not run yet"].filter(Boolean).join(" ");
  const parts = [`**Daggr** ${escaped(heading)}`];
  if (status.detail !== undefined && status.kind !== "stale") parts.push(fenced(firstLine(status.detail, LIMIT)));
  for (const { name, spec } of node.outputs) {
    const value = pins ? pins.get(name) : result?.outputs[name];
    if (value !== undefined && spec !== null) parts.push(`\`${name}\`\n${fenced(preview(value))}`);
  }
  return parts.join("\n\n");
}

function preview(stored: StoredValue): string {
  if (stored.kind === "blob") return shortened(stored.preview);
  const { value } = stored;
  const files: readonly FileRef[] = filesIn(value);
  if (files.length > 0) return shortened(files.map(({ name }) => name).join(", "));
  return shortened(typeof value === "string" ? value : JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length > LIMIT ? `${text.slice(0, LIMIT - 1)}…` : text;
}

/** A fence longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!<>|]/g, String.raw`\$&`);
}
