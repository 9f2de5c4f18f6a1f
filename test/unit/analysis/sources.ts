import { readFileSync } from "node:fs";
import { type Analysis, type SourceReader, WorkflowAnalysis } from "../../../src/analysis/index.js";

export const diskReader: SourceReader = {
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
};

/** A folder `/flow` in memory, with the workflow file `main.daggr.ts` in it, and its analysis. */
export class Sources {
  readonly #texts = new Map<string, string>();
  readonly analysis: WorkflowAnalysis;

  constructor(texts: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(texts)) this.#texts.set(`/flow/${name}`, text);
    this.analysis = this.fresh();
  }

  /** Another analysis of the same texts, which has seen nothing yet. */
  fresh(): WorkflowAnalysis {
    return new WorkflowAnalysis("/flow/main.daggr.ts", { read: (path) => this.#texts.get(path) });
  }

  text(name: string): string {
    return this.#texts.get(`/flow/${name}`) ?? "";
  }

  /** @param text `null`: the file goes away */
  write(name: string, text: string | null): Analysis {
    if (text === null) this.#texts.delete(`/flow/${name}`);
    else this.#texts.set(`/flow/${name}`, text);
    this.analysis.changed(`/flow/${name}`);
    return this.analysis.analyse();
  }

  replace(name: string, what: string, by: string): Analysis {
    const before = this.text(name);
    if (!before.includes(what)) throw new Error(`${name} has no ${what}`);
    return this.write(name, before.replace(what, by));
  }
}
