import { ts } from "ts-morph";

/** Syntax that is gone once types are stripped, so that it makes no difference to what runs. */
export function erased(node: ts.Node): boolean {
  // By far the most frequent.
  if (node.kind === ts.SyntaxKind.Identifier || ts.isExpressionWithTypeArguments(node)) return false;
  if (ts.isTypeNode(node) || ts.isTypeParameterDeclaration(node)) return true;
  switch (node.kind) {
    case ts.SyntaxKind.InterfaceDeclaration:
    case ts.SyntaxKind.TypeAliasDeclaration:
    case ts.SyntaxKind.IndexSignature:
      return true;
    case ts.SyntaxKind.QuestionToken:
    case ts.SyntaxKind.ExclamationToken:
      return true;
    case ts.SyntaxKind.ExportKeyword:
    case ts.SyntaxKind.DefaultKeyword:
      // Who may use a declaration makes no difference to what it does.
      return true;
    case ts.SyntaxKind.ReadonlyKeyword:
    case ts.SyntaxKind.AbstractKeyword:
    case ts.SyntaxKind.OverrideKeyword:
      // `readonly` and `override` on a constructor's parameter make a property; `private` and `public` count anyway.
      return !ts.isParameter(node.parent);
    case ts.SyntaxKind.HeritageClause:
      return (node as ts.HeritageClause).token === ts.SyntaxKind.ImplementsKeyword;
    case ts.SyntaxKind.FunctionDeclaration:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.Constructor:
      // An overload.
      return (node as ts.FunctionLikeDeclaration).body === undefined;
    case ts.SyntaxKind.Parameter: {
      const { name } = node as ts.ParameterDeclaration;
      return ts.isIdentifier(name) && name.text === "this";
    }
    default:
      return (
        ts.canHaveModifiers(node) && (node.modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword) ?? false)
      );
  }
}

/** Type syntax around an expression, which alone is left when types are stripped. */
export function stripped(node: ts.Node): ts.Node {
  let inner = node;
  while (
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner) ||
    ts.isNonNullExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
