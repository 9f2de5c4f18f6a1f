import type { NodeId } from "../model/graph.js";
import type { Progress } from "../model/runEvent.js";
import type { Colours } from "./colours.js";
import { shortText } from "./plainText.js";

export interface Running {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly progress?: Progress;
}

/** What a node is doing, on one line. */
export function runningText(node: NodeId, { startedAt, progress }: Running, { cyan, dim }: Colours): string {
  const parts = progress ? progressParts(progress) : [];
  return [cyan("▸"), node, ...parts, dim(seconds(Date.now() - startedAt))].join(" ");
}

function progressParts({ fraction, message, queuePosition, step, steps, unit, items }: Progress): string[] {
  const parts: string[] = [];
  if (fraction !== undefined) parts.push(bar(fraction));
  if (step !== undefined)
    parts.push([steps === undefined ? `${step}` : `${step} of ${steps}`, unit].filter(Boolean).join(" "));
  if (items && items.failed > 0) parts.push(`(${items.failed} failed)`);
  if (queuePosition !== undefined) parts.push(`${queuePosition}. in the queue`);
  if (message) parts.push(shortText(message, 200, "cut").replaceAll(/\s+/g, " "));
  return parts;
}

function bar(fraction: number): string {
  const share = Math.min(1, Math.max(0, fraction));
  const done = Math.round(share * 20);
  return `${"█".repeat(done)}${"░".repeat(20 - done)} ${Math.round(share * 100)} %`;
}

export function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
