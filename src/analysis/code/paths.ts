import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ts } from "ts-morph";
import { bindingOf } from "../localNames.js";
import type { Modules } from "../modules.js";
import { unwrap } from "../site.js";
import type { SourceModule } from "../sourceModule.js";
import { calledName } from "./fileUse.js";

/** What a function's parameters are known to be where it is called. */
export type Given = ReadonlyMap<ts.ParameterDeclaration, string>;

export const NOTHING_GIVEN: Given = new Map();

/** How far names and calls are followed. */
const DEEPEST = 32;
/** Expressions that one text may be made of. */
const MOST_STEPS = 200;
/** No system takes more for a path. UTF-16 code units. */
const LONGEST = 4096;

/**
 * Works out texts that are made of literals, of the module's own place and of constants of such, with Node's functions for
 * paths and addresses: `join(dirname(fileURLToPath(import.meta.url)), NAME)`.
 */
export class Paths {
  readonly #modules: Modules;
  /** Absolute path of the folder that the program runs in. */
  readonly #folder: string;
  #steps = 0;

  constructor(modules: Modules, folder: string) {
    this.#modules = modules;
    this.#folder = folder;
  }

  /** A path, an address of a file, or another text; `null`: it isn't told. */
  textOf(expression: ts.Node, module: SourceModule, given: Given, depth = 0): string | null {
    if (depth === 0) this.#steps = 0;
    if (depth > DEEPEST || ++this.#steps > MOST_STEPS || !ts.isExpression(expression)) return null;
    const text = this.#text(expression, module, given, depth);
    return text !== null && text.length > LONGEST ? null : text;
  }

  #text(expression: ts.Expression, module: SourceModule, given: Given, depth: number): string | null {
    const node = unwrap(expression);
    const inner = (each: ts.Node) => this.textOf(each, module, given, depth + 1);
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.map((span) => ({ text: inner(span.expression), after: span.literal.text }));
      if (parts.some(({ text }) => text === null)) return null;
      return parts.reduce((all, { text, after }) => all + (text ?? "") + after, node.head.text);
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      const [left, right] = [inner(node.left), inner(node.right)];
      return left === null || right === null ? null : left + right;
    }
    if (ts.isIdentifier(node)) return this.#named(node, module, given, depth);
    if (ts.isPropertyAccessExpression(node)) {
      if (ts.isMetaProperty(node.expression)) return ownPlace(node.name.text, module);
      const base = node.name.text === "pathname" || node.name.text === "href" ? inner(node.expression) : null;
      return base !== null && node.name.text === "pathname" ? pathOf(base) : base;
    }
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return null;
    const name = calledName(node.expression);
    if (name === "cwd") return this.#folder;
    const parts = (node.arguments ?? []).map(inner);
    const [first] = parts;
    if (first === null || first === undefined || parts.includes(null)) return null;
    return called(name ?? "", first, parts as string[], ts.isNewExpression(node)); // none of them is null
  }

  #named(node: ts.Identifier, module: SourceModule, given: Given, depth: number): string | null {
    const local = bindingOf(node);
    if (local) {
      if (ts.isParameter(local)) return given.get(local) ?? null;
      const initializer = constantOf(local);
      return initializer && this.textOf(initializer, module, given, depth + 1);
    }
    if (node.text === "__dirname" || node.text === "__filename") return ownPlace(node.text.slice(2), module);
    const meaning = this.#modules.meaning(module, node.text);
    if (meaning?.kind !== "declaration" || meaning.declaration.kind !== "variable") return null;
    const { constant, path, node: declaration } = meaning.declaration;
    if (!constant || path?.length !== 0 || !declaration.initializer) return null;
    return this.textOf(declaration.initializer, meaning.module, NOTHING_GIVEN, depth + 1);
  }

  /** What a name was declared as, through names; anything else as it is. */
  sourceOf(expression: ts.Expression, module: SourceModule, depth = 0): ts.Expression {
    const node = unwrap(expression);
    if (!ts.isIdentifier(node) || depth > DEEPEST) return node;
    const local = bindingOf(node);
    if (local) {
      const initializer = constantOf(local);
      return initializer ? this.sourceOf(initializer, module, depth + 1) : node;
    }
    const meaning = this.#modules.meaning(module, node.text);
    if (meaning?.kind !== "declaration" || meaning.declaration.kind !== "variable") return node;
    const { initializer } = meaning.declaration.node;
    return initializer ? this.sourceOf(initializer, meaning.module, depth + 1) : node;
  }
}

/** The initialiser of a constant in a function. */
export function constantOf(local: ts.Node): ts.Expression | null {
  if (!ts.isVariableDeclaration(local) || !ts.isIdentifier(local.name)) return null;
  const constant = (local.parent.flags & ts.NodeFlags.Const) !== 0;
  return constant && !ts.isForOfStatement(local.parent.parent) ? (local.initializer ?? null) : null;
}

/** An address of a file as its path; any other text as it is; `null`: an address of something else. */
export function pathOf(text: string): string | null {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(text)) return text;
  if (!text.startsWith("file:")) return null;
  try {
    return fileURLToPath(text.replace(/[?#].*$/, ""));
  } catch {
    return null;
  }
}

function ownPlace(name: string, { path }: SourceModule): string | null {
  if (name === "url") return pathToFileURL(path).href;
  if (name === "filename") return path;
  return name === "dirname" ? dirname(path) : null;
}

function called(name: string, first: string, parts: readonly string[], isNew: boolean): string | null {
  switch (name) {
    case "URL":
      return isNew ? addressOf(first, parts[1]) : null;
    case "fileURLToPath":
      return pathOf(first);
    case "pathToFileURL":
      return isAbsolute(first) ? pathToFileURL(first).href : null;
    case "dirname":
      return dirname(first);
    case "normalize":
    case "join":
      return join(...parts);
    case "resolve":
      // What is relative stays so: what reads it says to what.
      return parts.some((part) => isAbsolute(part)) ? resolve(...parts) : join(...parts);
    default:
      return null;
  }
}

function addressOf(text: string, base: string | undefined): string | null {
  try {
    return new URL(text, base).href;
  } catch {
    return null;
  }
}
