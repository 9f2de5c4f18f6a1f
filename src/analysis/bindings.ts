import { ts } from "ts-morph";
import { mutationsIn, rootOf } from "./code/mutations.js";

/** A name that one module-level statement introduces. The same object for as long as the statement stays untouched. */
export type Declaration =
  | VariableBinding
  | { readonly kind: "function"; readonly name: string; readonly node: ts.FunctionDeclaration }
  | { readonly kind: "class"; readonly name: string; readonly node: ts.ClassDeclaration }
  | { readonly kind: "enum"; readonly name: string; readonly node: ts.EnumDeclaration }
  | { readonly kind: "type"; readonly name: string; readonly node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration }
  | ImportBinding;

export interface VariableBinding {
  readonly kind: "variable";
  readonly name: string;
  readonly node: ts.VariableDeclaration;
  /** The keys that a destructuring pattern takes from the initialiser; `null` for a pattern that text doesn't tell. */
  readonly path: readonly string[] | null;
  readonly constant: boolean;
}

export interface ImportBinding {
  readonly kind: "import";
  readonly name: string;
  readonly node: ts.ImportSpecifier | ts.ImportClause | ts.NamespaceImport | ts.ImportEqualsDeclaration;
  readonly specifier: string;
  /** The name in the other module; `*` for the whole of it. */
  readonly imported: string;
}

/** What a module gives away under a name: one of its own, somebody else's, or an expression (`export default …`). */
export type Export =
  | { readonly name: string; readonly node: ts.Node; readonly local: string }
  | { readonly name: string; readonly node: ts.Node; readonly specifier: string; readonly imported: string }
  | { readonly name: string; readonly node: ts.Node; readonly expression: ts.Expression };

/** Another module named in an import or export statement. */
export interface ModuleReference {
  readonly specifier: string;
  readonly node: ts.Expression;
  readonly typeOnly: boolean;
  /** `import "./setup.js"`: for what it does, not for what it gives. */
  readonly bare: boolean;
}

export interface StatementBindings {
  readonly values: readonly Declaration[];
  readonly types: readonly Declaration[];
  readonly exports: readonly Export[];
  /** `export * from`. */
  readonly stars: readonly string[];
  readonly references: readonly ModuleReference[];
  /** It is there for what it does: it declares and imports nothing, or changes something while it declares. */
  readonly effect: boolean;
}

const known = new WeakMap<ts.Statement, StatementBindings>();

/** What a module-level statement declares, imports and exports. */
export function bindingsOf(statement: ts.Statement): StatementBindings {
  let bindings = known.get(statement);
  if (!bindings) known.set(statement, (bindings = read(statement)));
  return bindings;
}

const NONE: StatementBindings = { values: [], types: [], exports: [], stars: [], references: [], effect: false };

function read(statement: ts.Statement): StatementBindings {
  if (ts.isVariableStatement(statement)) return readVariables(statement);
  if (ts.isImportDeclaration(statement)) return readImport(statement);
  if (ts.isImportEqualsDeclaration(statement)) return readImportEquals(statement);
  if (ts.isExportDeclaration(statement)) return readExport(statement);
  if (ts.isExportAssignment(statement)) {
    if (statement.isExportEquals) return NONE;
    return { ...NONE, exports: [{ name: "default", node: statement, expression: statement.expression }] };
  }
  if (ts.isFunctionDeclaration(statement)) return readNamed(statement, "function", false);
  if (ts.isClassDeclaration(statement)) return readNamed(statement, "class", true);
  if (ts.isEnumDeclaration(statement)) return readNamed(statement, "enum", true);
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
    const name = statement.name.text;
    const exports = exported(statement) ? [{ name: exportedName(statement, name), node: statement, local: name }] : [];
    return { ...NONE, types: [{ kind: "type", name, node: statement }], exports };
  }
  return { ...NONE, effect: !ts.isEmptyStatement(statement) && !ambient(statement) };
}

function readVariables(statement: ts.VariableStatement): StatementBindings {
  const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
  const values: VariableBinding[] = [];
  for (const node of statement.declarationList.declarations) collect(node.name, node, []);
  const exports = exported(statement) ? values.map(({ name, node }) => ({ name, node, local: name })) : [];
  // `const total = (table.size = 3)` declares something and does something.
  const effect = mutationsIn(statement).some(
    (mutation) => mutation.kind === "change" && mutation.loading && ts.isIdentifier(rootOf(mutation.target)),
  );
  return { ...NONE, values, exports, effect };

  function collect(name: ts.BindingName, node: ts.VariableDeclaration, path: readonly string[] | null) {
    if (ts.isIdentifier(name)) {
      values.push({ kind: "variable", name: name.text, node, path, constant });
      return;
    }
    name.elements.forEach((element, index) => {
      if (ts.isOmittedExpression(element)) return;
      collect(element.name, node, path && stepInto(element, index, path));
    });
  }
}

function stepInto(element: ts.BindingElement, index: number, path: readonly string[]): readonly string[] | null {
  if (element.dotDotDotToken || element.initializer) return null;
  if (ts.isArrayBindingPattern(element.parent)) return [...path, String(index)];
  const key = element.propertyName ?? element.name;
  return ts.isIdentifier(key) || ts.isStringLiteral(key) ? [...path, key.text] : null;
}

function readNamed(
  node: ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration,
  kind: "function" | "class" | "enum",
  alsoType: boolean,
): StatementBindings {
  if (ambient(node)) return NONE;
  // `export default function () {}` has no name; "default" cannot clash with one, for it is a reserved word.
  const name = node.name?.text ?? "default";
  // The kind and the node's class were paired by the caller.
  const declaration = { kind, name, node } as Declaration;
  const exports = exported(node) ? [{ name: exportedName(node, name), node, local: name }] : [];
  return { ...NONE, values: [declaration], types: alsoType ? [declaration] : [], exports };
}

function readImport(statement: ts.ImportDeclaration): StatementBindings {
  if (!ts.isStringLiteral(statement.moduleSpecifier)) return NONE;
  const specifier = statement.moduleSpecifier.text;
  const clause = statement.importClause;
  const bindings: ImportBinding[] = [];
  const erased: ImportBinding[] = [];
  const add = (node: ImportBinding["node"], name: string, imported: string, typeOnly: boolean) =>
    (typeOnly ? erased : bindings).push({ kind: "import", name, node, specifier, imported });
  const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (clause?.name) add(clause, clause.name.text, "default", typeOnly);
  const named = clause?.namedBindings;
  if (named && ts.isNamespaceImport(named)) add(named, named.name.text, "*", typeOnly);
  if (named && ts.isNamedImports(named)) {
    for (const element of named.elements) {
      add(element, element.name.text, (element.propertyName ?? element.name).text, typeOnly || element.isTypeOnly);
    }
  }
  const reference = { specifier, node: statement.moduleSpecifier, bare: !clause };
  const onlyTypes = typeOnly || (bindings.length === 0 && erased.length > 0);
  return {
    ...NONE,
    values: bindings,
    types: [...bindings, ...erased],
    references: [{ ...reference, typeOnly: onlyTypes }],
  };
}

/** `import tools = require("./tools.cjs")`. */
function readImportEquals(node: ts.ImportEqualsDeclaration): StatementBindings {
  const { moduleReference, isTypeOnly: typeOnly } = node;
  if (!ts.isExternalModuleReference(moduleReference) || !ts.isStringLiteral(moduleReference.expression)) return NONE;
  const { expression } = moduleReference;
  const binding: ImportBinding = {
    kind: "import",
    name: node.name.text,
    node,
    specifier: expression.text,
    imported: "*",
  };
  return {
    ...NONE,
    values: typeOnly ? [] : [binding],
    types: [binding],
    references: [{ specifier: expression.text, node: expression, typeOnly, bare: false }],
  };
}

function readExport(statement: ts.ExportDeclaration): StatementBindings {
  const from =
    statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier : undefined;
  const references = from
    ? [{ specifier: from.text, node: from, typeOnly: statement.isTypeOnly, bare: false }]
    : NONE.references;
  const clause = statement.exportClause;
  if (!clause) return { ...NONE, references, stars: from ? [from.text] : [] };
  if (ts.isNamespaceExport(clause)) {
    const exports = from ? [{ name: clause.name.text, node: clause, specifier: from.text, imported: "*" }] : [];
    return { ...NONE, references, exports };
  }
  const exports = clause.elements.map((element): Export => {
    const source = (element.propertyName ?? element.name).text;
    const entry = { name: element.name.text, node: element };
    return from ? { ...entry, specifier: from.text, imported: source } : { ...entry, local: source };
  });
  return { ...NONE, references, exports };
}

function modifierFlags(node: ts.Statement): ts.ModifierFlags {
  if (!ts.canHaveModifiers(node)) return ts.ModifierFlags.None;
  // Statements with modifiers are declarations.
  return ts.getCombinedModifierFlags(node as unknown as ts.Declaration);
}

function exported(node: ts.Statement): boolean {
  return (modifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function exportedName(node: ts.Statement, name: string): string {
  return (modifierFlags(node) & ts.ModifierFlags.Default) !== 0 ? "default" : name;
}

/** `declare …`: erased, like a type. */
function ambient(node: ts.Statement): boolean {
  return (modifierFlags(node) & ts.ModifierFlags.Ambient) !== 0;
}
