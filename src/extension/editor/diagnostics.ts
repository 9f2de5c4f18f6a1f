import * as vscode from "vscode";
import { hasPlace, type Diagnostic } from "../../model/diagnostic.js";
import type { Failure } from "../../model/failure.js";
import { findNode, type GraphNode, type NodeId } from "../../model/graph.js";
import { failedNodes } from "../../model/nodeState.js";
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
      if (event?.type === "started") problems.runBegins();
      if (event?.type === "finished") problems.runEnds(state);
      if (event?.type === "node-failed") problems.nodeFailed(state, event.node);
      // What is pinned, or was cleared, or belongs to another sheet, is no problem any more.
      if (event?.type === "sheet-changed" || event?.type === "nodes-restored") problems.showFailures(state);
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
  /** What has failed since the last run began. */
  readonly #failed = new Set<NodeId>();
  /** Why that run as a whole came to nothing: its file cannot be loaded, say. */
  #whole: Failure | null = null;

  showFindings({ diagnostics }: WorkflowState): void {
    const byFile = Map.groupBy(diagnostics.filter(hasPlace), ({ range }) => range.file);
    this.#findings.clear();
    for (const [file, found] of byFile) this.#findings.set(vscode.Uri.file(file), found.map(toDiagnostic));
  }

  runBegins(): void {
    this.#failed.clear();
    this.#whole = null;
    this.#failures.clear();
  }

  nodeFailed(state: WorkflowState, node: NodeId): void {
    this.#failed.add(node);
    this.showFailures(state);
  }

  runEnds(state: WorkflowState): void {
    this.#whole = state.lastRun?.failure ?? null;
    this.showFailures(state);
  }

  /** Of what failed since the last run began, what counts still. */
  showFailures(state: WorkflowState): void {
    const shown = failedNodes(state).flatMap(({ node: id, failure }) => {
      const node = state.graph ? findNode(state.graph, id) : undefined;
      const place = failure.location ?? node?.nameRange ?? node?.range;
      return this.#failed.has(id) && place ? [{ place, problem: failureProblem(id, failure, place, node) }] : [];
    });
    const place = this.#whole?.location;
    if (this.#whole && place) shown.push({ place, problem: runProblem(this.#whole, place) });
    this.#failures.clear();
    for (const [file, problems] of Map.groupBy(shown, ({ place }) => place.file)) {
      this.#failures.set(
        vscode.Uri.file(file),
        problems.map(({ problem }) => problem),
      );
    }
  }

  dispose(): void {
    this.#findings.dispose();
    this.#failures.dispose();
  }
}

function failureProblem(
  id: NodeId,
  { message, reason, location }: Failure,
  place: SourceRange,
  node: GraphNode | undefined,
): vscode.Diagnostic {
  const shown = runProblem({ message: `${id}: ${message}`, reason }, place);
  if (location !== undefined && node?.nameRange !== undefined) {
    const declared = new vscode.DiagnosticRelatedInformation(toLocation(node.nameRange), `${id} is declared here`);
    shown.relatedInformation = [declared];
  }
  return shown;
}

function runProblem({ message, reason }: Failure, place: SourceRange): vscode.Diagnostic {
  const shown = new vscode.Diagnostic(toRange(place), message, vscode.DiagnosticSeverity.Error);
  shown.source = "daggr run";
  shown.code = reason;
  return shown;
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
