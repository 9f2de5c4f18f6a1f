import type { Analysis, WorkflowAnalysis } from "../analysis/index.js";
import type { Diagnostic } from "../model/diagnostic.js";
import { dataFiles, type Graph } from "../model/graph.js";
import type { SourceTexts } from "./sourceTexts.js";
import { digestOfTexts } from "./sourceTexts.js";
import { FolderWatch } from "./folderWatch.js";

/** What the text says. */
export interface GraphReading {
  readonly graph: Graph | null;
  readonly graphStatus: "current" | "last-good";
  readonly diagnostics: readonly Diagnostic[];
  /** Identifies the texts that it was read from. */
  readonly texts: string;
}

/** A pause in typing this long leads to a new reading… Milliseconds. */
const PAUSE_MS = 60;
/** … and typing without pause to one this often. Milliseconds. */
const LONGEST_WAIT_MS = 250;

/** Keeps the graph of one workflow file in step with the texts that it is read from. */
export class LiveGraph {
  readonly #file: string;
  readonly #sources: SourceTexts;
  readonly #changed: (reading: GraphReading) => void;
  readonly #looked: () => void;
  readonly #watch: FolderWatch;
  /** Every path that the analysis has looked at, whether or not something is there, and what else the program is made of. */
  readonly #asked = new Set<string>();
  #analysis: WorkflowAnalysis | null = null;
  /** What it said last, and the remote things that it came across meanwhile. */
  #said: Analysis | null = null;
  #named = { apps: new Set<string>(), models: new Set<string>() };
  #reading: GraphReading = { graph: null, graphStatus: "current", diagnostics: [], texts: "" };
  #timer: NodeJS.Timeout | undefined;
  #dirtySince: number | null = null;
  #isOnDisk = true;
  #disposed = false;
  #forget: readonly ((() => void) | undefined)[] = [];

  /**
   * @param changed - called with every new reading but the first, which {@link start} answers.
   * @param looked - called whenever the disk has been looked at again: what editors show may have been saved.
   */
  constructor(file: string, sources: SourceTexts, changed: (reading: GraphReading) => void, looked: () => void) {
    this.#file = file;
    this.#sources = sources;
    this.#changed = changed;
    this.#looked = looked;
    this.#watch = new FolderWatch(() => this.diskChanged());
  }

  get reading(): GraphReading {
    return this.#reading;
  }

  async start(): Promise<GraphReading> {
    // The compiler takes its time to load, and nothing else of the engine needs it.
    const { WorkflowAnalysis } = await import("../analysis/index.js");
    const read = (path: string) => {
      this.#asked.add(path);
      return this.#sources.read(path);
    };
    const digest = (path: string) => {
      this.#asked.add(path);
      return this.#sources.digest(path);
    };
    const list = (path: string) => {
      this.#asked.add(path);
      return this.#sources.list(path);
    };
    const realPath = (path: string) => this.#sources.realPath(path);
    this.#sources.refresh(this.#file);
    const { remote } = this.#sources;
    const learned = () => {
      this.#analysis?.knowledgeChanged();
      this.#schedule();
    };
    this.#forget = [remote?.apps.onChange(learned), remote?.models.onChange(learned)];
    this.#analysis = new WorkflowAnalysis(this.#file, {
      read,
      digest,
      list,
      realPath,
      app: (space) => {
        this.#named.apps.add(space);
        return remote?.apps.of(space);
      },
      model: (id) => {
        this.#named.models.add(id);
        return remote?.models.of(id);
      },
    });
    this.#read(this.#analysis);
    return this.#reading;
  }

  /** The text of this file is another one now. */
  textChanged(path: string): void {
    if (!this.#asked.has(path)) return;
    this.#analysis?.changed(path);
    this.#schedule();
  }

  /** The program turned out to be made of these, too: from now on they are watched as what the analysis has read. */
  attendTo(paths: readonly string[]): void {
    for (const path of paths) {
      if (this.#asked.has(path)) continue;
      this.#asked.add(path);
      this.#sources.refresh(path);
    }
    if (!this.#disposed) this.#watch.setFiles(this.#asked);
  }

  /** Something may have changed on disk. */
  diskChanged(): void {
    for (const path of this.#asked) if (this.#sources.refresh(path)) this.textChanged(path);
    // The editor may go on showing the text of a file that is gone.
    if (this.#sources.isOnDisk(this.#file) !== this.#isOnDisk) this.#schedule();
    this.#looked();
  }

  /** The reading of what is there this moment. */
  settle(): GraphReading {
    this.diskChanged();
    if (this.#dirtySince !== null) this.#readAgain();
    return this.#reading;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    for (const forget of this.#forget) forget?.();
    this.#tellNames([], []);
    this.#watch.dispose();
  }

  #schedule(): void {
    if (this.#disposed) return;
    const now = performance.now();
    this.#dirtySince ??= now;
    clearTimeout(this.#timer);
    const wait = Math.min(PAUSE_MS, Math.max(0, this.#dirtySince + LONGEST_WAIT_MS - now));
    this.#timer = setTimeout(() => this.#readAgain(), wait);
  }

  #readAgain(): void {
    clearTimeout(this.#timer);
    this.#dirtySince = null;
    if (!this.#analysis) return;
    this.#read(this.#analysis);
    this.#changed(this.#reading);
  }

  #read(analysis: WorkflowAnalysis): void {
    this.#named = { apps: new Set(), models: new Set() };
    const said = analysis.analyse();
    const { graph, graphStatus, diagnostics } = said;
    // Of a text that is the same, or doesn't parse, they are what they were.
    if (said !== this.#said && graphStatus === "current") this.#tellNames(this.#named.apps, this.#named.models);
    this.#said = said;
    this.#isOnDisk = this.#sources.isOnDisk(this.#file);
    const paths = graph ? [...graph.files, ...dataFiles(graph)] : [this.#file];
    const texts = digestOfTexts(paths.map((path) => this.#sources.digest(path)));
    this.#reading = { graph, graphStatus, diagnostics, texts };
    if (!this.#disposed) this.#watch.setFiles(this.#asked);
  }

  #tellNames(apps: Iterable<string>, models: Iterable<string>): void {
    this.#sources.remote?.apps.named(this.#file, apps);
    this.#sources.remote?.models.named(this.#file, models);
  }
}
