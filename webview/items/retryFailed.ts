import type { NodeId } from "../../src/model/graph.js";
import { RUN_NODE } from "../state/runModes.js";
import type { Canvas } from "../state/canvas.svelte.js";
import { failedItems } from "./itemWords.js";

/**
 * Runs a node's items that failed again, and those that are given something else since; first those of a node upstream, where
 * they failed for nothing but that. Answers once all of it has ended.
 */
export async function retryFailed(canvas: Canvas, id: NodeId): Promise<void> {
  const page = await canvas.host.items(id, 0, 0).catch(() => null);
  // Of very many the host names the first ones; as to what is to be done, a plain run does the same for all.
  if (!page || page.failed.length < page.counts.failed) return canvas.run(RUN_NODE.request(id), id);
  const cause = await failedUpstream(canvas, id, page.failed);
  if (cause !== null) await retryFailed(canvas, cause);
  // What an index stands for may have changed meanwhile: what is fresh isn't paid for again.
  await canvas.runItems(id, page.failed, "fresh");
}

/** The node whose failed items are why this one's failed, going by the first of them; `null`: they failed by themselves. */
async function failedUpstream(canvas: Canvas, id: NodeId, [first]: readonly number[]): Promise<NodeId | null> {
  if (first === undefined) return null;
  const page = await canvas.host.items(id, first, 1).catch(() => null);
  if (page?.items[0]?.failure?.reason !== "missing-upstream") return null;
  const worker = canvas.worker(id)?.id;
  const feeding = canvas.workflow?.graph?.edges.filter(({ to, mode }) => to.node === worker && mode !== "gather") ?? [];
  const failed = feeding.find(({ from }) => failedItems(canvas.state(from.node)) > 0);
  return failed?.from.node ?? null;
}
