import { chosenGraph } from "./chosenGraph.js";
import { editControl, isEditable } from "./editedLists.js";
import { findNode, type GraphNode, type NodeId } from "./graph.js";
import type { RunRequest } from "./plan.js";
import { controlsOn, nodesInReach } from "./reach.js";
import { cardOf } from "./variants.js";
import type { WorkflowState } from "./workflowState.js";

/** Why a run was not started: a control that it reads shows another value than the one that would be read. */
export interface Refusal {
  /** The card that the run was asked on; `null`: none of them. */
  readonly asked: NodeId | null;
  /** The card that the control is on. */
  readonly on: NodeId;
  readonly control: string;
  /** The control, what is wrong with it and what to do, in words. */
  readonly text: string;
}

/** What controls hold that cannot be sent, by control. */
export interface UnsentProblems {
  /** `problem`: why it can't, in a sentence. `undefined`: the control holds nothing of the kind. */
  get(control: string): { readonly problem: string } | undefined;
}

/** The first reason not to start a run; `null`: there is none. */
export function refusalOf(
  state: WorkflowState,
  request: RunRequest,
  unsent: UnsentProblems,
  asked: NodeId | null,
): Refusal | null {
  for (const node of nodesInReach(state, request)) {
    for (const { control, label, owner } of [...editedListsInto(state, node), ...controlsRead(node)]) {
      const input = unsent.get(control);
      if (!input) continue;
      const on = cardOf(owner);
      const where = asked === on ? label : `\`${owner.name}\` · ${label}`;
      return { asked, on, control, text: `${where}: ${sentence(input.problem)} Correct it or discard it, then run.` };
    }
  }
  return null;
}

interface ReadControl {
  readonly control: string;
  readonly label: string;
  /** The node that draws it. */
  readonly owner: GraphNode;
}

function controlsRead(node: GraphNode): ReadControl[] {
  return controlsOn(node).map((control) => ({ ...control, owner: node }));
}

/** The lists that a node takes and that can be edited on the cards of the nodes that gave them. */
function editedListsInto({ graph, sheet, nodes }: WorkflowState, { id }: GraphNode): ReadControl[] {
  if (!graph) return [];
  const chosen = chosenGraph(graph, sheet.values);
  return chosen.edges.flatMap(({ from, to }) => {
    if (to.node !== id) return [];
    const owner = findNode(chosen, from.node);
    const given = nodes[from.node]?.result?.outputs[from.port];
    if (!owner || !given || !isEditable(owner.outputs.find(({ name }) => name === from.port))) return [];
    return [{ control: editControl(owner.id, from.port, given.digest), label: from.port, owner }];
  });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
