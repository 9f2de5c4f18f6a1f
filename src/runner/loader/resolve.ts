import { statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** JavaScript extension as imported → the TypeScript extensions that it may stand for, as the compiler looks them up. */
const written: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

const added = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"] as const;

/**
 * Finds the file that a relative, absolute or `file:` specifier means in TypeScript: `./other.js` may be `other.ts`, `./other` may be
 * `other.ts` or `other/index.ts`.
 *
 * @returns the file's address, or `undefined` to leave it to Node: packages, built-ins, files that aren't there
 */
export function resolveLocal(specifier: string, parent: string | undefined): string | undefined {
  if (isBuiltin(specifier) || !/^(\.{1,2}(\/|$)|\/|file:)/.test(specifier)) return undefined;
  if (parent?.includes("/node_modules/") || (parent !== undefined && !parent.startsWith("file:"))) return undefined;
  const url = parseUrl(specifier, parent);
  if (!url) return undefined;
  const { search } = url;
  const path = fileURLToPath(url);
  for (const candidate of candidates(path)) {
    if (isFile(candidate)) return `${pathToFileURL(candidate).href}${search}`;
  }
  return undefined;
}

function* candidates(path: string): Generator<string> {
  const extension = /\.[cm]?jsx?$/.exec(path)?.[0];
  if (extension !== undefined) {
    for (const other of written[extension] ?? []) yield path.slice(0, -extension.length) + other;
  }
  yield path;
  for (const other of added) yield path + other;
  for (const other of added) yield `${path.replace(/[/\\]$/, "")}/index${other}`;
}

function parseUrl(specifier: string, parent: string | undefined): URL | undefined {
  try {
    return new URL(specifier, parent);
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
