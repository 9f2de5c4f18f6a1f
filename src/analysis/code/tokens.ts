import { ts } from "ts-morph";
import { erased, stripped } from "./erased.js";
import { childrenOf } from "./walk.js";

/**
 * What a piece of code says, regardless of how it is laid out: its syntax tree in order, with the text of every name,
 * literal, template, pattern and JSX text, and the operators and keywords between them. Comments, white space, types,
 * optional semicolons and trailing commas, and the choice of quotes leave it as it is; anything else changes it.
 */
export function tokensOf(code: ts.Node, source: ts.SourceFile): string {
  const tokens: string[] = [];
  const { text } = source;
  // What is left to be done, the next last: no recursion, for syntax may be deeper than the stack.
  const waiting: (() => void)[] = [() => visit(code)];
  for (let next = waiting.pop(); next; next = waiting.pop()) next();
  return tokens.join("\n");

  function visit(wrapped: ts.Node): void {
    const node = stripped(wrapped);
    if (erased(node)) return;
    const start = node.getStart(source);
    if (ts.isStringLiteral(node)) {
      tokens.push(JSON.stringify(node.text));
      return;
    }
    // By name, for the numbers differ from one TypeScript to the next.
    tokens.push(`(${ts.SyntaxKind[node.kind]}`);
    let at = start;
    const steps = childrenOf(node).map((child) => {
      const from = at;
      at = child.end;
      return () => {
        between(from, child.getFullStart(), node);
        waiting.push(() => visit(child));
      };
    });
    const inside = at;
    waiting.push(() => {
      if (isVerbatim(node)) tokens.push(verbatim(node, text.slice(start, node.end)));
      else between(inside, node.end, node);
      tokens.push(")");
    });
    for (const step of steps.reverse()) waiting.push(step);
  }

  /** Operators and keywords that are no nodes of their own. */
  function between(start: number, end: number, parent: ts.Node): void {
    if (end <= start) return;
    scanner.setText(text, start, end - start);
    for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
      if (!PUNCTUATION.has(kind) || (kind === ts.SyntaxKind.SemicolonToken && ts.isForStatement(parent))) {
        tokens.push(scanner.getTokenText());
      }
    }
  }
}

const scanner = ts.createScanner(ts.ScriptTarget.Latest, true);

/** Leaves whose text counts to the letter; what the scanner would make of it without its surroundings is something else. */
function isVerbatim(node: ts.Node): boolean {
  return (
    ts.isIdentifier(node) ||
    ts.isPrivateIdentifier(node) ||
    ts.isLiteralExpression(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isJsxText(node)
  );
}

/** Line ends are what the language makes of them, whatever the file has, and never those between two tokens. */
function verbatim(node: ts.Node, text: string): string {
  return ts.isIdentifier(node) ? text : JSON.stringify(text.replace(/\r\n?/g, "\n"));
}

/** What the tree's shape already says. */
const PUNCTUATION: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CommaToken,
  ts.SyntaxKind.SemicolonToken,
  ts.SyntaxKind.ColonToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.ImplementsKeyword,
]);
