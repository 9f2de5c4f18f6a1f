import type { GraphNode } from "../model/graph.js";
import type { ResultRecord } from "../model/result.js";
import type { RunLease, WorkflowStore } from "../store/workflowStore.js";
import { isHuman } from "./questions.js";

/** Who has leave makes it, unless it has been made meanwhile. Either way, `giveBack` is called when what was made is kept. */
export interface Leave {
  readonly made: ResultRecord | null;
  readonly giveBack: () => void;
}

export interface LeaveOptions {
  readonly lease: RunLease;
  readonly store: Pick<WorkflowStore, "findFresh">;
  /** It is executed whatever others make: nobody is waited for. */
  readonly anyway: boolean;
  /** As in {@link WorkflowStore.findFresh}. */
  readonly preferred: string | undefined;
  readonly signal: AbortSignal;
  /** Called once, if another run is making it. */
  readonly waits: () => void;
}

/**
 * Waits for whoever is making the same this moment, in this window, another or at a terminal, so that nothing is paid for twice.
 * People are asked by every run, for who sits before one may not know of the other. `null`: the signal was aborted first.
 */
export async function leaveToMake(node: GraphNode, fingerprint: string, options: LeaveOptions): Promise<Leave | null> {
  const { lease, store, anyway, preferred, signal, waits } = options;
  if (isHuman(node)) return { made: null, giveBack: () => undefined };
  if (anyway) return { made: null, giveBack: lease.tryClaim(fingerprint)?.giveBack ?? (() => undefined) };
  const claim = await lease.claim(fingerprint, signal, waits);
  if (!claim) return null;
  const { mayBeMade, giveBack } = claim;
  if (!mayBeMade) return { made: null, giveBack };
  const made = await store.findFresh(fingerprint, preferred).catch((error: unknown) => {
    giveBack();
    throw error;
  });
  return { made, giveBack };
}
