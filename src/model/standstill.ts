import type { WorkflowState } from "./workflowState.js";

/** Id of the notice that the workflow's file is no longer on disk. */
export const FILE_MISSING = "file-missing";

/** Why nothing of a workflow can be run, in a few words; `null`: it can. */
export function standstillOf({ trusted, notices }: Pick<WorkflowState, "trusted" | "notices">): string | null {
  if (!trusted) return "Running is off in Restricted Mode";
  return notices.some(({ id }) => id === FILE_MISSING) ? "The file is no longer on disk" : null;
}
