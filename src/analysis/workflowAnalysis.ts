import { ts } from "ts-morph";
import type { Diagnostic } from "../model/diagnostic.js";
import type { Graph } from "../model/graph.js";
import { assemble } from "./assemble.js";
import { CodeDigests } from "./code/digest.js";
import { message } from "./diagnostics.js";
import { type FoundGraph, findGraph } from "./findGraph.js";
import { type Finding, toDiagnostic } from "./finding.js";
import { Modules, type SourceReader } from "./modules.js";
import { findMutated } from "./mutated.js";
import { type Place, excerpt, rangeBetween, statementOf } from "./place.js";
import { graph as graphReader } from "./readers/graph.js";
import type { CheckedReading, GraphReading } from "./readers/reader.js";
import { NODE_READERS } from "./readers/table.js";
import { Reading } from "./reading.js";
import { RULES } from "./rules/table.js";
import type { Site } from "./site.js";
import type { SourceModule } from "./sourceModule.js";
import { codeRoots, toGraph } from "./toGraph.js";
import { type DeepPlace, deepestDeclaration, isStackOverflow } from "./tooDeep.js";
import type { Cache } from "./tracker.js";
import type { Workflow } from "./workflow.js";

export interface Analysis {
  /** `null` when the file has no graph. */
  readonly graph: Graph | null;
  /** `last-good`: the text does not parse at the moment, and the graph is the one from before. */
  readonly graphStatus: "current" | "last-good";
  /** The workflow file's first, each file's in order of place. */
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads one workflow file, and the local modules that it is made of, without running anything. Kept alive while its file is
 * open: an edit costs little more than an incremental reparse, for whatever it doesn't touch stays read.
 */
export class WorkflowAnalysis {
  readonly #file: string;
  readonly #modules: Modules;
  readonly #digests: CodeDigests;
  readonly #readings: Cache<ts.Node, CheckedReading> = new WeakMap();
  /** What was looked through for changes of literals. */
  #closure: readonly SourceModule[] = [];
  #statements: ReadonlySet<ts.Node> = new Set();
  #lastGood: Graph | null = null;
  #latest: Analysis | null = null;

  /** @param file absolute path of the workflow file */
  constructor(file: string, reader: SourceReader) {
    this.#file = file;
    this.#modules = new Modules(reader);
    this.#digests = new CodeDigests(this.#modules, file);
  }

  /** The text of a file (by absolute path) may be different, or the file may be new or gone. */
  changed(path: string): void {
    if (this.#modules.changed(path)) this.#latest = null;
  }

  /** Something else is known of the apps or models now. */
  knowledgeChanged(): void {
    this.#latest = null;
  }

  /** The graph as the texts have it now. */
  analyse(): Analysis {
    return (this.#latest ??= this.#guarded());
  }

  /** Whatever the text: what goes deeper than the stack is said, not thrown. */
  #guarded(): Analysis {
    try {
      return this.#analyse();
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      const entry = this.#modules.at(this.#file);
      const diagnostics = entry ? [tooDeep(entry, deepestDeclaration(entry.text))] : [];
      const graphStatus = this.#lastGood ? "last-good" : "current";
      return { graph: this.#lastGood, graphStatus, diagnostics };
    }
  }

  #analyse(): Analysis {
    const entry = this.#modules.at(this.#file);
    if (!entry) return { graph: null, graphStatus: "current", diagnostics: [missingFile(this.#file)] };
    const closure = this.#modules.closure(entry);
    const syntaxErrors = closure.flatMap(readSyntaxErrors);
    if (syntaxErrors.length > 0 && this.#lastGood) {
      return { graph: this.#lastGood, graphStatus: "last-good", diagnostics: inOrder(syntaxErrors, this.#file) };
    }
    this.#findMutated(closure);
    const reading = new Reading(this.#modules);
    const found = findGraph(entry, reading);
    const graph = found.site && graphReader.read(found.site, reading);
    const workflow = this.#assemble(entry, closure, found, graph, reading);
    const readings = workflow.nodes.map((node) => node.reading);
    const findings = [
      ...reading.findings,
      ...readings.flatMap((node) => node.findings),
      ...RULES.flatMap((rule) => rule(workflow)),
      ...workflow.nodes.flatMap(codeRoots).flatMap((root) => this.#digests.unseenReads(root).map(unseenRead)),
    ];
    const complete =
      syntaxErrors.length === 0 &&
      reading.complete &&
      readings.every((node) => node.complete) &&
      !graph?.roots.includes(null);
    const result = toGraph(workflow, this.#digests, complete);
    if (syntaxErrors.length === 0) this.#lastGood = result;
    // What a text that doesn't parse seems to lack may well be there.
    const told = syntaxErrors.length > 0 ? syntaxErrors : distinct(findings).map(toDiagnostic);
    const diagnostics = inOrder(told, this.#file);
    return { graph: result, graphStatus: "current", diagnostics };
  }

  /**
   * What was read before stands only if the same literals are changed in the same places. Those of a statement that is new don't
   * matter: whatever depends on it is read again anyway.
   */
  #findMutated(closure: readonly SourceModule[]): void {
    const before = this.#modules.mutated;
    this.#modules.mutated = new Map();
    const now = findMutated(this.#modules, closure);
    this.#modules.mutated = now;
    const statements = new Set<ts.Node>(closure.flatMap(({ source }) => [...source.statements]));
    const differs = (literal: ts.Node): boolean => {
      if (before.get(literal)?.node === now.get(literal)?.node) return false;
      const statement = statementOf(literal);
      return statements.has(statement) && this.#statements.has(statement);
    };
    const same = closure.length === this.#closure.length && closure.every((module, i) => module === this.#closure[i]);
    if (!same || [...before.keys(), ...now.keys()].some(differs)) this.#modules.tracker.filesChanged();
    this.#closure = closure;
    this.#statements = statements;
  }

  #assemble(
    entry: SourceModule,
    closure: readonly SourceModule[],
    found: FoundGraph,
    graph: GraphReading | null,
    reading: Reading,
  ): Workflow {
    return assemble({
      modules: this.#modules,
      entry,
      closure,
      found,
      graph,
      undeclared: reading.undeclaredNames,
      read: (site) => this.#read(site),
      evaluate: (code) => reading.evaluate(code),
    });
  }

  #read(site: Site): CheckedReading {
    return this.#modules.tracker.remember(this.#readings, site.expression, () => {
      const reader = NODE_READERS.get(site.construct);
      if (!reader) throw new Error(`No reader for ${site.construct}`);
      const reading = new Reading(this.#modules);
      const node = reader.read(site, reading);
      const { findings, undeclaredNames: undeclared, complete } = reading;
      const untold = reading.untold || node.inputs.open || node.outputs.open;
      return { ...node, findings, undeclared, complete, untold };
    });
  }
}

function tooDeep(module: SourceModule, { name, start, end }: DeepPlace): Diagnostic {
  return { ...message("too-deep", name), range: rangeBetween(module, start, end) };
}

function readSyntaxErrors(module: SourceModule): Diagnostic[] {
  if (module.tooDeep) return [tooDeep(module, module.tooDeep)];
  return module.syntaxErrors.map(({ start, length, messageText }) => ({
    ...message("syntax-error", ts.flattenDiagnosticMessageText(messageText, " ")),
    range: rangeBetween(module, start, start + length),
  }));
}

function missingFile(file: string): Diagnostic {
  const start = { line: 1, column: 1 };
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return { ...message("missing-file", name), range: { file, start, end: start } };
}

function unseenRead(at: Place): Finding {
  return { ...message("unseen-file", excerpt(at)), at };
}

/** What two nodes share is found by both. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<ts.Node, Set<string>>();
  return findings.filter(({ at, code, message: text }) => {
    const said = seen.get(at.node) ?? new Set();
    seen.set(at.node, said);
    return !said.has(code + text) && said.add(code + text);
  });
}

function inOrder(diagnostics: Diagnostic[], file: string): Diagnostic[] {
  return diagnostics.sort(
    ({ range: a }, { range: b }) =>
      Number(b.file === file) - Number(a.file === file) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.start.line - b.start.line ||
      a.start.column - b.start.column,
  );
}
