import type { Declaration, Export, ImportBinding } from "./bindings.js";
import type { NameTable, SourceModule } from "./sourceModule.js";

interface Lookup {
  readonly module: SourceModule;
  readonly table: NameTable;
  readonly name: string;
  readonly found: Declaration | Export | undefined;
}

export type ModulePart = "stars" | "effects" | "imports" | "bareImports" | "source";

interface PartRead {
  readonly module: SourceModule;
  readonly part: ModulePart;
  readonly found: unknown;
}

interface Entry<V> {
  readonly value: V;
  readonly lookups: readonly Lookup[];
  readonly parts: readonly PartRead[];
  readonly era: number;
  checked: number;
}

/** Answers by syntax node, each with the names that were looked up on the way to it. */
export type Cache<K extends object, V> = WeakMap<K, Entry<V>>;

/**
 * Remembers what was read from a syntax node together with every name that reading looked up. An answer stands as long as
 * each of those names still leads to the very same declaration, so an edit costs what it touches.
 */
export class Tracker {
  /** Goes up with every change of any text: answers are checked once per generation. */
  #generation = 0;
  /** Goes up when a file appears or disappears, for then any import may lead elsewhere. */
  #era = 0;
  #recording: { lookups: Lookup[]; parts: PartRead[] } | null = null;

  textChanged(): void {
    this.#generation++;
  }

  filesChanged(): void {
    this.#generation++;
    this.#era++;
  }

  /** What a name means in a module. */
  declaration(module: SourceModule, table: "values" | "types", name: string): Declaration | undefined {
    const found = module[table].get(name);
    this.#recording?.lookups.push({ module, table, name, found });
    return found;
  }

  export(module: SourceModule, name: string): Export | undefined {
    const found = module.exports.get(name);
    this.#recording?.lookups.push({ module, table: "exports", name, found });
    return found;
  }

  /** A part of a module that is the same object for as long as nothing in it changes. */
  part<P extends ModulePart>(module: SourceModule, part: P): SourceModule[P] {
    this.#recording?.parts.push({ module, part, found: module[part] });
    return module[part];
  }

  remember<K extends object, V>(cache: Cache<K, V>, key: K, read: () => V): V {
    const known = cache.get(key);
    if (known && this.#stands(known)) {
      this.#recording?.lookups.push(...known.lookups);
      this.#recording?.parts.push(...known.parts);
      return known.value;
    }
    const outer = this.#recording;
    const recording = (this.#recording = { lookups: [], parts: [] });
    try {
      const value = read();
      cache.set(key, { value, ...recording, era: this.#era, checked: this.#generation });
      outer?.lookups.push(...recording.lookups);
      outer?.parts.push(...recording.parts);
      return value;
    } finally {
      this.#recording = outer;
    }
  }

  #stands(entry: Entry<unknown>): boolean {
    if (entry.era !== this.#era) return false;
    if (entry.checked === this.#generation) return true;
    const stands =
      entry.lookups.every(({ module, table, name, found }) => same(module.lookUp(table, name), found)) &&
      entry.parts.every(({ module, part, found }) => module[part] === found);
    if (stands) entry.checked = this.#generation;
    return stands;
  }
}

/** An import is told by where it leads, or an edit beside one would cost a reading of everything that uses it. */
function same(now: Declaration | Export | undefined, before: Declaration | Export | undefined): boolean {
  if (now === before) return true;
  return isImport(now) && isImport(before) && now.specifier === before.specifier && now.imported === before.imported;
}

function isImport(found: Declaration | Export | undefined): found is ImportBinding {
  return found !== undefined && "kind" in found && found.kind === "import";
}
