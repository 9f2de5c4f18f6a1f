/** How each export of `"daggr"` that makes something is called; `gr.*` components apart. */
export const CONSTRUCTS: Readonly<Record<string, "new" | "call">> = {
  Graph: "new",
  GradioNode: "new",
  FnNode: "new",
  InferenceNode: "new",
  InputNode: "new",
  ApproveNode: "new",
  ChooseOneNode: "new",
  choice: "call",
  itemList: "call",
};

const NOT_NODES: ReadonlySet<string> = new Set(["Graph", "itemList"]);

/** Whether a construct makes a node, rather than the graph, an item list or a component. */
export function makesNode(construct: string): boolean {
  return Object.hasOwn(CONSTRUCTS, construct) && !NOT_NODES.has(construct);
}
