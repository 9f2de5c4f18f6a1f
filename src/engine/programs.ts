import { basename } from "node:path";
import type { Diagnostic } from "../model/diagnostic.js";
import type { Failure } from "../model/failure.js";
import { dataFiles, type Graph, type NodeId } from "../model/graph.js";
import { failed, success, type Result } from "../model/outcome.js";
import type { ExecutorBackend, Program } from "../scheduler/executorBackend.js";
import type { GraphReading, LiveGraph } from "./liveGraph.js";
import { gone } from "./refusals.js";
import { digestsOf } from "../scheduler/fileDigests.js";
import { digestOfTexts, type SourceTexts } from "./sourceTexts.js";

/** A workflow that can be planned and run this moment. */
export interface RunnableWorkflow {
  readonly graph: Graph;
  readonly program: Program;
}

interface Loaded {
  /** As in {@link GraphReading}. */
  readonly texts: string;
  readonly graph: Graph;
  /** Nodes that the text told as well. Where it tells them no more, they are gone. */
  readonly told: ReadonlySet<NodeId>;
  /** Files that the program turned out to be made of beyond those that text shows. */
  readonly others: readonly string[];
  /** Identifies their texts. */
  readonly otherTexts: string;
}

/** Makes programs of what the text says, and fills graphs in with what the program says once it has been loaded. */
export class Programs {
  readonly #file: string;
  readonly #sources: SourceTexts;
  readonly #live: LiveGraph;
  readonly #backend: ExecutorBackend;
  /** What the last load told, and of which texts. */
  #loaded: Loaded | null = null;
  /** The texts that could not be loaded, and why. */
  #refused: { readonly texts: string; readonly failure: Failure } | null = null;

  constructor(file: string, sources: SourceTexts, live: LiveGraph, backend: ExecutorBackend) {
    this.#file = file;
    this.#sources = sources;
    this.#live = live;
    this.#backend = backend;
  }

  /**
   * The graph to show for a reading. What an earlier load told is kept while the text is being edited, so that nodes that only
   * the program knows don't come and go with every keystroke; but then the graph doesn't count as complete.
   */
  shown(reading: GraphReading): Graph | null {
    const { graph } = reading;
    if (!graph || graph.complete || !this.#loaded) return graph;
    const loaded = this.#loaded.graph;
    if (this.#hasLoaded(reading)) return loaded;
    const known = new Set(graph.nodes.map((node) => node.id));
    const { told } = this.#loaded;
    const nodes = loaded.nodes.filter(({ id }) => !known.has(id) && !told.has(id));
    const added = new Set(nodes.map(({ id }) => id));
    const there = new Set([...known, ...added]);
    const edges = loaded.edges
      .filter(({ from, to }) => added.has(from.node) || added.has(to.node))
      .filter(({ from, to }) => there.has(from.node) && there.has(to.node));
    return { ...graph, nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] };
  }

  /** Whether loading the program would tell something that the text doesn't. */
  wantsLoading(reading: GraphReading): boolean {
    const { graph, graphStatus } = reading;
    return graphStatus === "current" && graph !== null && !graph.complete && !this.#hasLoaded(reading);
  }

  /** The files of the program whose text in the editor isn't the one on disk. */
  unsaved({ graph }: GraphReading): readonly string[] {
    const others = graph?.complete === false ? (this.#loaded?.others ?? []) : [];
    const own = graph ? [...graph.files, ...dataFiles(graph)] : [];
    return [...own, ...others].filter((path) => this.#sources.isUnsaved(path));
  }

  #hasLoaded({ texts }: GraphReading): boolean {
    const loaded = this.#loaded;
    return loaded !== null && loaded.texts === texts && loaded.otherTexts === this.#textsOf(loaded.others);
  }

  #textsOf(paths: readonly string[]): string {
    return digestOfTexts(paths.map((path) => this.#sources.digest(path)));
  }

  /** Loads the program where the text alone doesn't tell the whole graph, once for the same texts. Only in a trusted workspace. */
  async complete(blobs: string, signal: AbortSignal): Promise<Result<void>> {
    const found = await this.#program(blobs, false);
    if (!found.ok) return found;
    const { reading, program } = found.value;
    if (this.#refused?.texts === reading.texts) return failed(this.#refused.failure);
    const learned = await this.#learn(reading, program, signal);
    this.#refused = learned.ok ? null : { texts: reading.texts, failure: learned.failure };
    return learned;
  }

  /** What can be run now, from the files as they are saved. Loads the program only where {@link complete} would. */
  async runnable(blobs: string, debug: boolean, signal: AbortSignal): Promise<Result<RunnableWorkflow>> {
    const found = await this.#program(blobs, debug);
    if (!found.ok) return found;
    const { reading, program } = found.value;
    const learned = await this.#learn(reading, program, signal);
    return learned.ok ? success({ graph: this.shown(reading) ?? program.graph, program }) : learned;
  }

  async #learn(reading: GraphReading, program: Program, signal: AbortSignal): Promise<Result<void>> {
    if (!this.wantsLoading(reading)) return success(undefined);
    const prepared = await this.#backend.prepare({ ...program, debug: false }, signal);
    if (!prepared.ok) return prepared;
    prepared.value.release();
    const { graph } = prepared.value;
    const others = graph.files.filter((path) => !program.sources.has(path));
    this.#live.attendTo(others);
    // It was loaded from the disk.
    const unsaved = others.filter((path) => this.#sources.isUnsaved(path));
    if (unsaved.length > 0) return failed(notSaved(unsaved));
    const told = new Set(reading.graph?.nodes.map(({ id }) => id));
    this.#loaded = { texts: reading.texts, graph, told, others, otherTexts: this.#textsOf(others) };
    return success(undefined);
  }

  async #program(
    blobs: string,
    debug: boolean,
  ): Promise<Result<{ readonly reading: GraphReading; readonly program: Program }>> {
    for (;;) {
      const reading = this.#live.settle();
      const { graph, graphStatus, diagnostics } = reading;
      if (!this.#sources.isOnDisk(this.#file)) return failed(gone(this.#file));
      if (!graph || graphStatus === "last-good") {
        const error = diagnostics.find(({ severity }) => severity === "error");
        return failed(unreadable(this.#file, error));
      }
      const unsaved = this.unsaved(reading);
      if (unsaved.length > 0) return failed(notSaved(unsaved));
      const sources = await digestsOf(graph.files);
      const data = await digestsOf(dataFiles(graph));
      // What is run must be what was read, so nothing may have been saved in between.
      if (this.#live.settle().texts === reading.texts)
        return success({ reading, program: { graph, sources, data, blobs, debug } });
    }
  }
}

function unreadable(file: string, error: Diagnostic | undefined): Failure {
  if (!error) {
    const message = `${basename(file)} holds no graph: it should default-export one.`;
    return { reason: "load-failed", message, hint: "Nothing was run." };
  }
  const { message, range } = error;
  return {
    reason: "load-failed",
    message: `${basename(range.file)} cannot be read, line ${range.start.line}: ${message}`,
    hint: "Nothing was run: put that right first.",
    location: range,
  };
}

function notSaved(files: readonly string[]): Failure {
  const names = files.map((file) => basename(file)).join(", ");
  return {
    reason: "graph-mismatch",
    message: `${names} ${files.length === 1 ? "has" : "have"} unsaved changes, and a run uses the files on disk.`,
    hint: "Save, and run again.",
  };
}
