import { ts } from "ts-morph";
import { message } from "../diagnostics.js";
import type { Finding } from "../finding.js";
import type { Rule } from "./rule.js";

/** The members of the node classes, which a port of the same name can't be reached past. */
const MEMBERS: ReadonlySet<string> = new Set(["port"]);

/** A port that is called like a member of its node is only reached as `.port("name")`. */
export const portNameCollision: Rule = ({ nodes, edges }) => {
  const declared = nodes.flatMap(({ reading }): Finding[] =>
    reading.outputs.ports
      .filter(({ name }) => MEMBERS.has(name))
      .map(({ name, nameAt }) => ({ ...message("port-name-collision", name, null), at: nameAt })),
  );
  const used = edges.flatMap(({ port, output }): Finding[] => {
    const { node, module } = port.portAt;
    if (port.byCall || !output || !MEMBERS.has(port.port)) return [];
    const called = port.nodeAt.node.getText(port.nodeAt.module.source);
    const fix = {
      title: `Take \`${called}.port("${port.port}")\``,
      edits: [{ at: { module, node }, newText: `port("${port.port}")` }],
    };
    const fixes = ts.isIdentifier(node) ? [fix] : undefined;
    return [{ ...message("port-name-collision", port.port, called), at: port.portAt, ...(fixes && { fixes }) }];
  });
  return [...declared, ...used];
};
