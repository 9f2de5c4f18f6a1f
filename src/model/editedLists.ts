import type { ItemListSpec } from "./component.js";
import type { Graph, NodeId, OutputPort } from "./graph.js";
import type { StoredValue } from "./value.js";

/**
 * The name under which a sheet keeps what somebody has made of a list that a node gave: kept and sent like what was typed into a
 * control. It holds for that list alone, so that edits never stand in for another one; where the node gives the same list again, or
 * an earlier result is selected, they are there again.
 *
 * @param digest - of the list as the node gave it, as in `StoredValue`.
 */
export function editControl(node: NodeId, port: string, digest: string): string {
  return `${node}.${port} @${digest.slice(0, 16)}`;
}

const EDIT = /^(.+) @[0-9a-f]{16}$/s;

/** A list that can be edited. */
export interface EditedList {
  readonly node: NodeId;
  readonly port: string;
  readonly spec: ItemListSpec;
}

/** The list that a control of {@link editControl} is about; `null`: it is about none of the graph's. */
export function editedList(graph: Graph, control: string): EditedList | null {
  const name = EDIT.exec(control)?.[1];
  if (name === undefined) return null;
  for (const node of graph.nodes) {
    const port = node.outputs.find((output) => `${node.id}.${output.name}` === name);
    if (isEditable(port)) return { node: node.id, port: port.name, spec: port.spec };
  }
  return null;
}

/**
 * What was made of the lists that a port has given, whichever those were.
 *
 * @param values - what a sheet holds, by control.
 */
export function editsOf(
  values: Readonly<Record<string, StoredValue>>,
  node: NodeId,
  port: string,
): [string, StoredValue][] {
  const prefix = `${node}.${port} @`;
  return Object.entries(values).filter(([control]) => control.startsWith(prefix) && EDIT.test(control));
}

/** Whether the items of a port can be edited on the card before what follows runs. */
export function isEditable(port: OutputPort | undefined): port is OutputPort & { readonly spec: ItemListSpec } {
  return port?.spec?.component === "ItemList" && port.control === undefined;
}
