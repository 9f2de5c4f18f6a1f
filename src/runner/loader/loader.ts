import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { resolveLocal } from "./resolve.js";
import { TranspileCache } from "./transpile.js";

/** A TypeScript file that doesn't parse. */
export class TypeScriptSyntaxError extends SyntaxError {
  constructor(
    message: string,
    readonly path: string,
    /** From 1. */
    readonly line: number,
    /** From 1, in UTF-16 code units. */
    readonly column: number,
  ) {
    super(message);
    this.name = "SyntaxError";
  }
}

export interface Loader {
  /** @throws whatever the module, or one that it imports, throws; {@link TypeScriptSyntaxError} */
  import(file: string): Promise<Readonly<Record<string, unknown>>>;
  /** The local files loaded so far, absolute path → SHA-256 of the text. Those of packages aren't among them. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Teaches this process to import TypeScript. Stacks and debuggers see the files as they were written. Once per process.
 *
 * @param cache folder for transpiled files, see {@link TranspileCache}
 * @param sdk address of the module that `"daggr"` stands for; the folder above its own is the product's
 */
export function createLoader(cache: string, sdk: string): Loader {
  const transpiled = new TranspileCache(cache);
  const product = new URL("..", sdk).href;
  const files = new Map<string, string>();

  const read = (url: string) => {
    const path = fileURLToPath(url);
    const text = readFileSync(path, "utf8");
    if (!/[/\\]node_modules[/\\]/.test(path)) files.set(path, createHash("sha256").update(text).digest("hex"));
    return { path, text };
  };

  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === "daggr") return { url: sdk, format: "module", shortCircuit: true };
      // Symbolic links aren't followed: stacks and breakpoints name the file as the editor has it open.
      const url = resolveLocal(specifier, context.parentURL);
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
    load(url, context, next) {
      const { protocol, pathname } = new URL(url);
      if (protocol !== "file:") return next(url, context);
      const extension = /\.(?:([cm])?tsx?|json)$/.exec(pathname);
      if (!extension) {
        // The product itself isn't what the workflow is made of.
        if (!url.startsWith(product) && /\.[cm]?jsx?$/.test(pathname)) read(url);
        return next(url, context);
      }
      if (extension[0] === ".json") {
        const json = read(url);
        // TypeScript imports JSON without the attribute that Node asks for.
        if (!context.conditions.includes("import") || context.importAttributes.type !== undefined) {
          return next(url, context);
        }
        return { format: "module", source: jsonModule(json), shortCircuit: true };
      }
      const { path, text } = read(url);
      const made = transpiled.transpile(path, text);
      if (!made.ok) throw new TypeScriptSyntaxError(made.error.message, path, made.error.line, made.error.column);
      // Whatever the nearest package.json says, workflow files are ES modules.
      return { format: extension[1] === "c" ? "commonjs" : "module", source: made.code, shortCircuit: true };
    },
  });

  return {
    files,
    import: async (file) => {
      // A namespace object has exactly this shape.
      return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    },
  };
}

function jsonModule({ path, text }: { path: string; text: string }): string {
  const data: unknown = parseJson(path, text);
  const names =
    typeof data === "object" && data !== null && !Array.isArray(data)
      ? Object.keys(data).filter((key) => key !== "default" && /^[A-Za-z_$][\w$]*$/.test(key))
      : [];
  // Exported under an alias, so that a key may be a reserved word.
  const named = names.map((name, i) => `const _${i} = data[${JSON.stringify(name)}]; export { _${i} as ${name} };`);
  return [`const data = ${JSON.stringify(data)};`, "export default data;", ...named].join("\n");
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new SyntaxError(`${basename(path)} is not valid JSON: ${(error as Error).message}`, { cause: error }); // JSON.parse throws SyntaxErrors only
  }
}
