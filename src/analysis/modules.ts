import { dirname, isAbsolute, join, resolve } from "node:path";
import type { ts } from "ts-morph";
import type { AppSchema } from "../model/appSchema.js";
import type { ModelInfo } from "../model/modelInfo.js";
import type { Declaration } from "./bindings.js";
import type { Mutated } from "./mutated.js";
import { type InstalledPackage, Packages } from "./packages.js";
import { SourceModule } from "./sourceModule.js";
import { Tracker } from "./tracker.js";

/** A file or folder within a folder. */
export interface FolderEntry {
  readonly name: string;
  /** Bytes; `null`: it is no file. */
  readonly size: number | null;
}

/** Gives the text of a file by absolute path: the editor's unsaved one if there is one, or else the disk's. */
export interface SourceReader {
  read(path: string): string | undefined;
  /** Identifies a file's content, whatever it holds; without it, the text does. `undefined`: no such file. */
  digest?(path: string): string | undefined;
  /** What is right in a folder, in order of names; `undefined`: no such folder. */
  list?(path: string): readonly FolderEntry[] | undefined;
  /** With symbolic links followed; `undefined`: no such file. */
  realPath?(path: string): string | undefined;
  /** What is known of a Gradio app, by how its node names it. */
  app?(space: string): AppSchema | undefined;
  /** What is known of a model, by its id. */
  model?(id: string): ModelInfo | undefined;
}

/** Where a name leads in the end, through imports and re-exports. */
export type Meaning =
  | { readonly kind: "declaration"; readonly module: SourceModule; readonly declaration: Declaration }
  /** `export default …`. */
  | { readonly kind: "expression"; readonly module: SourceModule; readonly expression: ts.Expression }
  /** A local module as a whole. */
  | { readonly kind: "module"; readonly module: SourceModule }
  /** Something that a CommonJS module gives: which, only the program tells. */
  | { readonly kind: "common-js"; readonly module: SourceModule }
  /** Something from a package; `*`: the whole of it. */
  | { readonly kind: "package"; readonly specifier: string; readonly name: string }
  /** Imported from a local file that isn't there, or that doesn't export it. */
  | { readonly kind: "unresolved"; readonly specifier: string };

/** Every local file of a workflow, and what names mean in them. */
export class Modules {
  readonly tracker = new Tracker();
  /** Literals that are no longer what their text says by the time they are read, with what changes them. */
  mutated: Mutated = new Map();
  readonly #reader: SourceReader;
  readonly #modules = new Map<string, SourceModule | null>();
  readonly #resolved = new Map<string, SourceModule | null>();
  readonly #packages: Packages;
  /** Identifies the content of files that aren't modules, by path. */
  readonly #contents = new Map<string, string | undefined>();
  readonly #listings = new Map<string, readonly FolderEntry[] | undefined>();

  constructor(reader: SourceReader) {
    this.#reader = reader;
    this.#packages = new Packages(reader);
  }

  app(space: string): AppSchema | undefined {
    return this.#reader.app?.(space);
  }

  model(id: string): ModelInfo | undefined {
    return this.#reader.model?.(id);
  }

  /** The file's text may be different, or the file may be new or gone. Answers whether that makes any difference. */
  changed(path: string): boolean {
    const data = this.#contents.get(path) !== this.#contentChanged(path);
    const packages = this.#packages.changed(path);
    const listing = this.#listingChanged(path);
    if (data || packages || listing) this.tracker.filesChanged();
    return this.#moduleChanged(path) || data || packages || listing;
  }

  #listingChanged(path: string): boolean {
    if (!this.#listings.has(path)) return false;
    const before = JSON.stringify(this.#listings.get(path));
    this.#listings.delete(path);
    return JSON.stringify(this.list(path)) !== before;
  }

  #contentChanged(path: string): string | undefined {
    if (!this.#contents.has(path)) return undefined;
    this.#contents.delete(path);
    return this.content(path);
  }

  #moduleChanged(path: string): boolean {
    const module = this.#modules.get(path);
    if (module === undefined) return false;
    const text = this.#reader.read(path);
    if (module && text !== undefined) {
      if (text === module.text) return false;
      module.update(text);
      this.tracker.textChanged();
      return true;
    }
    if (module === null && text === undefined) return false;
    this.#modules.delete(path);
    this.#resolved.clear();
    this.tracker.filesChanged();
    return true;
  }

  /** The module at an absolute path, or `null` where there is no such file. */
  at(path: string): SourceModule | null {
    let module = this.#modules.get(path);
    if (module === undefined) {
      const text = this.#reader.read(path);
      module = text === undefined ? null : new SourceModule(path, text);
      this.#modules.set(path, module);
    }
    return module;
  }

  /** The package that a specifier names, where it is installed for that module. */
  installed(specifier: string, from: SourceModule): InstalledPackage | null {
    return this.#packages.find(specifier, dirname(from.path));
  }

  /** Identifies the content of a file that isn't a module; `undefined`: there is no such file. */
  content(path: string): string | undefined {
    if (!this.#contents.has(path)) {
      this.#contents.set(path, this.#reader.digest ? this.#reader.digest(path) : this.#reader.read(path));
    }
    return this.#contents.get(path);
  }

  /** What is right in a folder; `undefined`: there is none. */
  list(path: string): readonly FolderEntry[] | undefined {
    if (!this.#listings.has(path)) this.#listings.set(path, this.#reader.list?.(path));
    return this.#listings.get(path);
  }

  /** The local module that a specifier names; `null`: there is none; `undefined`: it names a package. */
  resolve(from: SourceModule, specifier: string): SourceModule | null | undefined {
    if (!/^\.{0,2}\//.test(specifier) && !isAbsolute(specifier) && specifier !== "." && specifier !== "..") {
      return undefined;
    }
    const key = `${dirname(from.path)}\0${specifier}`;
    let module = this.#resolved.get(key);
    if (module === undefined) {
      const base = resolve(dirname(from.path), specifier);
      module = null;
      for (const candidate of candidates(base)) {
        module = this.at(candidate);
        if (module) break;
      }
      this.#resolved.set(key, module);
    }
    return module;
  }

  meaning(module: SourceModule, name: string, table: "values" | "types" = "values"): Meaning | null {
    const declaration = this.tracker.declaration(module, table, name);
    if (!declaration) return null;
    if (declaration.kind !== "import") return { kind: "declaration", module, declaration };
    return this.#imported(module, declaration.specifier, declaration.imported, table, new Set());
  }

  /** What a module gives away under a name. */
  exported(
    module: SourceModule,
    name: string,
    table: "values" | "types" = "values",
    seen = new Set<string>(),
  ): Meaning | null {
    const key = `${module.path}\0${name}`;
    if (seen.has(key)) return null;
    seen.add(key);
    const entry = this.tracker.export(module, name);
    if (!entry) {
      if (module.commonJs) return { kind: "common-js", module };
      if (name === "default") return null;
      for (const specifier of this.tracker.part(module, "stars")) {
        const target = this.resolve(module, specifier);
        const found = target && this.exported(target, name, table, seen);
        if (found) return found;
      }
      return null;
    }
    if ("expression" in entry) return { kind: "expression", module, expression: entry.expression };
    if ("specifier" in entry) return this.#imported(module, entry.specifier, entry.imported, table, seen);
    const declaration = this.tracker.declaration(module, table, entry.local);
    if (!declaration) return null;
    if (declaration.kind !== "import") return { kind: "declaration", module, declaration };
    return this.#imported(module, declaration.specifier, declaration.imported, table, seen);
  }

  #imported(
    from: SourceModule,
    specifier: string,
    name: string,
    table: "values" | "types",
    seen: Set<string>,
  ): Meaning {
    const target = this.resolve(from, specifier);
    if (target === undefined) return { kind: "package", specifier, name };
    if (target === null) return { kind: "unresolved", specifier };
    if (name === "*") return { kind: "module", module: target };
    return this.exported(target, name, table, seen) ?? { kind: "unresolved", specifier };
  }

  /** The module and all local ones that it imports, directly or not, in the order in which they are evaluated. */
  closure(entry: SourceModule): SourceModule[] {
    const order: SourceModule[] = [];
    const seen = new Set<SourceModule>();
    const visit = (module: SourceModule) => {
      if (seen.has(module)) return;
      seen.add(module);
      for (const { specifier } of module.references) {
        const target = this.resolve(module, specifier);
        if (target) visit(target);
      }
      order.push(module);
    };
    visit(entry);
    return order;
  }
}

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];
/** What is written as JavaScript may lie there as TypeScript. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".js", ".jsx"],
  ".jsx": [".tsx", ".jsx"],
  ".mjs": [".mts", ".mjs"],
  ".cjs": [".cts", ".cjs"],
};

function* candidates(base: string): Iterable<string> {
  const written = /\.[a-z]+$/.exec(base)?.[0] ?? "";
  const stem = base.slice(0, base.length - written.length);
  for (const extension of SOURCES[written] ?? []) yield stem + extension;
  if (EXTENSIONS.includes(written)) yield base;
  for (const extension of EXTENSIONS) yield base + extension;
  for (const extension of EXTENSIONS) yield join(base, `index${extension}`);
}
