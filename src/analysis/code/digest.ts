import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import { ts } from "ts-morph";
import type { CodeParts } from "../../model/graph.js";
import type { Meaning, Modules } from "../modules.js";
import type { CodeReading, CodeRoot } from "../readers/reader.js";
import type { SourceModule } from "../sourceModule.js";
import type { Located } from "../staticValue.js";
import type { Cache } from "../tracker.js";
import { CountedFiles } from "./countedFiles.js";
import type { FileUse } from "./fileUse.js";
import { erased } from "./erased.js";
import { type Reach, reachOf } from "./freeNames.js";
import { NamedFiles, relativePath } from "./namedFiles.js";
import { type Place, statementOf } from "../place.js";
import { tokensOf } from "./tokens.js";

/** One declaration (or statement, or function): what it says, hashed, and what it reaches for. */
interface Unit extends Reach {
  readonly hash: string;
}

/** What stands in for the digest of code that isn't known. */
export interface Rest extends Pick<Closure, "late" | "data"> {
  readonly digest: string;
}

/** All the code that a function reaches. */
interface Closure {
  readonly digest: string | undefined;
  /** What the digest is of, as far as text tells. */
  readonly lines: string;
  /** The same, told apart: the lines without what is in files, and that. */
  readonly parts: CodeParts;
  /** Those of the files that it may write itself. */
  readonly written: readonly string[];
  /** Modules that it imports while it runs. */
  readonly late: readonly SourceModule[];
  /** Absolute paths of what it reads beside modules: data, and the manifests of packages. */
  readonly data: readonly string[];
  /** Reads of files that text doesn't tell. */
  readonly unseen: readonly Place[];
}

/**
 * Digests of the code that nodes run: SHA-256 over the function's tokens (see {@link tokensOf}) and, transitively, over
 * every module-level declaration of local modules that it refers to: functions, constants, classes, enums. Of a function that
 * is made when the module loads (`limited(draw)`), the expression that makes it counts like a function's text. Types are
 * erased and don't count. A package counts by its specifier, its version and the name imported from it; one that is linked
 * here, by its code. A file that is read by a name that text tells counts by its content, a folder that is gone through by its files. Of every module that is
 * reached, and of every one that is evaluated when the workflow loads, the statements that are there for what they do (calls,
 * loops, bare imports at module level) count too; its other declarations don't. A module imported while the code runs (`import("./x.js")`) counts as a whole, with all that it hands
 * on from others. Paths don't count, so a workflow may move.
 *
 * Where an import may lead to local code that text doesn't tell (`#alias`, `file:`, a name that isn't found), the digest is
 * not known.
 */
export class CodeDigests {
  readonly #modules: Modules;
  readonly #file: string;
  readonly #named: NamedFiles;
  readonly #units = new WeakMap<ts.Node, Unit>();
  readonly #closures: Cache<ts.Node, Closure> = new WeakMap();

  /** @param file absolute path of the workflow file */
  constructor(modules: Modules, file: string) {
    this.#modules = modules;
    this.#file = file;
    this.#named = new NamedFiles(modules, dirname(file));
  }

  /** The digest of what a node runs: `null` when it runs nothing of its own, `undefined` when that isn't known. */
  ofNode(code: CodeReading): string | null | undefined {
    const parts: string[] = [];
    for (const slot of ["fn", "preprocess", "postprocess"] as const) {
      const root = code[slot];
      if (root === undefined) continue;
      const digest = this.of(root);
      if (digest === undefined) return undefined;
      parts.push(`${slot} ${digest}`);
    }
    return parts.length === 0 ? null : sha256(parts.join("\n"));
  }

  /** What is told apart in {@link ofNode}'s; `null`: nothing, it reads no files, or more than are worth telling. */
  partsOf({ fn, preprocess, postprocess }: CodeReading): CodeParts | null {
    const parts = [fn, preprocess, postprocess].map((root) => (root ? this.#closureAt(root).parts : null));
    const files = Object.assign({}, ...parts.map((each) => each?.files)) as CodeParts["files"]; // of all of them
    const count = Object.keys(files).length;
    if (count === 0 || count > MOST_TOLD) return null;
    return { own: sha256(parts.map((each) => each?.own ?? "").join("\n")), files };
  }

  /** Which of the files in {@link partsOf} the code may itself write. */
  writtenBy({ fn, preprocess, postprocess }: CodeReading): string[] {
    return [fn, preprocess, postprocess].flatMap((root) => (root ? this.#closureAt(root).written : []));
  }

  of(root: CodeRoot): string | undefined {
    if (root === null) return undefined;
    if (root.kind === "package") {
      const digest = this.#closure(root, []).digest;
      return digest && sha256(`package ${root.specifier} ${root.name} ${digest}`);
    }
    return this.#closureOf(root).digest;
  }

  /** The digest of code that is made by the same expression once more. @param before how often it was made before */
  again(digest: string, before: number): string {
    return sha256(`${digest} ${String(before)}`);
  }

  /** Absolute paths of what the code reads beside modules. */
  readWhileRunning(root: CodeRoot): readonly string[] {
    if (root === null) return [];
    return this.#closureAt(root).data;
  }

  /** Where the code reads files of which text doesn't tell which. */
  unseenReads(root: CodeRoot): readonly Place[] {
    return root === null || root.kind === "package" ? [] : this.#closureOf(root).unseen;
  }

  /** The modules that the code imports while it runs, each without those that it imports in turn. */
  importedWhileRunning(root: CodeRoot): readonly SourceModule[] {
    return root === null || root.kind === "package" ? [] : this.#closureOf(root).late;
  }

  /**
   * All that the modules say, for code of which text doesn't tell what it is made of.
   *
   * @param others expressions in what is left out that count
   * @param leftOut statements that make nodes, and nothing but nodes, of which everything is known
   */
  ofRest(modules: readonly SourceModule[], others: readonly Located[], leftOut: ReadonlySet<ts.Node>): Rest {
    const roots = modules.flatMap((module) =>
      module.source.statements.flatMap((node) => (leftOut.has(node) || isMere(node) ? [] : [{ node, module }])),
    );
    const { lines, late, data } = this.#closure(null, [...roots, ...others], leftOut);
    return { digest: sha256(lines), late, data };
  }

  #closureAt(root: NonNullable<CodeRoot>): Closure {
    return root.kind === "package" ? this.#closure(root, []) : this.#closureOf(root);
  }

  #closureOf(root: Located): Closure {
    return this.#modules.tracker.remember(this.#closures, root.node, () => this.#closure(null, [root]));
  }

  /**
   * Everything that is reached, each thing once, numbered in the order in which it is come across.
   *
   * @param leftOut module-level statements that don't count, though names of theirs may be used
   */
  #closure(
    ofPackage: Extract<CodeRoot, { kind: "package" }> | null,
    roots: readonly Located[],
    leftOut?: ReadonlySet<ts.Node>,
  ): Closure {
    const { tracker } = this.#modules;
    const order: Located[] = [];
    const numbers = new Map<ts.Node, number>();
    const entered = new Set<SourceModule>();
    const late = new Set<SourceModule>();
    /** What may be local code that text doesn't lead to. */
    const untold: string[] = [];
    const unseen: Place[] = [];
    const counted = new CountedFiles(this.#modules, this.#file);
    /** Something that isn't local code, as far as text tells: by its version, or by its text where it is linked here. */
    const foreign = (specifier: string, from: SourceModule): string => {
      if (isLocalAlias(specifier)) untold.push(specifier);
      const installed = specifier === "daggr" ? null : this.#modules.installed(specifier, from);
      if (!installed) return `import ${specifier}`;
      counted.data.add(installed.manifest);
      const linked = installed.linkedFile === null ? null : this.#modules.at(installed.linkedFile);
      if (linked) late.add(linked);
      return `import ${specifier} ${installed.version}${linked ? ` ${everything(linked)}` : ""}`;
    };
    /** A file that code reads, or has run elsewhere. @param name what it counts by, beside what is in it */
    const file = (path: string, name: string, from: SourceModule): string => {
      if (path === from.path) return "";
      const module = CODE.test(path) ? this.#modules.at(path) : null;
      if (module) {
        late.add(module);
        return `file ${name} ${everything(module)}`;
      }
      return counted.file(path, name);
    };
    const used = (use: FileUse, from: SourceModule): string =>
      file(resolve(dirname(use.from === "module" ? from.path : this.#file), use.path), use.path, from);
    const number = (code: Located): string => {
      let place = numbers.get(code.node);
      if (place === undefined) {
        numbers.set(code.node, (place = order.length));
        order.push(code);
      }
      return `#${place}`;
    };
    /** A reached module's statements that are there for what they do, and those of the modules that are evaluated with it. */
    const enter = (module: SourceModule): string[] => {
      if (entered.has(module)) return [];
      entered.add(module);
      const effects = tracker.part(module, "effects").map((node) => number({ node, module }));
      for (const specifier of tracker.part(module, "imports")) {
        const target = this.#modules.resolve(module, specifier);
        if (target) effects.push(...enter(target));
      }
      for (const specifier of tracker.part(module, "bareImports")) {
        if (!this.#modules.resolve(module, specifier)) effects.push(foreign(specifier, module));
      }
      return effects;
    };
    const everything = (module: SourceModule) => number({ node: tracker.part(module, "source"), module });
    const reach = (meaning: Meaning, member: string | null, from: SourceModule): string => {
      switch (meaning.kind) {
        case "declaration":
          if (leftOut?.has(statementOf(meaning.declaration.node))) return "left out";
          return number({ node: meaning.declaration.node, module: meaning.module });
        case "expression":
          return number({ node: meaning.expression, module: meaning.module });
        case "module": {
          const part = member === null ? null : this.#modules.exported(meaning.module, member);
          return part ? reach(part, null, meaning.module) : everything(meaning.module);
        }
        case "common-js":
          return everything(meaning.module);
        case "package":
          return `${foreign(meaning.specifier, from)}:${meaning.name}`;
        case "unresolved":
          untold.push(meaning.specifier);
          return `?${meaning.specifier}`;
      }
    };
    /** What a module as a whole hands on from others. */
    const handedOn = (module: SourceModule): string[] => {
      const own = [...module.exports.keys()].flatMap((name) => {
        const meaning = this.#modules.exported(module, name);
        return meaning ? `${name}=${reach(meaning, null, module)}` : [];
      });
      const stars = tracker.part(module, "stars").map((specifier) => {
        const target = this.#modules.resolve(module, specifier);
        return target ? everything(target) : foreign(specifier, module);
      });
      return [...own, ...stars];
    };
    const lines: string[] = [];
    const own: string[] = [];
    const written = new Set<string>();
    for (const root of roots) number(root);
    // Whatever the program does while it loads may make a difference to whatever it runs then.
    const entry = this.#modules.at(this.#file);
    if (entry) lines.push(enter(entry).join(" "));
    if (entry && ofPackage) lines.push(foreign(ofPackage.specifier, entry));
    // Grows while it is walked.
    for (const { node, module } of order) {
      // Of what doesn't parse, text doesn't tell all.
      if (module.tooDeep || module.syntaxErrors.length > 0) untold.push(module.path);
      const unit = this.#unit(node, module);
      const reached = [unit.hash];
      for (const { name, member } of unit.names) {
        const meaning = this.#modules.meaning(module, name);
        if (meaning) reached.push(`${name}=${reach(meaning, member, module)}`);
      }
      const required = unit.calls.filter(({ name }) => this.#isRequire(name, module));
      for (const specifier of [...unit.modules, ...required.map((call) => call.specifier)]) {
        const target = this.#modules.resolve(module, specifier);
        if (target) late.add(target);
        reached.push(target ? everything(target) : foreign(specifier, module));
      }
      for (const use of unit.files) reached.push(used(use, module));
      for (const path of this.#named.written(unit.places, module)) written.add(path);
      unseen.push(...this.#named.unseen(unit.places, module));
      for (const named of this.#named.find(unit.places, module)) {
        const name = relativePath(named.path, module);
        const each = (path: string, called: string) => file(path, called, module);
        const said = named.folder ? counted.folder(named.path, name, each) : each(named.path, name);
        if (!reached.includes(said)) reached.push(said);
      }
      if (ts.isSourceFile(node)) reached.push(...handedOn(module));
      reached.push(...enter(module));
      lines.push(reached.join(" "));
      own.push(reached.map((said) => counted.without(said)).join(" "));
    }
    const all = lines.join("\n");
    return {
      digest: untold.length === 0 ? sha256(all) : undefined,
      lines: all,
      parts: { own: own.join("\n"), files: counted.contents },
      late: [...late],
      written: counted.among(written),
      data: [...counted.data],
      unseen,
    };
  }

  /** Whether a name is declared as `const load = createRequire(…)`. */
  #isRequire(name: string, module: SourceModule): boolean {
    const meaning = this.#modules.meaning(module, name);
    if (meaning?.kind !== "declaration" || meaning.declaration.kind !== "variable") return false;
    const { initializer } = meaning.declaration.node;
    if (!initializer || !ts.isCallExpression(initializer)) return false;
    const { expression } = initializer;
    const called = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    return ts.isIdentifier(called) && called.text === "createRequire";
  }

  #unit(node: ts.Node, module: SourceModule): Unit {
    let unit = this.#units.get(node);
    if (!unit) this.#units.set(node, (unit = { hash: sha256(tokensOf(node, module.source)), ...reachOf(node) }));
    return unit;
  }
}

/** Whether a statement does nothing but name what others declare: whoever uses it reaches it by its name. */
function isMere(statement: ts.Statement): boolean {
  return ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || erased(statement);
}

/** More files than these aren't told apart. */
const MOST_TOLD = 250;

/** Files that are modules, to whatever runs them. */
const CODE = /\.[cm]?[jt]sx?$/;

/** Whether a specifier that looks like a package's may well name local code: only the program resolves it. */
function isLocalAlias(specifier: string): boolean {
  return specifier.startsWith("#") || specifier.startsWith("file:");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
