import { ts } from "ts-morph";
import { childrenOf } from "./code/walk.js";
import { type Mutation, mutationsIn, rootOf } from "./code/mutations.js";
import { Evaluator } from "./evaluate.js";
import type { Modules } from "./modules.js";
import type { Place } from "./place.js";
import { type Binding, bindingOf } from "./localNames.js";
import { unwrap } from "./site.js";
import type { SourceModule } from "./sourceModule.js";
import type { Located } from "./staticValue.js";

/** Literals that don't stay what they were declared as, each with the place that changes it. */
export type Mutated = ReadonlyMap<ts.Node, Place>;

/**
 * Finds the object and array literals of a workflow that some code may change after they are made: what they are declared as
 * tells nothing then. Follows names, imports, members, parameters of local functions, loops over a list and callbacks.
 */
export function findMutated(modules: Modules, closure: readonly SourceModule[]): Mutated {
  return new Search(modules).run(closure);
}

interface Passed {
  readonly call: Extract<Mutation, { kind: "pass" }>["call"];
  readonly loading: boolean;
  readonly module: SourceModule;
}

class Search {
  readonly #modules: Modules;
  readonly #evaluator: Evaluator;
  readonly #mutated = new Map<ts.Node, Place>();
  /** Parameters whose argument is changed by the function. */
  readonly #parameters = new Set<ts.ParameterDeclaration>();

  constructor(modules: Modules) {
    this.#modules = modules;
    this.#evaluator = new Evaluator(modules, () => undefined);
  }

  run(closure: readonly SourceModule[]): Mutated {
    const passed: Passed[] = [];
    for (const module of closure) {
      for (const statement of module.source.statements) {
        for (const mutation of mutationsIn(statement)) {
          if (mutation.kind === "pass") passed.push({ ...mutation, module });
          else this.#change({ node: mutation.target, module }, { node: mutation.at, module }, false);
        }
      }
    }
    for (const { call, loading, module } of passed) {
      if (loading && this.#isForeign(call, module)) this.#changeArguments(call, module);
    }
    // A function may hand its parameter on to another one that changes it.
    for (let before = -1; before < this.#parameters.size;) {
      before = this.#parameters.size;
      if (before > 0) for (const { call, module } of passed) this.#followParameters(call, module);
    }
    return this.#mutated;
  }

  /** Marks what an expression stands for. @param deep with all that is in it */
  #change({ node, module }: Located, at: Place, deep: boolean): void {
    let target = unwrap(node as ts.Expression); // targets are expressions
    for (let all = deep; ; all = true) {
      const root = rootOf(target);
      const binding = ts.isIdentifier(root) ? bindingOf(root) : null;
      if (binding) return this.#changeBound(binding, module, at);
      const value = this.#evaluator.evaluate({ node: target, module });
      if (value.kind === "object" || value.kind === "array") return this.#mark(value, at, all);
      if (value.kind === "unknown" && value.cause.kind === "variable" && ts.isIdentifier(root)) {
        const meaning = this.#modules.meaning(module, root.text);
        if (meaning?.kind !== "declaration" || meaning.declaration.kind !== "variable") return;
        const { initializer } = meaning.declaration.node;
        const from = initializer && unwrap(initializer);
        // `let list = made;`, but not one that is made of itself.
        if (from && !(ts.isIdentifier(from) && from.text === root.text)) {
          this.#change({ node: from, module: meaning.module }, at, true);
        }
        return;
      }
      // Which element isn't told: any of them.
      const outer = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target) ? target : null;
      if (!outer) return;
      target = unwrap(outer.expression);
    }
  }

  /** Something that a function or a block has under a name of its own. */
  #changeBound(binding: Binding, module: SourceModule, at: Place): void {
    if (!ts.isParameter(binding)) {
      const from = ts.isVariableDeclaration(binding) ? sourceOf(binding) : null;
      if (from) this.#change({ node: iterated(from), module }, at, true);
      return;
    }
    if (this.#parameters.has(binding)) return;
    this.#parameters.add(binding);
    const fn = binding.parent;
    // `list.forEach((item) => { … })`.
    let inner: ts.Node = fn;
    while (ts.isParenthesizedExpression(inner.parent)) inner = inner.parent;
    const { parent } = inner;
    if (!ts.isCallExpression(parent) || parent.expression === inner) return;
    const callee = unwrap(parent.expression);
    if (ts.isPropertyAccessExpression(callee)) this.#change({ node: iterated(callee.expression), module }, at, true);
  }

  #followParameters(call: Passed["call"], module: SourceModule): void {
    const value = this.#evaluator.evaluate({ node: call.expression, module });
    if (value.kind !== "function") return;
    value.node.parameters.forEach((parameter, index) => {
      if (!this.#parameters.has(parameter)) return;
      const given = call.arguments?.slice(index, parameter.dotDotDotToken ? undefined : index + 1) ?? [];
      for (const argument of given) this.#changeGiven(argument, call, module);
    });
  }

  #changeArguments(call: Passed["call"], module: SourceModule): void {
    for (const argument of call.arguments ?? []) this.#changeGiven(argument, call, module);
  }

  #changeGiven(argument: ts.Expression, call: Passed["call"], module: SourceModule): void {
    const given = ts.isSpreadElement(argument) ? argument.expression : argument;
    this.#change({ node: given, module }, { node: call, module }, true);
  }

  /** Whether a call leads to code that isn't read here, and that isn't the platform's or this library's. */
  #isForeign({ expression }: Passed["call"], module: SourceModule): boolean {
    const callee = unwrap(expression);
    const root = rootOf(callee);
    if (!ts.isIdentifier(root)) return false;
    if (ts.isPropertyAccessExpression(callee) && READING.has(callee.name.text)) return false;
    if (!bindingOf(root) && !this.#modules.meaning(module, root.text)) return false;
    // `speech.audio.all({ skipFailed: true })` is the library's.
    if (ts.isPropertyAccessExpression(callee) && this.#isPort(callee.expression, module)) return false;
    const value = this.#evaluator.evaluate({ node: callee, module });
    if (value.kind === "package") return !value.specifier.startsWith("node:");
    return value.kind === "unknown" && value.cause.kind !== "too-deep";
  }

  #isPort(node: ts.Expression, module: SourceModule): boolean {
    return this.#evaluator.evaluate({ node, module }).kind === "port";
  }

  #mark(value: Located, at: Place, deep: boolean): void {
    const waiting: Located[] = [value];
    const seen = new Set<ts.Node>();
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node, module } = next;
      if (seen.has(node)) continue;
      seen.add(node);
      if (!this.#mutated.has(node)) this.#mutated.set(node, at);
      if (!deep) continue;
      for (const child of childrenOf(node)) {
        const inner = ts.isPropertyAssignment(child)
          ? child.initializer
          : ts.isShorthandPropertyAssignment(child)
            ? child.name
            : ts.isSpreadAssignment(child) || ts.isSpreadElement(child)
              ? child.expression
              : child;
        const held = this.#evaluator.evaluate({ node: inner, module });
        if (held.kind === "object" || held.kind === "array") waiting.push(held);
      }
    }
  }
}

/** Methods that only look at what they are given. */
const READING: ReadonlySet<string> = new Set(
  "at concat each every filter find findIndex findLast flat flatMap forEach includes indexOf join keys map reduce slice some values with".split(
    " ",
  ),
);

/** `list` in `Object.values(list)` and `list.entries()`. */
function iterated(node: ts.Expression): ts.Expression {
  const call = unwrap(node);
  if (!ts.isCallExpression(call)) return call;
  const callee = unwrap(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return call;
  const [first] = call.arguments;
  const ofObject = ts.isIdentifier(callee.expression) && ["Object", "Array"].includes(callee.expression.text);
  return iterated(ofObject && first ? first : callee.expression);
}

/** What a local variable is made from: its initialiser, or what the loop goes through. */
function sourceOf(declaration: ts.VariableDeclaration): ts.Expression | null {
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return loop.expression;
  return declaration.initializer ?? null;
}
