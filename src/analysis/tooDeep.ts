import { ts } from "ts-morph";

/** Steps into syntax, or from name to name, that are followed; what lies deeper counts as not known. */
export const DEEPEST = 200;

/** Expressions that one construct may be made of before the rest counts as not known: a few lines can stand for billions. */
export const MOST_STEPS = 50_000;

/** Text that is longer isn't put together. UTF-16 code units. */
export const LONGEST_TEXT = 1_000_000;

/** A stretch of text, in UTF-16 code units, and the name that is declared there. */
export interface DeepPlace {
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
}

interface Declared extends DeepPlace {
  deepest: number;
  tokens: number;
}

/**
 * Where a text that the parser can't follow for its depth is deepest: the module-level declaration with the most brackets in
 * one another, or the longest where brackets aren't what makes it deep.
 */
export function deepestDeclaration(text: string): DeepPlace {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  let depth = 0;
  let unnamed = false;
  let current: Declared = { name: null, start: 0, end: 0, deepest: 0, tokens: 0 };
  const all = [current];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const [start, end] = [scanner.getTokenStart(), scanner.getTokenEnd()];
    if (depth === 0 && DECLARING.has(kind)) {
      all.push((current = { name: null, start, end, deepest: 0, tokens: 0 }));
      unnamed = true;
    } else if (unnamed && kind === ts.SyntaxKind.Identifier) {
      Object.assign(current, { name: scanner.getTokenText(), start, end });
      unnamed = false;
    }
    if (OPENING.has(kind)) depth++;
    if (CLOSING.has(kind)) depth = Math.max(0, depth - 1);
    current.deepest = Math.max(current.deepest, depth);
    current.tokens++;
  }
  const bracketed = all.some(({ deepest }) => deepest > DEEPEST);
  const rank = ({ deepest, tokens }: Declared) => (bracketed ? deepest : tokens);
  return all.reduce((worst, each) => (rank(each) > rank(worst) ? each : worst));
}

const DECLARING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ConstKeyword,
  ts.SyntaxKind.LetKeyword,
  ts.SyntaxKind.VarKeyword,
  ts.SyntaxKind.FunctionKeyword,
  ts.SyntaxKind.ClassKeyword,
  ts.SyntaxKind.TypeKeyword,
  ts.SyntaxKind.InterfaceKeyword,
]);
const OPENING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.OpenBracketToken,
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.TemplateHead,
]);
const CLOSING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.TemplateTail,
]);

/** Whether a call went deeper than the stack is, as the compiler's parser does for a text that is nested too deeply. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}
