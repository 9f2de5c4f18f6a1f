import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";
import type { CodeParts } from "../../model/graph.js";
import type { Modules } from "../modules.js";

/** The largest folder whose files count by what is in them. */
const MOST_FILES = 200;
/** Of all of them together. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The files that a piece of code counts beside modules: what a digest has of them, and what can be told of them apart. */
export class CountedFiles {
  /** Absolute paths of what counts by its content. */
  readonly data = new Set<string>();
  readonly #modules: Modules;
  readonly #workflow: string;
  readonly #contents = new Map<string, string | null>();
  /** By absolute path, what {@link contents} calls it. */
  readonly #names = new Map<string, string>();
  /** What is said of files, by that without what is in them. */
  readonly #plain = new Map<string, string>();

  /** @param workflow absolute path of the workflow file */
  constructor(modules: Modules, workflow: string) {
    this.#modules = modules;
    this.#workflow = workflow;
  }

  /** What a digest has of a file. @param name what it counts by, beside what is in it */
  file(path: string, name: string): string {
    const content = this.#modules.content(path);
    const digest = content === undefined ? null : sha256(content);
    this.#contents.set(this.#told(path), digest);
    this.#names.set(path, this.#told(path));
    if (digest === null) return `file ${name}`;
    this.data.add(path);
    return this.#said(`file ${name} ${digest}`, `file ${name}`);
  }

  /**
   * Of a folder that code goes through, with the files right in it: a large one by their names and sizes.
   *
   * @param file answers what the digest has of one of them
   */
  folder(path: string, name: string, file: (path: string, name: string) => string): string {
    const entries = this.#modules.list(path) ?? [];
    const bytes = entries.reduce((sum, { size }) => sum + (size ?? 0), 0);
    const small = entries.length <= MOST_FILES && bytes <= MOST_BYTES;
    const said = entries.map((entry) =>
      small && entry.size !== null ? file(join(path, entry.name), entry.name) : `${entry.name} ${String(entry.size)}`,
    );
    const digest = sha256(JSON.stringify(said));
    const whole = `${this.#told(path)}/`;
    // An empty one has no file to tell of.
    if (!small || entries.length === 0) this.#contents.set(whole, small ? null : digest);
    return this.#said(`folder ${name} ${digest}`, `folder ${name}`);
  }

  /** A part of a digest's text without what is in files. */
  without(said: string): string {
    return this.#plain.get(said) ?? said;
  }

  /** As in {@link CodeParts}. */
  get contents(): CodeParts["files"] {
    return Object.fromEntries(this.#contents);
  }

  /**
   * Those of {@link contents} that the code itself may have made so: files that it names. Of a folder that it goes through, nobody can tell
   * what in there is its own.
   *
   * @param paths - absolute: what it writes.
   */
  among(paths: ReadonlySet<string>): string[] {
    return [...paths].flatMap((path) => this.#names.get(path) ?? []);
  }

  #said(whole: string, plain: string): string {
    this.#plain.set(whole, plain);
    return whole;
  }

  #told(path: string): string {
    return relative(dirname(this.#workflow), path).replaceAll("\\", "/");
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
