import { ts } from "ts-morph";
import { message } from "../diagnostics.js";
import type { Fix } from "../finding.js";
import type { Workflow } from "../workflow.js";
import type { Rule } from "./rule.js";

/** An input takes a port, not a whole node. */
export const nodeWithoutPort: Rule = ({ nodes, read }: Workflow) =>
  nodes.flatMap(({ reading }) =>
    reading.inputs.ports.flatMap(({ source, valueAt }) => {
      if (source.kind !== "node") return [];
      const node = valueAt.node.getText(valueAt.module.source);
      const ports = read(source.site).outputs.ports.map(({ name }) => name);
      const fixes = ports.map((port): Fix => {
        const shorthand = ts.isShorthandPropertyAssignment(valueAt.node.parent);
        const access =
          /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(port) && port !== "port"
            ? `.${port}`
            : `.port(${JSON.stringify(port)})`;
        const newText = shorthand ? `: ${node}${access}` : access;
        return { title: `Take \`${node}${access}\``, edits: [{ at: { ...valueAt, at: "end" }, newText }] };
      });
      return [{ ...message("node-without-port", node, ports), at: valueAt, ...(fixes.length > 0 && { fixes }) }];
    }),
  );
