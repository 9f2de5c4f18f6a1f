import { ts } from "ts-morph";
import { unwrap } from "../site.js";
import { walk } from "./walk.js";

/** A place where code may change an object or an array that it didn't make there. */
export type Mutation =
  /** `made.push(x)`, `options.lines = 3`, `delete inputs.x`: what `target` stands for is changed. */
  | { readonly kind: "change"; readonly target: ts.Expression; readonly at: ts.Expression; readonly loading: boolean }
  /** `fill(made)`: whether it is changed depends on what is called. */
  | {
      readonly kind: "pass";
      readonly call: ts.CallExpression | ts.NewExpression;
      /** Whether it happens while the module loads, rather than within a function. */
      readonly loading: boolean;
    };

const known = new WeakMap<ts.Statement, readonly Mutation[]>();

/** What a module-level statement, and every function in it, may change. */
export function mutationsIn(statement: ts.Statement): readonly Mutation[] {
  let mutations = known.get(statement);
  if (!mutations) known.set(statement, (mutations = find(statement)));
  return mutations;
}

function find(statement: ts.Statement): Mutation[] {
  const found: Mutation[] = [];
  const place = { loading: true };
  const within = { loading: false };
  walk(statement, place, (node, { loading }) => {
    const change = (target: ts.Expression, at: ts.Expression) => found.push({ kind: "change", target, at, loading });
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      for (const target of assigned(node.left)) change(target, node);
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const counts = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
      if (counts) for (const target of assigned(node.operand)) change(target, node);
    } else if (ts.isDeleteExpression(node)) {
      for (const target of assigned(node.expression)) change(target, node);
    } else if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && ts.isExpression(node.initializer)) {
      for (const target of assigned(node.initializer)) change(target, node.initializer);
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const targets = ts.isCallExpression(node) ? changedByCall(node) : [];
      for (const target of targets) change(target, node);
      if (targets.length === 0 && node.arguments && node.arguments.length > 0) {
        found.push({ kind: "pass", call: node, loading });
      }
    }
    return ts.isFunctionLike(node) ? within : { loading };
  });
  return found;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** What an assignment changes: `options` in `options.lines = 3`, and in `[options.lines] = [3]`. */
function assigned(left: ts.Expression): ts.Expression[] {
  const plain = unwrap(left);
  if (ts.isPropertyAccessExpression(plain) || ts.isElementAccessExpression(plain)) return [plain.expression];
  if (!ts.isArrayLiteralExpression(plain) && !ts.isObjectLiteralExpression(plain)) return [];
  const found: ts.Expression[] = [];
  walk(plain, found, (node) => {
    if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return found;
    found.push(node.expression);
    return null;
  });
  return found;
}

/** What a chain of members starts from: `options` in `options.inputs.text`. */
export function rootOf(node: ts.Expression): ts.Expression {
  let root = unwrap(node);
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = unwrap(root.expression);
  return root;
}

/** What a call of the platform's changes. */
function changedByCall({ expression, arguments: [first] }: ts.CallExpression): ts.Expression[] {
  const called = member(expression);
  if (!called) return [];
  if (MUTATING.has(called.name)) return [called.of];
  if (!first) return [];
  if (called.name === "call" || called.name === "apply") {
    const borrowed = member(called.of);
    return borrowed && MUTATING.has(borrowed.name) ? [first] : [];
  }
  const platform = ts.isIdentifier(called.of) ? MUTATING_FIRST.get(called.of.text) : undefined;
  return platform?.includes(called.name) ? [first] : [];
}

function member(expression: ts.Expression): { readonly of: ts.Expression; readonly name: string } | null {
  const node = unwrap(expression);
  if (ts.isPropertyAccessExpression(node)) return { of: unwrap(node.expression), name: node.name.text };
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteralLike(node.argumentExpression)) return null;
  return { of: unwrap(node.expression), name: node.argumentExpression.text };
}

const MUTATING: ReadonlySet<string> = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
]);

/** Functions that change their first argument. */
const MUTATING_FIRST: ReadonlyMap<string, readonly string[]> = new Map([
  ["Object", ["assign", "defineProperty", "defineProperties", "setPrototypeOf"]],
  ["Reflect", ["set", "defineProperty", "deleteProperty", "setPrototypeOf"]],
]);
