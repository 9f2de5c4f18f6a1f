/** `--variant NODE=NAME`: which alternative of a choice runs, in place of what the sheet selects. */
import { findNode, type Graph, type NodeId } from "../model/graph.js";
import { success, type Result } from "../model/outcome.js";
import { variantControl } from "../model/variants.js";
import { misuse, type Refusal } from "./context.js";
import { findNamedNode, suggestion } from "./givenInputs.js";

/**
 * The values by control, as a run request takes them.
 * @param written each as `NODE=NAME`; NAME is an alternative's id, or its name as cards show it
 */
export function givenVariants(graph: Graph, written: readonly string[]): Result<Record<string, NodeId>, Refusal> {
  const values: Record<string, NodeId> = {};
  for (const text of written) {
    const [, id, name] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (id === undefined || name === undefined) return misuse(`--variant ${text}: write it as NODE=NAME.`);
    const node = findNamedNode(graph, id);
    if (!node.ok) return misuse(`--variant: ${node.failure.message}`);
    const { target } = node.value;
    if (target.kind !== "choice") return misuse(`--variant: \`${id}\` is no choice, so it has no alternatives.`);
    const { variants } = target;
    const variant =
      variants.find((each) => each === name) ?? variants.find((each) => findNode(graph, each)?.name === name);
    if (variant === undefined)
      return misuse(
        `--variant: \`${id}\` has no alternative \`${name}\`.${suggestion(name, variants, "Its alternatives are")}`,
      );
    const control = variantControl(id);
    if (Object.hasOwn(values, control) && values[control] !== variant)
      return misuse(
        `--variant: \`${id}\` is one alternative at a time, not \`${values[control] ?? ""}\` and \`${variant}\`.`,
      );
    values[control] = variant;
  }
  return success(values);
}
