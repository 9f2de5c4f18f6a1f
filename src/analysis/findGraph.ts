import { ts } from "ts-morph";
import type { Reading } from "./reading.js";
import { type Site, unwrap } from "./site.js";
import type { SourceModule } from "./sourceModule.js";
import type { StaticValue } from "./staticValue.js";

export interface FoundGraph {
  /** The default-exported graph. */
  readonly site: Site | null;
  /** What is exported as default, `null` when nothing is. */
  readonly exported: ts.Node | null;
  /** Graphs of the file that are not the default export. */
  readonly others: readonly Site[];
  /** Default exports after the first. */
  readonly furtherDefaults: readonly ts.Node[];
}

/** Looks for the graph that a workflow file gives away. */
export function findGraph(entry: SourceModule, reading: Reading): FoundGraph {
  const { modules } = reading;
  const value = exportedValue(entry, reading);
  const site = value?.kind === "site" && value.site.construct === "Graph" ? value.site : null;
  const others: Site[] = [];
  const defaults: ts.Node[] = [];
  for (const statement of entry.source.statements) {
    if (ts.isExportAssignment(statement) && !statement.isExportEquals) defaults.push(statement);
    for (const expression of madeHere(statement)) {
      const made = unwrap(expression);
      if (!ts.isNewExpression(made)) continue;
      // Of several default exports, the further ones are said as such.
      if (ts.isExportAssignment(statement)) continue;
      const graph = reading.evaluate({ node: made, module: entry });
      if (graph.kind === "site" && graph.site.construct === "Graph" && graph.site !== site) others.push(graph.site);
    }
  }
  const exported = modules.tracker.export(entry, "default")?.node ?? null;
  return { site, exported, others, furtherDefaults: defaults.slice(1) };
}

function exportedValue(entry: SourceModule, reading: Reading): StaticValue | null {
  const meaning = reading.modules.exported(entry, "default");
  return meaning && reading.evaluator.valueOf(meaning, { module: entry, node: entry.source });
}

/** Expressions that a module-level statement evaluates for what they give. */
function madeHere(statement: ts.Statement): readonly ts.Expression[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ initializer }) => (initializer ? [initializer] : []));
  }
  if (ts.isExpressionStatement(statement) || ts.isExportAssignment(statement)) return [statement.expression];
  return [];
}
