import { ts } from "ts-morph";
import { type Declaration, type Export, type ModuleReference, bindingsOf } from "./bindings.js";
import { type DeepPlace, deepestDeclaration, isStackOverflow } from "./tooDeep.js";

/** The tables of names of a module that something may depend on. */
export type NameTable = "values" | "types" | "exports";

/**
 * One parsed file, kept up to date by incremental reparses: statements that an edit does not touch keep their nodes, and
 * so everything that was learnt about them.
 */
export class SourceModule {
  readonly path: string;
  source: ts.SourceFile;
  values: ReadonlyMap<string, Declaration> = new Map();
  types: ReadonlyMap<string, Declaration> = new Map();
  exports: ReadonlyMap<string, Export> = new Map();
  stars: readonly string[] = [];
  references: readonly ModuleReference[] = [];
  /** Module-level statements that are there for what they do. */
  effects: readonly ts.Statement[] = [];
  /** Specifiers of the modules that are evaluated with it. */
  imports: readonly string[] = [];
  /** Those among them of imports that are there for what they do. */
  bareImports: readonly string[] = [];
  /** Whether it gives what it gives by `module.exports`, which text doesn't tell. */
  commonJs = false;
  /** Where the text is nested too deeply to be parsed: then the module has nothing in it. */
  tooDeep: DeepPlace | null = null;
  #text: string;

  constructor(path: string, text: string) {
    this.path = path;
    this.#text = text;
    this.source = this.#parse(() => parse(path, text));
    this.#index();
  }

  get text(): string {
    return this.#text;
  }

  /** Takes a new text; quick when little of it differs. */
  update(text: string): void {
    if (text === this.#text) return;
    const change = changeBetween(this.#text, text);
    const parsed = this.tooDeep === null;
    this.#text = text;
    this.source = this.#parse(() => (parsed ? ts.updateSourceFile(this.source, text, change) : parse(this.path, text)));
    this.#index();
  }

  #parse(read: () => ts.SourceFile): ts.SourceFile {
    this.tooDeep = null;
    try {
      return read();
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      this.tooDeep = deepestDeclaration(this.#text);
      // As long and with as many lines, so that places can be told.
      return parse(this.path, this.#text.replace(/[^\r\n\u2028\u2029]/g, " "));
    }
  }

  /** What keeps the text from being read, in order. */
  get syntaxErrors(): readonly ts.DiagnosticWithLocation[] {
    // The parser leaves its findings here; the public way to them needs a whole program.
    const { parseDiagnostics } = this.source as unknown as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] };
    return parseDiagnostics ?? [];
  }

  lookUp(table: NameTable, name: string): Declaration | Export | undefined {
    return this[table].get(name);
  }

  #index(): void {
    const values = new Map<string, Declaration>();
    const types = new Map<string, Declaration>();
    const exports = new Map<string, Export>();
    const stars: string[] = [];
    const references: ModuleReference[] = [];
    const effects: ts.Statement[] = [];
    if (this.path.endsWith(".json")) {
      const [statement] = this.source.statements;
      if (statement && ts.isExpressionStatement(statement)) {
        for (const [name, expression] of jsonParts(statement.expression))
          exports.set(name, jsonExport(name, expression));
      }
    } else {
      for (const statement of this.source.statements) {
        const bindings = bindingsOf(statement);
        for (const declaration of bindings.values) {
          // Of overloads, the one with a body counts.
          const overload = declaration.kind === "function" && !declaration.node.body;
          if (!overload || !values.has(declaration.name)) values.set(declaration.name, declaration);
        }
        for (const declaration of bindings.types) types.set(declaration.name, declaration);
        for (const entry of bindings.exports) exports.set(entry.name, entry);
        stars.push(...bindings.stars);
        references.push(...bindings.references);
        if (bindings.effect) effects.push(statement);
      }
    }
    const modular = references.length > 0 || exports.size > 0 || stars.length > 0;
    this.commonJs = /\.c[jt]s$/.test(this.path) || (/\.jsx?$/.test(this.path) && !modular && GIVES.test(this.#text));
    this.values = values;
    this.types = types;
    this.exports = exports;
    this.references = references;
    this.stars = kept(this.stars, stars);
    this.effects = kept(this.effects, effects);
    this.imports = kept(
      this.imports,
      references.flatMap(({ typeOnly, specifier }) => (typeOnly ? [] : [specifier])),
    );
    this.bareImports = kept(
      this.bareImports,
      references.flatMap(({ bare, specifier }) => (bare ? [specifier] : [])),
    );
  }
}

const GIVES = /\bmodule\s*\.\s*exports\b|\bexports\s*[.[]/;

function parse(path: string, text: string): ts.SourceFile {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.Latest,
    // Nothing here reads documentation comments, and leaving them out makes a parse a fifth quicker.
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile(path, text, options, true);
}

/** The array from before when nothing in it changed, so that what depends on it need not be read again. */
function kept<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return before.length === now.length && before.every((item, index) => item === now[index]) ? before : now;
}

const jsonExports = new WeakMap<ts.Expression, Export>();

function jsonExport(name: string, expression: ts.Expression): Export {
  let entry = jsonExports.get(expression);
  if (!entry) jsonExports.set(expression, (entry = { name, node: expression, expression }));
  return entry;
}

/** What a JSON file gives to those who import it: the whole as its default, and each key of an object by its name. */
function jsonParts(whole: ts.Expression): [string, ts.Expression][] {
  const properties = ts.isObjectLiteralExpression(whole) ? whole.properties : [];
  const keys = properties.flatMap((property): [string, ts.Expression][] =>
    ts.isPropertyAssignment(property) && ts.isStringLiteral(property.name)
      ? [[property.name.text, property.initializer]]
      : [],
  );
  return [...keys.filter(([name]) => name !== "default"), ["default", whole]];
}

/** The one stretch outside of which both texts are the same. */
export function changeBetween(before: string, after: string): ts.TextChangeRange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  return { span: { start, length: before.length - start - tail }, newLength: after.length - start - tail };
}
