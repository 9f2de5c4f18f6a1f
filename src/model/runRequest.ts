import type { NodeId } from "./graph.js";
import type { RunRequest } from "./plan.js";

/** Brings one node up to date, with the results that are selected upstream; makes those that are missing. */
export function runNode(node: NodeId): RunRequest {
  return { scope: "step", targets: [node], reuse: "fresh" };
}

/** As {@link runNode}, though nothing may have changed. */
export function rerunNode(node: NodeId): RunRequest {
  return { scope: "step", targets: [node], reuse: "not-targets" };
}

/** Brings a node and everything that it needs up to date. */
export function runToHere(node: NodeId): RunRequest {
  return { scope: "to", targets: [node], reuse: "fresh" };
}

/** A node and everything that depends on it. */
export function runDownstream(node: NodeId): RunRequest {
  return { scope: "downstream", targets: [node], reuse: "fresh" };
}

export const RUN_ALL: RunRequest = { scope: "all", targets: [], reuse: "fresh" };

/** Everything is executed, fresh or not. */
export const RERUN_ALL: RunRequest = { scope: "all", targets: [], reuse: "never" };

export const RUN_STALE: RunRequest = { scope: "stale", targets: [], reuse: "fresh" };
