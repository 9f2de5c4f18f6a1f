import type { DocumentFilter } from "vscode";

/** Workflow files on this machine, whichever language mode they are in. */
export const workflowDocuments: DocumentFilter = { scheme: "file", pattern: "**/*.daggr.ts" };
