import { ts } from "ts-morph";
import type { GraphNode } from "../model/graph.js";
import { statementOf } from "./place.js";
import type { NodeReading } from "./readers/reader.js";
import { type Site, unwrap } from "./site.js";
import type { Located } from "./staticValue.js";
import type { Workflow } from "./workflow.js";

/** Whether text tells all the code that a node runs. */
export function isKnown({ code, inputs }: GraphNode): boolean {
  return code !== undefined && inputs.every(({ source }) => source.kind !== "callable" || source.code !== undefined);
}

/**
 * The module-level statements that do nothing but make nodes of which everything is known, their controls, or the graph: what
 * they say is in the graph, and no other node runs any of it.
 *
 * @param nodes the workflow's, in the same order
 */
export function wholeNodes({ graph, nodes }: Workflow, known: readonly GraphNode[]): Set<ts.Node> {
  const made = new Set<ts.Node>();
  const unknown = new Set<ts.Node>();
  for (const [index, { reading }] of nodes.entries()) {
    const node = known[index];
    const whole = reading.complete && !reading.untold && node !== undefined && isKnown(node);
    if (!whole) unknown.add(statementOf(reading.site.expression));
    else for (const { expression } of [reading.site, ...components(reading)]) made.add(expression);
  }
  if (graph && (!graph.roots.includes(null) || listOf(graph.site))) made.add(graph.site.expression);
  const statements = new Set([...made].map(statementOf));
  return new Set([...statements].filter((statement) => !unknown.has(statement) && holdsOnly(statement, made)));
}

/** What the graph lists of which only the program tells which nodes it is. */
export function unnamedNodes({ graph }: Workflow): Located[] {
  const list = graph?.roots.includes(null) ? listOf(graph.site) : null;
  return graph && list
    ? list.elements.flatMap((node) => (ts.isIdentifier(node) ? [] : [{ node, module: graph.site.module }]))
    : [];
}

/** The list of nodes, where it is written in place. */
function listOf({ expression }: Site): ts.ArrayLiteralExpression | null {
  const [options] = expression.arguments ?? [];
  if (!options || !ts.isObjectLiteralExpression(options)) return null;
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== "nodes") continue;
    const list = unwrap(property.initializer);
    return ts.isArrayLiteralExpression(list) ? list : null;
  }
  return null;
}

function components({ inputs, outputs }: NodeReading): Site[] {
  return [
    ...inputs.ports.flatMap(({ source }) => (source.kind === "component" ? source.component.site : [])),
    ...outputs.ports.flatMap(({ spec }) => (spec ? spec.site : [])),
  ];
}

function holdsOnly(statement: ts.Node, made: ReadonlySet<ts.Node>): boolean {
  const holds = (expression: ts.Expression): boolean => {
    const node = unwrap(expression);
    if (made.has(node)) return true;
    if (ts.isArrayLiteralExpression(node)) return node.elements.every(holds);
    return (
      ts.isObjectLiteralExpression(node) &&
      node.properties.every((property) => ts.isPropertyAssignment(property) && holds(property.initializer))
    );
  };
  if (ts.isExportAssignment(statement)) return holds(statement.expression);
  return (
    ts.isVariableStatement(statement) &&
    statement.declarationList.declarations.every(({ initializer }) => initializer !== undefined && holds(initializer))
  );
}
