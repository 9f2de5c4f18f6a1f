import type { Finding } from "../finding.js";
import type { Workflow } from "../workflow.js";

/** Looks at a whole workflow for one kind of mistake. What concerns one construct alone is found by its reader. */
export type Rule = (workflow: Workflow) => Finding[];
