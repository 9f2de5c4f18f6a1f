import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

/** What the type checker says of a text that stands in this folder. */
function complaints(text: string): string[] {
  const name = join(import.meta.dirname, "typed.daggr.ts");
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    types: ["node"],
    paths: { daggr: [join(root, "src/sdk/index.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (file) => file === name || disk.fileExists(file);
  host.getSourceFile = (file, ...how) =>
    file === name ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2023) : disk.getSourceFile(file, ...how);
  const program = ts.createProgram([name], options, host);
  const source = program.getSourceFile(name);
  return program
    .getSemanticDiagnostics(source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test("an output that doesn't fit is told in terms of the values that its component takes", { timeout: 60_000 }, () => {
  const [image, spans, ...others] = complaints(`import { FnNode, gr } from "daggr";
new FnNode(() => [{ a: 1 }], { outputs: { picture: gr.Image() } });
new FnNode(() => ({ spans: [[true]], size: 1 }), { outputs: { spans: gr.HighlightedText(), size: gr.Number() } });
`);
  expect(image).toMatch(/'\{ a: number; \}\[\]' is not assignable to type 'FilePath'/);
  expect(spans).toMatch(/'boolean' is not assignable to type 'string \| number/);
  for (const message of [image, spans]) expect(message).not.toMatch(/ItemList|Shows|fields/);
  expect(others).toEqual([]);
});
