import { posix } from "node:path";
import { ts } from "ts-morph";
import { unwrap } from "../site.js";
import { walk } from "./walk.js";

/** A local file that code names where it reads it, or has another thread or process run it. */
export interface FileUse {
  /** As written, with slashes: `./data.json`. */
  readonly path: string;
  /** What it is relative to: the module, or the folder that the program runs in. */
  readonly from: "module" | "workflow";
}

/**
 * The file that an expression names, as far as text tells: `new URL("./data.json", import.meta.url)`,
 * `import.meta.resolve("./worker.js")`, `join(import.meta.dirname, "data.json")`, `readFile("./data.json")`. Files that are
 * only written to don't count: they say nothing about what the code gives.
 */
export function fileUsed(node: ts.Node): FileUse | null {
  if (ts.isTemplateExpression(node)) return inTemplate(node);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return null;
  const name = calledName(node.expression);
  const [first, second] = node.arguments ?? [];
  if (name === null || !first) return null;
  const path = ts.isStringLiteralLike(first) ? first.text : null;
  if (path !== null && name === "URL") {
    return second && isOwnPlace(second) && !isOwnOutput(node) ? used(path, "module") : null;
  }
  if (path !== null && name === "resolve" && isMetaOrRequire(node.expression)) {
    return isRelative(path) ? used(path, "module") : null;
  }
  // What isn't one (the encoding that a file handle's `readFile` takes) is a file that isn't there, which counts by its name.
  if (path !== null && READERS.has(name)) return used(path, "workflow");
  if (isOwnPlace(first) && (name === "join" || name === "resolve") && !isOwnOutput(node)) {
    const parts = (node.arguments ?? []).slice(1);
    return parts.every(ts.isStringLiteralLike) ? used(parts.map(({ text }) => text).join("/"), "module") : null;
  }
  return null;
}

/** `${import.meta.dirname}/data.json`. */
function inTemplate(node: ts.TemplateExpression): FileUse | null {
  const [span, ...others] = node.templateSpans;
  if (!span || others.length > 0 || node.head.text !== "" || !isOwnPlace(span.expression)) return null;
  return span.literal.text.startsWith("/") && !isOwnOutput(node) ? used(`.${span.literal.text}`, "module") : null;
}

function used(path: string, from: FileUse["from"]): FileUse | null {
  const plain = path.replace(/[?#].*$/, "");
  if (plain === "" || /^[a-z][a-z0-9+.-]+:/i.test(plain) || plain.endsWith("/")) return null;
  return { path: plain.startsWith("/") ? plain : `./${posix.normalize(plain)}`, from };
}

function isRelative(path: string): boolean {
  return path.startsWith("./") || path.startsWith("../");
}

/** `import.meta.url`, `import.meta.dirname`, `__dirname`. */
function isOwnPlace(node: ts.Expression): boolean {
  const plain = unwrap(node);
  if (ts.isIdentifier(plain)) return plain.text === "__dirname" || plain.text === "__filename";
  return ts.isPropertyAccessExpression(plain) && ts.isMetaProperty(plain.expression);
}

/** The last name of what is called. */
export function calledName(callee: ts.Expression): string | null {
  const plain = unwrap(callee);
  if (ts.isIdentifier(plain)) return plain.text;
  return ts.isPropertyAccessExpression(plain) ? plain.name.text : null;
}

function isMetaOrRequire(callee: ts.Expression): boolean {
  const plain = unwrap(callee);
  if (!ts.isPropertyAccessExpression(plain)) return false;
  const owner = unwrap(plain.expression);
  return ts.isMetaProperty(owner) || (ts.isIdentifier(owner) && owner.text === "require");
}

/**
 * Whether a file is of the code's own making, and so nothing that its results depend on: its name is given to something that
 * writes it, or kept in a constant that is, and nothing reads from it. `return out` and the like say nothing either way.
 */
export function isOwnOutput(node: ts.Expression): boolean {
  if (isWritten(node)) return true;
  const { parent } = outermost(node);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  let known = ownOutputs.get(parent);
  if (known === undefined) ownOutputs.set(parent, (known = isWrittenAndNeverRead(parent, parent.name)));
  return known;
}

/** By the constants that hold names of files. */
const ownOutputs = new WeakMap<ts.VariableDeclaration, boolean>();

function isWrittenAndNeverRead(declaration: ts.VariableDeclaration, name: ts.Identifier): boolean {
  const statement = declaration.parent.parent;
  // Other modules may read from it.
  if (ts.canHaveModifiers(statement) && statement.modifiers?.length) return false;
  const uses: ts.Identifier[] = [];
  walk(statement.parent, {}, (node) => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name) uses.push(node);
    return {};
  });
  return uses.some(isWritten) && !uses.some(isRead);
}

function isRead(node: ts.Expression): boolean {
  const { parent } = outermost(node);
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
  const name = calledName(parent.expression) ?? "";
  return READERS.has(name) || LISTERS.test(name) || /^(?:copyFile|cp|rename|open)(?:Sync)?$/.test(name);
}

/** `fileURLToPath(new URL(…))` is the same file. */
function outermost(node: ts.Expression): ts.Node {
  let inner: ts.Node = node;
  while (ts.isParenthesizedExpression(inner.parent) || ts.isAsExpression(inner.parent)) inner = inner.parent;
  const isSame = ts.isCallExpression(inner.parent) && calledName(inner.parent.expression) === "fileURLToPath";
  return isSame ? inner.parent : inner;
}

/** Whether a file's name is given to something that writes or removes it. */
function isWritten(node: ts.Expression): boolean {
  const inner = outermost(node);
  const { parent } = inner;
  if (!ts.isCallExpression(parent)) return false;
  const name = calledName(parent.expression) ?? "";
  return MOVERS.test(name) ? parent.arguments[1] === inner : WRITERS.test(name);
}

/** What a call writes or removes; `null`: nothing, as far as its name tells. */
export function writtenBy({ expression, arguments: given }: ts.CallExpression): ts.Expression | null {
  const name = calledName(expression) ?? "";
  return (MOVERS.test(name) ? given[1] : WRITERS.test(name) ? given[0] : null) ?? null;
}

const MOVERS = /^(copyFile|cp|rename)(Sync)?$/;

/** Functions, Node's and those of its usual companions, that only write or remove what they are given. */
const WRITERS =
  /^(?:(?:write|append|output)File|createWriteStream|mkdir|mkdtemp|rm|rmdir|unlink|truncate|chmod|chown|utimes|ensure(?:Dir|File)|remove|emptyDir)(?:Sync)?$|^(?:write|touch)/;

/** Functions whose first argument is a file that they read or run. */
export const READERS: ReadonlySet<string> = new Set([
  "readFile",
  "readFileSync",
  "createReadStream",
  "openAsBlob",
  "fork",
  "Worker",
]);

/** Functions that give what is in a folder. */
export const LISTERS = /^(?:readdir|opendir)(?:Sync)?$/;
