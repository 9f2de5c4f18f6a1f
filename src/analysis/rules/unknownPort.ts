import { ts } from "ts-morph";
import { message } from "../diagnostics.js";
import type { Finding } from "../finding.js";
import type { Place } from "../place.js";
import { nearest, renameFix } from "../suggestion.js";
import type { WorkflowEdge } from "../workflow.js";
import type { Rule } from "./rule.js";

/** Edges start at ports that their node has, and take fields that its items have. */
export const unknownPort: Rule = ({ edges }) => edges.flatMap((edge) => checkPort(edge) ?? checkField(edge) ?? []);

function checkPort({ from, port, output }: WorkflowEdge): Finding | null {
  if (output || from.open) return null;
  const names = from.outputs.map(({ name }) => name);
  const meant = nearest(port.port, names);
  const fixes = meant === null ? undefined : [renameFix(meant, port.portAt, spelt(meant, port.portAt))];
  return { ...message("unknown-port", from.called, port.port, names, meant), at: port.portAt, ...(fixes && { fixes }) };
}

function checkField({ port, output, from }: WorkflowEdge): Finding | null {
  const { field, fieldAt } = port;
  if (field === undefined || !fieldAt || !output) return null;
  const written = `${from.called}.${port.port}`;
  if (output.spec?.kind !== "item-list") {
    // `.each.field` of any list of objects is fine; without `each`, only an item list has fields.
    if (!port.short) return null;
    // Only after a plain member does `.each` fit right behind the name.
    const fixes = ts.isIdentifier(port.portAt.node)
      ? [{ title: "Take the field of each item", edits: [{ at: port.portAt, newText: `${port.port}.each` }] }]
      : undefined;
    return { ...message("unknown-field", written, field, null, null), at: fieldAt, ...(fixes && { fixes }) };
  }
  const fields = Object.keys(output.spec.fields);
  if (fields.includes(field)) return null;
  const meant = nearest(field, fields);
  const fixes = meant === null ? undefined : [renameFix(meant, fieldAt, spelt(meant, fieldAt))];
  return { ...message("unknown-field", written, field, fields, meant), at: fieldAt, ...(fixes && { fixes }) };
}

/** A name as it must be written where another stands: quoted in an element access. */
function spelt(name: string, { node }: Place): string {
  return ts.isStringLiteralLike(node) ? JSON.stringify(name) : name;
}
