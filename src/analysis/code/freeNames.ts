import { ts } from "ts-morph";
import { erased } from "./erased.js";
import { type FileUse, fileUsed } from "./fileUse.js";
import { walk } from "./walk.js";

/** What a piece of code refers to outside of itself. */
export interface Reach {
  /** Names that it doesn't declare itself, in order of first use: of its module, or of the platform. */
  readonly names: readonly NameUse[];
  /** Modules that it imports while it runs: `import("./x.js")`, `require("./x.js")`. */
  readonly modules: readonly string[];
  /** Local files that it reads, or has run elsewhere. */
  readonly files: readonly FileUse[];
  /** Calls, and texts put together, that may name a file by what names stand for. */
  readonly places: readonly ts.Expression[];
  /** `load("./x.cjs")`: a module too, if `load` was made by `createRequire`. */
  readonly calls: readonly { readonly name: string; readonly specifier: string }[];
}

export interface NameUse {
  readonly name: string;
  /** `speak` in `tools.speak`, which of a whole module is the one thing that is used; `null` for the name alone. */
  readonly member: string | null;
}

/** A chain of the names declared around a place, innermost first. */
interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | null;
}

const OUTSIDE: Scope = { names: new Set(), outer: null };

export function reachOf(code: ts.Node): Reach {
  const names = new Map<string, NameUse>();
  const modules = new Set<string>();
  const files: FileUse[] = [];
  const places: ts.Expression[] = [];
  const calls: { name: string; specifier: string }[] = [];
  walk<Scope>(code, OUTSIDE, (wrapped, scope) => {
    if (erased(wrapped)) return null;
    const node = wrapped;
    if (ts.isIdentifier(node)) {
      if (isReference(node) && !declared(node.text, scope)) {
        const { parent } = node;
        const member = ts.isPropertyAccessExpression(parent) ? parent.name.text : null;
        names.set(`${node.text}.${member ?? ""}`, { name: node.text, member });
      }
      return null;
    }
    if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const imports =
        node.expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(node.expression) && node.expression.text === "require");
      if (argument && ts.isStringLiteralLike(argument)) {
        if (imports) modules.add(argument.text);
        else if (ts.isIdentifier(node.expression)) calls.push({ name: node.expression.text, specifier: argument.text });
      }
    }
    const file = fileUsed(node);
    if (file) files.push(file);
    else if (mayName(node)) places.push(node);
    const own = declaredBy(node);
    return own ? { names: own, outer: scope } : scope;
  });
  return { names: [...names.values()], modules: [...modules], files, places, calls };
}

function mayName(node: ts.Node): node is ts.Expression {
  if (ts.isTemplateExpression(node)) return true;
  if (ts.isBinaryExpression(node)) return node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return (ts.isCallExpression(node) || ts.isNewExpression(node)) && (node.arguments?.length ?? 0) > 0;
}

function declared(name: string, scope: Scope | null): boolean {
  for (let at = scope; at; at = at.outer) if (at.names.has(name)) return true;
  return false;
}

/** Whether an identifier stands for a value, rather than naming a property, a label or a declaration. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.initializer === node;
  }
  if (ts.isEnumMember(parent)) return parent.initializer === node;
  if (ts.isJsxAttribute(parent)) return false;
  if (ts.isJsxOpeningLikeElement(parent) || ts.isJsxClosingElement(parent)) return !/^[a-z]/.test(node.text);
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (
    ts.isFunctionLike(parent) ||
    ts.isClassLike(parent) ||
    ts.isEnumDeclaration(parent) ||
    ts.isModuleDeclaration(parent)
  ) {
    // Their name; an arrow function's body, though, may be a mere name.
    return ts.isArrowFunction(parent) && parent.body === node;
  }
  return !(
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent)
  );
}

/** The names that a node declares for what is inside it; `null` when it opens no scope. */
function declaredBy(node: ts.Node): ReadonlySet<string> | null {
  if (ts.isFunctionLike(node)) {
    const names = new Set<string>(["arguments"]);
    if (ts.isArrowFunction(node)) names.delete("arguments");
    if (ts.isFunctionExpression(node) && node.name) names.add(node.name.text);
    for (const parameter of node.parameters) addBindings(parameter.name, names);
    const body = "body" in node ? node.body : undefined;
    if (body && ts.isBlock(body)) addHoisted(body, names);
    return names;
  }
  if (ts.isBlock(node) || ts.isCaseBlock(node) || ts.isModuleBlock(node)) {
    const names = new Set<string>();
    const statements = ts.isCaseBlock(node)
      ? node.clauses.flatMap((clause) => [...clause.statements])
      : node.statements;
    for (const statement of statements) addLexical(statement, names);
    return names;
  }
  if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    const names = new Set<string>();
    const { initializer } = node;
    if (initializer && ts.isVariableDeclarationList(initializer)) addList(initializer, names);
    return names;
  }
  if (ts.isCatchClause(node) && node.variableDeclaration) {
    const names = new Set<string>();
    addBindings(node.variableDeclaration.name, names);
    return names;
  }
  if (ts.isClassLike(node) && node.name) return new Set([node.name.text]);
  if (ts.isClassStaticBlockDeclaration(node)) {
    const names = new Set<string>();
    addHoisted(node.body, names);
    return names;
  }
  if (ts.isEnumDeclaration(node)) {
    // Members may refer to each other by name.
    return new Set(node.members.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : [])));
  }
  return null;
}

function addLexical(statement: ts.Statement, names: Set<string>): void {
  if (ts.isVariableStatement(statement)) addList(statement.declarationList, names);
  else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) {
    if (statement.name) names.add(statement.name.text);
  }
}

/** `var` declarations anywhere in a function's body, but not in functions inside it. */
function addHoisted(body: ts.Node, names: Set<string>): void {
  walk(body, names, (node) => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return null;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) addList(node, names);
    return names;
  });
}

function addList(list: ts.VariableDeclarationList, names: Set<string>): void {
  for (const declaration of list.declarations) addBindings(declaration.name, names);
}

function addBindings(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) addBindings(element.name, names);
}
