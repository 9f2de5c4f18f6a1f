import type { NodeId } from "../../src/model/graph.js";
import type { RunRequest } from "../../src/model/plan.js";
import { rerunNode, runDownstream, runNode, runToHere } from "../../src/model/runRequest.js";

/** One entry of a card's run menu. */
export interface RunMode {
  readonly label: string;
  readonly explanation: string;
  readonly request: (node: NodeId) => RunRequest;
}

export const RUN_NODE: RunMode = {
  label: "Run node",
  explanation: "With the results shown upstream; makes those that are missing",
  request: runNode,
};

export const RUN_TO_HERE: RunMode = {
  label: "Run to here",
  explanation: "Brings everything it needs up to date first",
  request: runToHere,
};

/** In the order of the menu. `perItem`: for a node that runs once an item. */
export const runModes = (perItem: boolean): readonly RunMode[] => [
  RUN_NODE,
  perItem
    ? { label: "Run all items again", explanation: "Those that are fresh, too", request: rerunNode }
    : { label: "Rerun node", explanation: "Runs it even if nothing changed", request: rerunNode },
  RUN_TO_HERE,
  {
    label: "Run downstream",
    explanation: "This node and everything that depends on it",
    request: runDownstream,
  },
];
