import { ts } from "ts-morph";
import type { SourceModule } from "./sourceModule.js";

/** One call of a construct of `"daggr"`: `new FnNode(…)`, `choice([…])`, `gr.Textbox(…)`. One object per expression. */
export interface Site {
  readonly construct: string;
  readonly expression: ts.NewExpression | ts.CallExpression;
  readonly module: SourceModule;
  /** What holds the made object, as far as text tells. */
  readonly holder: Holder;
}

export type Holder =
  /** A module-level variable. */
  | { readonly kind: "variable"; readonly name: string; readonly nameNode: ts.Identifier }
  /** A property or element inside a module-level variable's literal, by its path from the variable on. */
  | { readonly kind: "member"; readonly path: readonly string[]; readonly nameNode: ts.Node | null }
  /** Written in place, inside another construct or the default export. */
  | { readonly kind: "none" };

const known = new WeakMap<ts.Node, Site>();

export function siteOf(
  construct: string,
  expression: ts.NewExpression | ts.CallExpression,
  module: SourceModule,
): Site {
  let site = known.get(expression);
  if (site?.construct !== construct || site.module !== module) {
    known.set(expression, (site = { construct, expression, module, holder: holderOf(expression) }));
  }
  return site;
}

function holderOf(expression: ts.Expression): Holder {
  const path: string[] = [];
  let nameNode: ts.Node | null = null;
  let node: ts.Node = expression;
  for (;;) {
    const parent = node.parent;
    if (transparent(parent)) {
      node = parent;
    } else if (ts.isPropertyAssignment(parent)) {
      path.unshift(propertyText(parent.name));
      nameNode ??= parent.name;
      node = parent.parent;
    } else if (ts.isArrayLiteralExpression(parent)) {
      path.unshift(String(parent.elements.indexOf(node as ts.Expression))); // it is one of them
      node = parent;
    } else if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
      if (!ts.isSourceFile(parent.parent.parent.parent)) return { kind: "none" };
      const variable = parent.name;
      if (path.length === 0) return { kind: "variable", name: variable.text, nameNode: variable };
      return { kind: "member", path: [variable.text, ...path], nameNode };
    } else {
      return { kind: "none" };
    }
  }
}

function propertyText(name: ts.PropertyName): string {
  return ts.isComputedPropertyName(name) ? name.expression.getText() : name.text;
}

/** Syntax that gives what it holds, unchanged. */
export function transparent(
  node: ts.Node,
): node is ts.ParenthesizedExpression | ts.AsExpression | ts.SatisfiesExpression | ts.NonNullExpression {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isNonNullExpression(node)
  );
}

export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node;
  while (transparent(inner)) inner = inner.expression;
  return inner;
}
