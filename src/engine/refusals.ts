import { basename } from "node:path";
import type { Failure } from "../model/failure.js";
import type { NodeId } from "../model/graph.js";

/** Why a workflow can't do what is asked of it at the moment: no code of an untrusted folder is run. */
export function untrusted(): Failure {
  return {
    reason: "untrusted",
    message: "Running is off, because this workspace is not trusted.",
    hint: "Trust the workspace to run its code.",
  };
}

/** The same: there is nothing to read from or write to yet. */
export function noStore(): Failure {
  return { reason: "store", message: "The workflow's state is not open, because no graph could be read yet." };
}

/** The same: `what` would pull the ground from under a run. */
export function busy(what: string): Failure {
  return { reason: "unsupported", message: `You cannot ${what} during a run.`, hint: "Stop the run first, or wait." };
}

/** The same: the node runs just once, or has no result. */
export function noItems(node: NodeId): Failure {
  return { reason: "not-found", message: `\`${node}\` has no items.` };
}

/** The same: the workflow file was deleted, renamed or moved. */
export function gone(file: string): Failure {
  return {
    reason: "not-found",
    message: `${basename(file)} is no longer on disk.`,
    hint: "Put it back, or open it where it is now.",
  };
}

/** Of something that was typed on a sheet just before another workflow was opened in its place. */
export function noSuchSheet(): Failure {
  return {
    reason: "not-found",
    message: "What was typed is not kept: it was for a sheet that this workflow doesn't have.",
    hint: "Enter it again.",
  };
}
