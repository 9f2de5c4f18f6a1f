/**
 * An entry of its own in the build, because it holds the TypeScript compiler: loaded only when a file isn't in the cache.
 */
import { basename } from "node:path";
import ts from "@ts-morph/common/dist/typescript.js";
import type { Transpiled } from "./transpile.js";

const options: ts.CompilerOptions = {
  // Low enough that decorators are compiled, high enough that top-level await, classes and generators stay as written.
  target: ts.ScriptTarget.ES2022,
  jsx: ts.JsxEmit.ReactJSX,
  isolatedModules: true,
  sourceMap: true,
};

/** Turns one TypeScript file into JavaScript, with an inline source map that is exact to the column. */
export function transpile(path: string, text: string): Transpiled {
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      ...options,
      module: path.endsWith(".cts") ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
    },
  });
  const error = diagnostics?.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (error) {
    const { line, character } = ts.getLineAndCharacterOfPosition(
      error.file ?? ts.createSourceFile(path, text, ts.ScriptTarget.Latest),
      error.start ?? 0,
    );
    const message = ts.flattenDiagnosticMessageText(error.messageText, " ");
    return { ok: false, error: { message, line: line + 1, column: character + 1 } };
  }
  const map = Buffer.from(sourceMapOf(path, sourceMapText ?? "")).toString("base64");
  const code = outputText.replace(/\n?\/\/# sourceMappingURL=[^\n]*\s*$/, "");
  return { ok: true, code: `${code}\n//# sourceMappingURL=data:application/json;base64,${map}\n` };
}

/** The source is named relative to the module's own address, which is the file's: both are the same file to a debugger. */
function sourceMapOf(path: string, text: string): string {
  const map = JSON.parse(text) as { sources: string[]; sourceRoot?: string }; // as the compiler writes it
  delete map.sourceRoot;
  return JSON.stringify({ ...map, sources: [encodeURIComponent(basename(path))] });
}
