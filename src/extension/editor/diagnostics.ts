import * as vscode from "vscode";
import { hasPlace, type Diagnostic } from "../../model/diagnostic.js";
import type { Failure } from "../../model/failure.js";
import { findNode, type GraphNode, type NodeId } from "../../model/graph.js";
import { failedNodes } from "../../model/nodeState.js";
import type { SourceRange } from "../../model/source.js";
import type { WorkflowEvent, WorkflowState } from "../../model/workflowState.js";
import type { Workflows } from "../workflows.js";
import { toLocation, toRange } from "./ranges.js";

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

/** What analysis finds, and why nodes stand as failed, in the Problems view. */
export function registerDiagnostics(workflows: Workflows): vscode.Disposable {
  const open = new Map<string, WorkflowProblems>();
  return vscode.Disposable.from(
    workflows.onDidChange(({ file, state, event }) => {
      const problems = open.get(file) ?? new WorkflowProblems();
      open.set(file, problems);
      if (event === null || event.type === "graph-changed") problems.showFindings(state);
      if (problems.mayChangeWith(event)) problems.showFailures(state);
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

/** A failure, and the node that stands as failed for it; without one, it is that of the last run as a whole. */
interface Standing {
  readonly failure: Failure;
  readonly node?: NodeId;
}

/** One workflow's. Two workflows may have something to say about one shared module, so each has its own collections. */
class WorkflowProblems {
  readonly #findings = vscode.languages.createDiagnosticCollection("daggr");
  readonly #failures = vscode.languages.createDiagnosticCollection("daggr run");
  #shown: readonly Standing[] = [];

  showFindings({ diagnostics }: WorkflowState): void {
    const byFile = Map.groupBy(diagnostics.filter(hasPlace), ({ range }) => range.file);
    this.#findings.clear();
    for (const [file, found] of byFile) this.#findings.set(vscode.Uri.file(file), found.map(toDiagnostic));
  }

  /** Whether other failures may stand after an event; a quick run tells of hundreds of nodes a second. */
  mayChangeWith(event: WorkflowEvent | null): boolean {
    switch (event?.type) {
      case "node-succeeded":
        return event.failure !== undefined || this.#shows(event.node);
      case "node-reused":
      case "node-cancelled":
      case "node-blocked":
        return this.#shows(event.node);
      case "node-started":
      case "node-asks":
      case "node-progress":
      case "node-partial":
      case "node-log":
      case "notices-changed":
      case "queue-changed":
      case "freshness-changed":
        return false;
      default:
        return true;
    }
  }

  /** Those of all nodes that stand as failed, whichever run that was in. */
  showFailures(state: WorkflowState): void {
    const whole = state.run ? undefined : state.lastRun?.failure;
    const standing: Standing[] = [...failedNodes(state), ...(whole ? [{ failure: whole }] : [])];
    // The editor moves what it shows with the text; the places that a failure names are those of when it failed.
    if (isSame(standing, this.#shown)) return;
    this.#shown = standing;
    const placed = standing.flatMap(({ node: id, failure }) => {
      const node = id !== undefined && state.graph ? findNode(state.graph, id) : undefined;
      const place = failure.location ?? node?.nameRange ?? node?.range;
      if (!place) return [];
      return [{ place, problem: node ? failureProblem(node, failure, place) : runProblem(failure, place) }];
    });
    this.#failures.clear();
    for (const [file, problems] of Map.groupBy(placed, ({ place }) => place.file)) {
      this.#failures.set(
        vscode.Uri.file(file),
        problems.map(({ problem }) => problem),
      );
    }
  }

  #shows(id: NodeId): boolean {
    return this.#shown.some(({ node }) => node === id);
  }

  dispose(): void {
    this.#findings.dispose();
    this.#failures.dispose();
  }
}

function isSame(some: readonly Standing[], others: readonly Standing[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ node, failure }, at) => node === others[at]?.node && failure === others[at]?.failure)
  );
}

function failureProblem(
  { id, nameRange }: GraphNode,
  { message, reason, location }: Failure,
  place: SourceRange,
): vscode.Diagnostic {
  const shown = runProblem({ message: `${id}: ${message}`, reason }, place);
  if (location !== undefined && nameRange !== undefined) {
    const declared = new vscode.DiagnosticRelatedInformation(toLocation(nameRange), `${id} is declared here`);
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
