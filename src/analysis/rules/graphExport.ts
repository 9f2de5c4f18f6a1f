import type { Finding, Fix } from "../finding.js";
import { message } from "../diagnostics.js";
import type { Workflow } from "../workflow.js";
import type { Rule } from "./rule.js";

/** A workflow file default-exports one graph. */
export const graphExport: Rule = (workflow) => [...missing(workflow), ...surplus(workflow)];

function missing({ found, entry }: Workflow): Finding[] {
  if (found.site) return [];
  if (found.exported) {
    return [{ ...message("no-graph", "other-default"), at: { module: entry, node: found.exported } }];
  }
  const [made] = found.others;
  if (!made) return [{ ...message("no-graph", "nothing"), at: { module: entry, node: entry.source, at: "start" } }];
  const variable = made.holder.kind === "variable" ? made.holder.name : null;
  const at = { module: entry, node: made.expression };
  const last = entry.source.statements.at(-1) ?? entry.source;
  const fix: Fix = {
    title: "Export the graph",
    edits: [
      variable === null
        ? { at: { ...at, at: "start" }, newText: "export default " }
        : { at: { module: entry, node: last, at: "end" }, newText: `\n\nexport default ${variable};` },
    ],
  };
  return [{ ...message("no-graph", { graph: variable }), at, fixes: [fix] }];
}

function surplus({ found, entry }: Workflow): Finding[] {
  const first = found.site;
  const related = first && [
    { message: "This graph is the default export.", at: { module: first.module, node: first.expression } },
  ];
  // Without a default export, the first one is what `no-graph` is about.
  const others = first || found.exported ? found.others : found.others.slice(1);
  const graphs = others.map(({ module, expression }) => ({
    ...message("several-graphs", "graphs"),
    at: { module, node: expression },
    ...(related && { related }),
  }));
  const defaults = found.furtherDefaults.map((node) => ({
    ...message("several-graphs", "defaults"),
    at: { module: entry, node },
  }));
  return [...graphs, ...defaults];
}
