/**
 * One folder a case in `test/fixtures`: `input.daggr.ts` (and what it imports) in, `graph.json` (what `daggr graph --json`
 * prints) and `diagnostics.json` (with related places and fixes) out. `UPDATE=1` writes what analysis says now: read it.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import prettier from "prettier";
import { describe, expect, it } from "vitest";
import { DIAGNOSTICS, WorkflowAnalysis, graphJson } from "../../../src/analysis/index.js";
import type { AppSchema } from "../../../src/model/appSchema.js";
import type { Diagnostic } from "../../../src/model/diagnostic.js";
import type { ModelInfo } from "../../../src/model/modelInfo.js";
import type { SourceRange } from "../../../src/model/source.js";
import { diskReader } from "./sources.js";

const folder = fileURLToPath(new URL("../../fixtures", import.meta.url));
const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && existsSync(join(folder, entry.name, "input.daggr.ts")) ? [entry.name] : [],
);

describe("fixtures", () => {
  it.each(cases)("%s", async (name) => {
    const { graph, diagnostics } = analyse(name);
    const withoutFolder = (file: string) => relative(join(folder, name), file);
    const json = graphJson(graph, diagnostics);
    const printed = {
      ...json,
      diagnostics: json.diagnostics.map((each) => ({ ...each, file: withoutFolder(each.file) })),
    };
    await expectFile(join(folder, name, "graph.json"), printed);
    await expectFile(
      join(folder, name, "diagnostics.json"),
      diagnostics.map((diagnostic) => shorten(diagnostic, withoutFolder)),
    );
  });

  it("show every diagnostic of the catalogue", () => {
    const shown = new Set(cases.flatMap((name) => analyse(name).diagnostics.map(({ code }) => code)));
    // The one thing that a fixture cannot be is missing.
    expect(Object.keys(DIAGNOSTICS).filter((code) => !shown.has(code))).toEqual(["missing-file"]);
  });
});

function analyse(name: string) {
  // What is known of the apps, by Space.
  const known = join(folder, name, "apps.json");
  const apps = new Map<string, AppSchema>(
    existsSync(known) ? Object.entries(JSON.parse(readFileSync(known, "utf8")) as Record<string, AppSchema>) : [],
  );
  // And of the models, by id.
  const described = join(folder, name, "models.json");
  const models = new Map<string, ModelInfo>(
    existsSync(described)
      ? Object.entries(JSON.parse(readFileSync(described, "utf8")) as Record<string, ModelInfo>)
      : [],
  );
  const reader = { ...diskReader, app: (space: string) => apps.get(space), model: (id: string) => models.get(id) };
  return new WorkflowAnalysis(join(folder, name, "input.daggr.ts"), reader).analyse();
}

function shorten({ code, severity, message, range, related, fixes }: Diagnostic, name: (file: string) => string) {
  const at = ({ file, start, end }: SourceRange) =>
    `${name(file)} ${start.line}:${start.column}-${end.line}:${end.column}`;
  return {
    at: at(range),
    code,
    severity,
    message,
    ...(related && { related: related.map((place) => `${at(place.range)} ${place.message}`) }),
    ...(fixes && {
      fixes: fixes.map(({ title, edits }) => ({
        title,
        edits: edits.map((edit) => `${at(edit.range)} ${JSON.stringify(edit.newText)}`),
      })),
    }),
  };
}

async function expectFile(path: string, value: unknown): Promise<void> {
  if (process.env.UPDATE) {
    writeFileSync(path, await prettier.format(JSON.stringify(value), { parser: "json", printWidth: 120 }));
  }
  expect(value).toEqual(JSON.parse(readFileSync(path, "utf8")));
}
