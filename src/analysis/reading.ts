import { ts } from "ts-morph";
import type { Json } from "../model/json.js";
import { message } from "./diagnostics.js";
import { Evaluator, nodeSite } from "./evaluate.js";
import type { Finding } from "./finding.js";
import type { Modules } from "./modules.js";
import { type Place, excerpt } from "./place.js";
import { type Properties, propertiesOf } from "./properties.js";
import { type Located, type StaticValue, type UnknownValue, unknown } from "./staticValue.js";

/** A name that nothing declares, and where it is used. */
export interface UndeclaredName {
  readonly name: string;
  readonly at: Place;
}

/** One construct being read: what was found out on the way beside the result. */
export class Reading {
  readonly modules: Modules;
  readonly evaluator: Evaluator;
  readonly findings: Finding[] = [];
  readonly undeclaredNames: UndeclaredName[] = [];
  /** Literals whose contents are being listed, or made into JSON. */
  readonly #listing = new Set<ts.Node>();
  readonly #nesting = new Set<ts.Node>();
  /** False once something turned out not to be statically known. */
  complete = true;
  /** True once something that a node's result depends on, beside its code and its inputs' values, is not known. */
  untold = false;

  constructor(modules: Modules) {
    this.modules = modules;
    this.evaluator = new Evaluator(modules, ({ name, at, declaredAt }) => {
      if (this.findings.some((finding) => finding.at.node === at.node)) return;
      const related = [{ message: `\`${name}\` is declared here.`, at: declaredAt }];
      this.report({ ...message("early-use", name), at, related });
    });
  }

  report(finding: Finding): void {
    this.findings.push(finding);
  }

  evaluate(code: Located): StaticValue {
    return this.evaluator.evaluate(code);
  }

  /** The properties of an object literal; what is wrong with them is reported, what is unknown of them only when told so. */
  properties(object: Located<ts.ObjectLiteralExpression>, what: string): Properties {
    const properties = propertiesOf(this.evaluator, object);
    for (const { first, again } of properties.duplicates) {
      const related = [{ message: "It is given here first.", at: first.at }];
      this.report({ ...message("duplicate-key", again.name), at: again.nameAt, related });
    }
    for (const gap of properties.open) this.unknown(gap, what);
    return properties;
  }

  /** Something that the graph shows isn't known: `what`, and what to do about it. */
  unknown(value: UnknownValue, what: string, remedy = "Write it in place.", mild = false): void {
    this.complete = false;
    const { cause, at } = value;
    if (cause.kind === "undeclared") return this.undeclared(cause.name, at);
    if (cause.kind === "unresolved") return;
    if (cause.kind === "too-deep") return this.tooDeep(at);
    if (cause.kind === "no-member") return this.report({ ...message("unknown-node", cause.name, null), at });
    const advice =
      cause.kind === "variable"
        ? `Declare \`${cause.name}\` with \`const\`.`
        : cause.kind === "computed"
          ? "Write the key itself."
          : cause.kind === "mutated"
            ? "Say it all where it is declared, and don't change it afterwards."
            : remedy;
    this.report({ ...message("not-static", `${what} (\`${excerpt(at)}\`)`, advice, mild), at });
  }

  tooDeep(at: Place): void {
    this.complete = false;
    const declared = declarationAround(at.node);
    const place = declared ? { module: at.module, node: declared } : at;
    this.report({ ...message("too-deep", declared?.text ?? null, true), at: place });
  }

  /** Nothing is called so. What else may have been meant depends on the whole module, and is seen to by a rule. */
  undeclared(name: string, at: Place): void {
    this.undeclaredNames.push({ name, at });
  }

  /** The value as JSON, or `undefined` when it isn't known (then the reading is incomplete) or isn't JSON. */
  json(code: Located): Json | undefined {
    const value = this.evaluate(code);
    const json = this.#toJson(value, code);
    if (json === undefined && value.kind !== "function") this.complete = false;
    return json;
  }

  #toJson(value: StaticValue, code: Located): Json | undefined {
    switch (value.kind) {
      case "unknown":
        if (value.cause.kind === "too-deep") this.tooDeep(value.at);
        if (value.cause.kind === "mutated") this.unknown(value, "A value");
        return undefined;
      case "literal":
        return typeof value.value === "number" && !Number.isFinite(value.value) ? undefined : value.value;
      case "array":
      case "object": {
        const read = () => (value.kind === "array" ? this.#arrayToJson(value) : this.#objectToJson(value));
        const json = this.evaluator.deeper(value, () => ({ value: read() }), this.#nesting);
        if (!json) this.tooDeep(value);
        return json?.value;
      }
      case "port":
        this.#nested(code);
        return undefined;
      case "site":
        if (nodeSite(value)) this.#nested(code);
        return undefined;
      default:
        return undefined;
    }
  }

  #nested(code: Located): void {
    this.report({ ...message("nested-port", code.node.getText(code.module.source)), at: code });
  }

  #arrayToJson({ node, module }: Located<ts.ArrayLiteralExpression>): Json | undefined {
    const items: Json[] = [];
    let known = true;
    for (const element of node.elements) {
      const inner = { node: ts.isSpreadElement(element) ? element.expression : element, module };
      const item = this.#toJson(this.evaluate(inner), inner);
      if (item === undefined) known = false;
      else if (!ts.isSpreadElement(element)) items.push(item);
      else if (Array.isArray(item)) items.push(...(item as readonly Json[]));
      else known = false;
    }
    return known ? items : undefined;
  }

  #objectToJson(object: Located<ts.ObjectLiteralExpression>): Json | undefined {
    const { entries, open } = propertiesOf(this.evaluator, object);
    const result = Object.create(null) as Record<string, Json>; // keys may be called as any object's members are
    let known = open.length === 0;
    for (const { name, value } of entries.values()) {
      const inner = this.evaluate(value);
      if (inner.kind === "literal" && inner.value === undefined) continue;
      const json = this.#toJson(inner, value);
      if (json === undefined) known = false;
      else result[name] = json;
    }
    return known ? result : undefined;
  }

  /** The elements of an array literal, those of spread constants among them; `null` stands for what isn't known. */
  elements(list: Located<ts.ArrayLiteralExpression>): (Located | UnknownValue)[] {
    const { module } = list;
    const read = () =>
      list.node.elements.flatMap((element) => {
        if (!ts.isSpreadElement(element)) return [{ node: element, module }];
        const value = this.evaluate({ node: element.expression, module });
        if (value.kind === "array") return this.elements(value);
        if (value.kind === "unknown") {
          // A change is said where it is made.
          return [value.cause.kind === "mutated" ? value : { ...value, at: { module, node: element } }];
        }
        return [{ kind: "unknown", cause: { kind: "expression" }, at: { module, node: element } } as const];
      });
    return this.evaluator.deeper(list, read, this.#listing) ?? [unknown(list, { kind: "too-deep" })];
  }
}

/** The name of the innermost declaration that something stands in. */
function declarationAround(inside: ts.Node): ts.Identifier | null {
  for (let node = inside; !ts.isSourceFile(node); node = node.parent) {
    if ((ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node)) && node.name && ts.isIdentifier(node.name)) {
      return node.name;
    }
  }
  return null;
}
