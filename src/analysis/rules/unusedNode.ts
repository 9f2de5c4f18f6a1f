import { ts } from "ts-morph";
import { message } from "../diagnostics.js";
import { nodeSite } from "../evaluate.js";
import type { Finding } from "../finding.js";
import { unwrap } from "../site.js";
import type { Rule } from "./rule.js";

/** Nodes that a workflow file declares are part of its graph. */
export const unusedNode: Rule = ({ graph, nodes, entry, evaluate }) => {
  // What text doesn't tell of the list may well hold them.
  if (!graph || graph.roots.includes(null)) return [];
  const used = new Set(nodes.map(({ reading }) => reading.site));
  // Meant to be wired, but without a port: `node-without-port` says so.
  for (const { reading } of nodes) {
    for (const { source } of reading.inputs.ports) if (source.kind === "node") used.add(source.site);
  }
  return [...entry.values.values()].flatMap((declaration): Finding[] => {
    if (declaration.kind !== "variable" || !declaration.node.initializer) return [];
    const made = unwrap(declaration.node.initializer);
    if (!ts.isNewExpression(made) && !ts.isCallExpression(made)) return [];
    const site = nodeSite(evaluate({ node: made, module: entry }));
    if (!site || used.has(site)) return [];
    return [{ ...message("unused-node", declaration.name), at: { module: entry, node: declaration.node.name } }];
  });
};
