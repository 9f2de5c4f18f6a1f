import { ts } from "ts-morph";
import { CONSTRUCTS, makesNode } from "./constructs.js";
import type { Meaning, Modules } from "./modules.js";
import type { Place } from "./place.js";
import { findProperty } from "./properties.js";
import { type Site, siteOf, unwrap } from "./site.js";
import type { SourceModule } from "./sourceModule.js";
import { DEEPEST, LONGEST_TEXT, MOST_STEPS } from "./tooDeep.js";
import { type Located, type PortValue, type StaticValue, literal, unknown } from "./staticValue.js";

/** A name of the same module that is read before the statement that gives it a value. */
export interface EarlyUse {
  readonly name: string;
  readonly at: Place;
  readonly declaredAt: Place;
}

/** Follows expressions to what they are known to be without running anything. */
export class Evaluator {
  readonly modules: Modules;
  readonly #onEarlyUse: (use: EarlyUse) => void;
  /** Initialisers being followed: a constant that leads back to itself is unknown. */
  readonly #following = new Set<ts.Node>();
  /** Object literals whose properties are being read. */
  readonly spreading = new Set<ts.Node>();
  #depth = 0;
  #steps = 0;

  constructor(modules: Modules, onEarlyUse: (use: EarlyUse) => void) {
    this.modules = modules;
    this.#onEarlyUse = onEarlyUse;
  }

  evaluate(code: Located): StaticValue {
    const value = this.deeper(code, () => this.#evaluate(code)) ?? unknown(code, { kind: "too-deep" });
    if (value.kind !== "object" && value.kind !== "array") return value;
    const change = this.modules.mutated.get(value.node);
    return change ? unknown(change, { kind: "mutated" }) : value;
  }

  /**
   * One step further into a value. `null` when that is further than is followed.
   *
   * @param within what is being gone into already: a literal that contains itself has no end
   */
  deeper<T>(code: Located, read: () => T, within?: Set<ts.Node>): T | null {
    if (this.#depth >= DEEPEST || this.#steps >= MOST_STEPS || within?.has(code.node)) return null;
    this.#depth++;
    this.#steps++;
    within?.add(code.node);
    try {
      return read();
    } finally {
      this.#depth--;
      within?.delete(code.node);
    }
  }

  #evaluate({ node, module }: Located): StaticValue {
    if (ts.isMethodDeclaration(node)) {
      return { kind: "function", name: ts.isIdentifier(node.name) ? node.name.text : null, node, module };
    }
    if (ts.isAccessor(node)) return unknown({ module, node }, { kind: "accessor" });
    if (!ts.isExpression(node)) return unknown({ module, node });
    return this.#expression(unwrap(node), module);
  }

  #expression(node: ts.Expression, module: SourceModule): StaticValue {
    const here: Place = { module, node };
    if (ts.isStringLiteralLike(node)) return literal(node.text);
    if (ts.isNumericLiteral(node)) return literal(Number(node.text));
    switch (node.kind) {
      case ts.SyntaxKind.TrueKeyword:
        return literal(true);
      case ts.SyntaxKind.FalseKeyword:
        return literal(false);
      case ts.SyntaxKind.NullKeyword:
        return literal(null);
      default:
    }
    if (ts.isObjectLiteralExpression(node)) return { kind: "object", node, module };
    if (ts.isArrayLiteralExpression(node)) return { kind: "array", node, module };
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      return { kind: "function", name: node.name?.text ?? null, node, module };
    }
    if (ts.isIdentifier(node)) return this.#identifier(node, module);
    if (ts.isPropertyAccessExpression(node)) {
      const base = this.evaluate({ node: node.expression, module });
      return this.member(base, node.name.text, { module, node: node.name }, { module, node: node.expression });
    }
    if (ts.isElementAccessExpression(node)) {
      const key = this.#key(node.argumentExpression, module);
      if (key === null) return unknown(here, { kind: "computed" });
      const base = this.evaluate({ node: node.expression, module });
      return this.member(base, key, { module, node: node.argumentExpression }, { module, node: node.expression });
    }
    if (ts.isTemplateExpression(node)) return this.#template(node, module);
    if (ts.isPrefixUnaryExpression(node)) return this.#unary(node, module);
    if (ts.isBinaryExpression(node)) return this.#sum(node, module);
    if (ts.isNewExpression(node)) {
      const callee = this.evaluate({ node: node.expression, module });
      return callee.kind === "construct" && CONSTRUCTS[callee.name] === "new"
        ? { kind: "site", site: siteOf(callee.name, node, module) }
        : unknown(here);
    }
    if (ts.isCallExpression(node)) return this.#call(node, module);
    return unknown(here);
  }

  #identifier(node: ts.Identifier, module: SourceModule): StaticValue {
    if (node.text === "undefined") return literal(undefined);
    const here: Place = { module, node };
    const meaning = this.modules.meaning(module, node.text);
    if (meaning?.kind === "declaration" && meaning.module === module) this.#checkOrder(node, meaning);
    if (meaning) return this.valueOf(meaning, here);
    // What the platform provides is a plain value for all that matters here.
    return unknown(
      here,
      node.text in globalThis || PLATFORM.has(node.text) ? undefined : { kind: "undeclared", name: node.text },
    );
  }

  /** What a name that was looked up stands for; `here` is where it is used. */
  valueOf(meaning: Meaning, here: Place): StaticValue {
    switch (meaning.kind) {
      case "declaration":
        return this.#declared(meaning, here);
      case "expression":
        return this.#follow(meaning.expression, meaning.module, here);
      case "module":
        return { kind: "module", module: meaning.module };
      case "package":
        if (meaning.specifier === "daggr") return { kind: "construct", name: meaning.name };
        return { kind: "package", specifier: meaning.specifier, name: meaning.name };
      case "common-js":
        return unknown(here);
      case "unresolved":
        return unknown(here, { kind: "unresolved" });
    }
  }

  #declared({ declaration, module }: Meaning & { kind: "declaration" }, here: Place): StaticValue {
    if (declaration.kind === "function") {
      return { kind: "function", name: declaration.node.name?.text ?? null, node: declaration.node, module };
    }
    if (declaration.kind !== "variable") return unknown(here);
    const { node, path, constant, name } = declaration;
    if (!constant) return unknown(here, { kind: "variable", name });
    if (!node.initializer || path === null) return unknown(here);
    let value = this.#follow(node.initializer, module, here);
    const at: Place = { module, node: node.name };
    for (const key of path) value = this.member(value, key, at, { module, node: node.initializer });
    if (value.kind === "function" && value.name === null && path.length === 0) return { ...value, name };
    return value;
  }

  #follow(node: ts.Expression, module: SourceModule, here: Place): StaticValue {
    if (this.#following.has(node)) return unknown(here);
    this.#following.add(node);
    const value = this.evaluate({ node, module });
    this.#following.delete(node);
    return value;
  }

  /** A member of a value, by a key that is known; `keyAt` is where the key is written, `baseAt` what it is taken from. */
  member(base: StaticValue, key: string, keyAt: Place, baseAt: Place): StaticValue {
    switch (base.kind) {
      case "construct":
        if (base.name === "*") return { kind: "construct", name: key };
        if (base.name === "gr") return { kind: "construct", name: `gr.${key}` };
        return unknown(keyAt);
      case "module": {
        const meaning = this.modules.exported(base.module, key);
        return meaning ? this.valueOf(meaning, keyAt) : unknown(keyAt, { kind: "no-member", name: key });
      }
      case "object":
        return findProperty(this, base, key, keyAt);
      case "array": {
        const element = base.node.elements[Number(key)];
        const spread = base.node.elements.some(ts.isSpreadElement);
        return element && !spread ? this.evaluate({ node: element, module: base.module }) : unknown(keyAt);
      }
      case "site":
        if (!nodeSite(base)) return unknown(keyAt);
        return { ...singlePort(base.site, key, keyAt, baseAt), byCall: false };
      case "port":
        return memberOfPort(base, key, keyAt);
      case "unknown":
        return base;
      default:
        return unknown(keyAt);
    }
  }

  #call(node: ts.CallExpression, module: SourceModule): StaticValue {
    const here: Place = { module, node };
    const callee = unwrap(node.expression);
    const [argument] = node.arguments;
    // What a method is taken from is evaluated once: a chain of calls would cost twice as much with every link.
    const method = ts.isPropertyAccessExpression(callee) ? callee : null;
    const base = method && this.evaluate({ node: method.expression, module });
    if (method && base) {
      const baseAt = { module, node: method.expression };
      const site = nodeSite(base);
      if (site && method.name.text === "port" && argument) {
        const key = this.#key(argument, module);
        if (key === null) return unknown(here, { kind: "computed" });
        return { ...singlePort(site, key, { module, node: argument }, baseAt), byCall: true };
      }
      if (base.kind === "port" && method.name.text === "all") return this.#gather(base, argument, module);
    }
    const target =
      method && base
        ? this.member(base, method.name.text, { module, node: method.name }, { module, node: method.expression })
        : this.evaluate({ node: callee, module });
    if (target.kind === "construct") {
      const component = target.name.startsWith("gr.");
      if (!component && CONSTRUCTS[target.name] !== "call") return unknown(here);
      return { kind: "site", site: siteOf(target.name, node, module) };
    }
    if (target.kind === "function") return unknown(here, { kind: "local-call", name: target.name ?? "the function" });
    if (target.kind === "unknown" && target.cause.kind !== "expression") return target;
    return argument && isFreeze(callee) ? this.evaluate({ node: argument, module }) : unknown(here);
  }

  #gather(base: PortValue, options: ts.Expression | undefined, module: SourceModule): StaticValue {
    const value = options && this.evaluate({ node: options, module });
    const skip =
      value?.kind === "object" ? findProperty(this, value, "skipFailed", { module, node: value.node }) : undefined;
    const skipFailed = skip?.kind === "literal" && skip.value === true;
    return { ...base, mode: "gather", ...(skipFailed && { skipFailed }) };
  }

  /** A key that text tells: a string or a number. */
  #key(node: ts.Expression, module: SourceModule): string | null {
    const value = this.evaluate({ node, module });
    if (value.kind !== "literal") return null;
    return typeof value.value === "string" || typeof value.value === "number" ? String(value.value) : null;
  }

  #template(node: ts.TemplateExpression, module: SourceModule): StaticValue {
    let result = node.head.text;
    for (const span of node.templateSpans) {
      const value = this.evaluate({ node: span.expression, module });
      if (value.kind !== "literal") return unknown({ module, node });
      result += String(value.value) + span.literal.text;
      if (result.length > LONGEST_TEXT) break;
    }
    return text(result, { module, node });
  }

  #unary(node: ts.PrefixUnaryExpression, module: SourceModule): StaticValue {
    const value = this.evaluate({ node: node.operand, module });
    if (value.kind === "literal" && typeof value.value === "number") {
      if (node.operator === ts.SyntaxKind.MinusToken) return literal(-value.value);
      if (node.operator === ts.SyntaxKind.PlusToken) return value;
    }
    return unknown({ module, node });
  }

  /** Strings put together with `+`, as long ones are: from the left, without recursion, for there may be thousands. */
  #sum(node: ts.BinaryExpression, module: SourceModule): StaticValue {
    const terms: ts.Expression[] = [];
    let first: ts.Expression = node;
    while (ts.isBinaryExpression(first) && first.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      terms.push(first.right);
      first = unwrap(first.left);
    }
    if (terms.length === 0) return unknown({ module, node });
    let sum = this.evaluate({ node: first, module });
    for (const term of terms.reverse()) {
      const value = this.evaluate({ node: term, module });
      if (sum.kind !== "literal" || value.kind !== "literal") sum = unknown({ module, node });
      else if (typeof sum.value === "string" || typeof value.value === "string") {
        sum = text(String(sum.value) + String(value.value), { module, node });
      } else sum = unknown({ module, node });
    }
    return sum;
  }

  #checkOrder(node: ts.Identifier, { declaration, module }: Meaning & { kind: "declaration" }): void {
    if (declaration.kind === "function" || declaration.kind === "type" || declaration.kind === "import") return;
    if (node.pos > declaration.node.pos) return;
    const declaredAt = { module, node: declaration.node.name ?? declaration.node };
    this.#onEarlyUse({ name: declaration.name, at: { module, node }, declaredAt });
  }
}

/** `Object.freeze`, which gives what it is given. */
function isFreeze(callee: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === "freeze" &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === "Object"
  );
}

function text(value: string, at: Place): StaticValue {
  return value.length > LONGEST_TEXT ? unknown(at, { kind: "too-deep" }) : literal(value);
}

/** Names of the platform that a workflow's process has and this one may not. */
const PLATFORM = new Set(["require", "module", "exports", "__dirname", "__filename", "window", "document"]);

/** The site of a value that is a node; `null` for anything else. */
export function nodeSite(value: StaticValue): Site | null {
  return value.kind === "site" && makesNode(value.site.construct) ? value.site : null;
}

function singlePort(site: PortValue["site"], port: string, portAt: Place, nodeAt: Place): Omit<PortValue, "byCall"> {
  return { kind: "port", site, port, portAt, nodeAt, mode: "single" };
}

function memberOfPort(port: PortValue, key: string, keyAt: Place): StaticValue {
  if (port.mode === "gather" || port.field !== undefined) return unknown(keyAt);
  if (port.mode === "single" && key === "each") return { ...port, mode: "scatter" };
  if (port.mode === "single" && key === "all") return unknown(keyAt);
  const short = port.mode === "single";
  return { ...port, mode: "scatter", field: key, fieldAt: keyAt, ...(short && { short }) };
}
