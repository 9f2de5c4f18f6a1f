/** Source text in, graph and diagnostics out: nothing is run, nothing is read but through the given reader. */
export { type Analysis, WorkflowAnalysis } from "./workflowAnalysis.js";
export type { FolderEntry, SourceReader } from "./modules.js";
export { DIAGNOSTICS, type DiagnosticCode } from "./diagnostics.js";
export { type GraphJson, graphJson } from "./graphJson.js";
