import { dirname, isAbsolute, relative, resolve } from "node:path";
import { ts } from "ts-morph";
import { bindingOf } from "../localNames.js";
import type { Modules } from "../modules.js";
import { unwrap } from "../site.js";
import type { Place } from "../place.js";
import type { SourceModule } from "../sourceModule.js";
import type { FunctionNode } from "../staticValue.js";
import { LISTERS, READERS, calledName, writtenBy } from "./fileUse.js";
import { reachOf } from "./freeNames.js";
import { type Given, NOTHING_GIVEN, Paths, constantOf, pathOf } from "./paths.js";
import { walk } from "./walk.js";

/** A file, or a folder whose files are gone through, by its absolute path. */
export interface NamedFile {
  readonly path: string;
  readonly folder: boolean;
}

/** How many calls deep a path is followed that is handed to functions. */
const MOST_CALLS = 4;
/** Expressions that are looked at for one piece of code, those of the functions that it calls among them. */
const MOST_VISITS = 5000;

/** Finds the files that code names by what its names stand for: constants, the module's own place, what a function is given. */
export class NamedFiles {
  readonly #modules: Modules;
  readonly #folder: string;
  readonly #paths: Paths;
  #visits = 0;

  /** @param folder absolute path of the folder that the program runs in */
  constructor(modules: Modules, folder: string) {
    this.#modules = modules;
    this.#folder = folder;
    this.#paths = new Paths(modules, folder);
  }

  /** The files that these expressions name, each of which may name one. */
  find(places: readonly ts.Expression[], module: SourceModule): NamedFile[] {
    this.#visits = 0;
    return places.flatMap((place) => this.#find(place, module, NOTHING_GIVEN, 0, false));
  }

  /** @param read what it gives is read: it makes the path. */
  #find(node: ts.Expression, module: SourceModule, given: Given, calls: number, read: boolean): NamedFile[] {
    if (++this.#visits > MOST_VISITS) return [];
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    const name = isCall ? calledName(node.expression) : null;
    const [first] = isCall ? (node.arguments ?? []) : [];
    if (name !== null && first && (READERS.has(name) || LISTERS.test(name))) {
      const text = this.#paths.textOf(first, module, given);
      if (text !== null) return this.#named(text, LISTERS.test(name));
      return calls < MOST_CALLS ? this.#find(unwrap(first), module, given, calls + 1, true) : [];
    }
    if (!isCall || name === "URL" || name === "join" || name === "resolve") {
      // What any other path serves for can't be told: as likely as not, the code writes there.
      const text = read ? this.#paths.textOf(node, module, given) : null;
      return text !== null && isAbsolute(pathOf(text) ?? "") ? this.#named(text, false) : [];
    }
    return calls < MOST_CALLS ? this.#handedOn(node, module, given, calls, read) : [];
  }

  #named(text: string, folder: boolean): NamedFile[] {
    const path = pathOf(text);
    if (path === null || path === "" || (!folder && path.endsWith("/"))) return [];
    return [{ path: resolve(this.#folder, path), folder }];
  }

  /** What a local function names with what it is given: `load("./a.txt")`. */
  #handedOn(
    call: ts.CallExpression | ts.NewExpression,
    module: SourceModule,
    given: Given,
    calls: number,
    read: boolean,
  ): NamedFile[] {
    const target = this.#target(call, module);
    if (!target) return [];
    const handed = new Map<ts.ParameterDeclaration, string>();
    target.node.parameters.forEach((parameter, index) => {
      const argument = call.arguments?.[index];
      const text = argument && this.#paths.textOf(argument, module, given);
      if (typeof text === "string" && ts.isIdentifier(parameter.name)) handed.set(parameter, text);
    });
    if (handed.size === 0) return [];
    const places = placesIn.get(target.node) ?? reachOf(target.node).places;
    placesIn.set(target.node, places);
    return places.flatMap((place) => this.#find(place, target.module, handed, calls + 1, read));
  }

  #target(
    call: ts.CallExpression | ts.NewExpression,
    module: SourceModule,
  ): { readonly node: FunctionNode; readonly module: SourceModule } | null {
    const callee = unwrap(call.expression);
    if (!ts.isIdentifier(callee)) return null;
    const local = bindingOf(callee);
    const meaning = local ? null : this.#modules.meaning(module, callee.text);
    if (local || meaning?.kind !== "declaration") return null;
    const { declaration } = meaning;
    if (declaration.kind === "function") return { node: declaration.node, module: meaning.module };
    if (declaration.kind !== "variable" || !declaration.constant || !declaration.node.initializer) return null;
    const value = unwrap(declaration.node.initializer);
    return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? { node: value, module: meaning.module } : null;
  }

  /** Absolute paths of what these write, as far as text tells it by name. */
  written(places: readonly ts.Expression[], module: SourceModule): string[] {
    return places.flatMap((node) => {
      const target = ts.isCallExpression(node) ? writtenBy(node) : null;
      if (!target) return [];
      const text = this.#paths.textOf(target, module, NOTHING_GIVEN);
      return text === null ? [] : this.#named(text, true).map(({ path }) => path);
    });
  }

  /** Reads among these whose file text doesn't tell, and that isn't among what the code is given either. */
  unseen(places: readonly ts.Expression[], module: SourceModule): Place[] {
    return places.flatMap((node) => {
      if (!ts.isCallExpression(node)) return [];
      const name = calledName(node.expression);
      const [first] = node.arguments;
      if (name === null || !first || !(FILE_READERS.has(name) || LISTERS.test(name))) return [];
      if (!this.#isNodes(node, module) || this.#paths.textOf(first, module, NOTHING_GIVEN) !== null) return [];
      return this.#isOfRun(first, module, 0) ? [] : [{ module, node: first }];
    });
  }

  /** Whether what is called comes from Node's own modules for files. */
  #isNodes({ expression }: ts.CallExpression, module: SourceModule): boolean {
    let root = unwrap(expression);
    while (ts.isPropertyAccessExpression(root)) root = unwrap(root.expression);
    if (!ts.isIdentifier(root) || bindingOf(root)) return false;
    const meaning = this.#modules.meaning(module, root.text);
    return meaning?.kind === "package" && /^(?:node:)?fs(?:\/promises)?$/.test(meaning.specifier);
  }

  /** Whether a path comes about while the code runs: it was given, or made for the time being. */
  #isOfRun(expression: ts.Expression, module: SourceModule, depth: number): boolean {
    let found = false;
    walk(expression, {}, (node) => {
      if (found || ts.isFunctionLike(node)) return null;
      if (!ts.isIdentifier(node)) return {};
      if (TEMPORARY.test(node.text)) found = true;
      const { parent } = node;
      const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
      const local = isMember ? null : bindingOf(node);
      if (!local) return null;
      const initializer = constantOf(local);
      if (!initializer || depth > MOST_CALLS || this.#isOfRun(initializer, module, depth + 1)) found = true;
      return null;
    });
    return found;
  }
}

/** A path as the digest has it: relative, so that a workflow may move. */
export function relativePath(path: string, from: SourceModule): string {
  return `./${relative(dirname(from.path), path).replaceAll("\\", "/")}`;
}

/** Functions of Node's whose first argument is a file that they read. */
const FILE_READERS: ReadonlySet<string> = new Set([
  "readFile",
  "readFileSync",
  "createReadStream",
  "open",
  "openSync",
  "openAsBlob",
]);
/** Files that come about while the code runs. */
const TEMPORARY = /tmp|temp|output/i;

/** By function. */
const placesIn = new WeakMap<ts.Node, readonly ts.Expression[]>();
