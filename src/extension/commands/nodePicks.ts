import { withoutLogin } from "../../model/appAddress.js";
import type { GraphNode, NodeId } from "../../model/graph.js";
import { unreachable } from "../../model/unreachable.js";
import type { WorkflowState } from "../../model/workflowState.js";
import { isRunnable, nodeStatus } from "../editor/status.js";

/** An entry of the list in which a node is chosen. */
export interface NodePick {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly node: NodeId;
}

/** The nodes that can be run, the one at the cursor first, then as the graph has them. */
export function nodePicks(state: WorkflowState, atCursor: NodeId | null, now: number): NodePick[] {
  const nodes = (state.graph?.nodes ?? []).filter(isRunnable);
  const sorted = [...nodes.filter(({ id }) => id === atCursor), ...nodes.filter(({ id }) => id !== atCursor)];
  return sorted.map((node) => ({
    label: node.id,
    description: nodeStatus(state, node.id, now).text,
    detail: [node.name === node.id ? "" : node.name, targetText(node)].filter(Boolean).join(" · "),
    node: node.id,
  }));
}

function targetText({ target }: GraphNode): string {
  switch (target.kind) {
    case "gradio":
      return `${withoutLogin(target.space)} ${target.apiName}`;
    case "fn":
      return target.functionName === null ? "function" : `${target.functionName}()`;
    case "inference":
      return target.model;
    case "choice":
      return `one of ${target.variants.join(", ")}`;
    case "input":
    case "approve":
    case "choose-one":
      return target.kind;
    default:
      return unreachable(target);
  }
}
