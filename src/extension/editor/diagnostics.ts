import * as vscode from "vscode";
import { hasPlace, type Diagnostic } from "../../model/diagnostic.js";
import type { NodeId } from "../../model/graph.js";
import type { SourceRange } from "../../model/source.js";
import type { WorkflowState } from "../../model/workflowState.js";
import type { Workflows } from "../workflows.js";
import { toLocation, toRange } from "./ranges.js";

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

/** What analysis finds, and where nodes failed in the last run, in the Problems view. */
export function registerDiagnostics(workflows: Workflows): vscode.Disposable {
  const open = new Map<string, WorkflowProblems>();
  return vscode.Disposable.from(
    workflows.onDidChange(({ file, state, event }) => {
      const problems = open.get(file) ?? new WorkflowProblems();
      open.set(file, problems);
      if (event === null || event.type === "graph-changed") problems.showFindings(state);
      if (event?.type === "started") problems.clearFailures();
      if (event?.type === "node-failed") problems.addFailure(state, event.node);
    }),
    workflows.onDidClose((file) => {
      open.get(file)?.dispose();
      open.delete(file);
    }),
    {
      dispose: () => {
        for (const problems of open.values()) problems.dispose();
      },
    },
  );
}

/** One workflow's. Two workflows may have something to say about one shared module, so each has its own collections. */
class WorkflowProblems {
  readonly #findings = vscode.languages.createDiagnosticCollection("daggr");
  readonly #failures = vscode.languages.createDiagnosticCollection("daggr run");

  showFindings({ diagnostics }: WorkflowState): void {
    const byFile = Map.groupBy(diagnostics.filter(hasPlace), ({ range }) => range.file);
    this.#findings.clear();
    for (const [file, found] of byFile) this.#findings.set(vscode.Uri.file(file), found.map(toDiagnostic));
  }

  clearFailures(): void {
    this.#failures.clear();
  }

  addFailure(state: WorkflowState, id: NodeId): void {
    const outcome = state.nodes[id]?.outcome;
    const node = state.graph?.nodes.find((candidate) => candidate.id === id);
    if (outcome?.kind !== "failed") return;
    const { failure } = outcome;
    const place: SourceRange | undefined = failure.location ?? node?.nameRange ?? node?.range;
    if (place === undefined) return;
    const shown = new vscode.Diagnostic(toRange(place), `${id}: ${failure.message}`, vscode.DiagnosticSeverity.Error);
    shown.source = "daggr run";
    shown.code = failure.reason;
    if (failure.location !== undefined && node?.nameRange !== undefined) {
      const declared = new vscode.DiagnosticRelatedInformation(toLocation(node.nameRange), `${id} is declared here`);
      shown.relatedInformation = [declared];
    }
    const uri = vscode.Uri.file(place.file);
    this.#failures.set(uri, [...(this.#failures.get(uri) ?? []), shown]);
  }

  dispose(): void {
    this.#findings.dispose();
    this.#failures.dispose();
  }
}

function toDiagnostic({ range, message, severity, code, related = [] }: Diagnostic): vscode.Diagnostic {
  const shown = new vscode.Diagnostic(toRange(range), message, SEVERITIES[severity]);
  shown.source = "daggr";
  shown.code = code;
  shown.relatedInformation = related.map(
    (place) => new vscode.DiagnosticRelatedInformation(toLocation(place.range), place.message),
  );
  return shown;
}
