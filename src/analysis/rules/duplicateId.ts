import { message } from "../diagnostics.js";
import { rangeOf } from "../place.js";
import type { WorkflowNode } from "../workflow.js";
import type { Rule } from "./rule.js";

/** Ids are unique: two variables of one name can only come from two modules. */
export const duplicateId: Rule = ({ nodes }) =>
  nodes.flatMap((node) => {
    if (!node.clash) return [];
    const other = placeOf(node.clash);
    const { file, start } = rangeOf(other);
    const where = `${file.split(/[\\/]/).at(-1) ?? file}, line ${start.line}`;
    const related = [{ message: `\`${node.called}\` is declared here too.`, at: other }];
    return [{ ...message("duplicate-id", node.called, where), at: placeOf(node), related }];
  });

function placeOf({ reading: { site } }: WorkflowNode) {
  const { holder, module, expression } = site;
  return { module, node: holder.kind === "variable" ? holder.nameNode : expression };
}
