import type { Graph, NodeId } from "../model/graph.js";
import type { RunRequest } from "../model/plan.js";
import { pinsOf } from "../model/pins.js";
import type { ResultRecord } from "../model/result.js";
import { isFileRef, unescaped, type StoredValue, type Value } from "../model/value.js";
import { indexOf } from "../scheduler/graphIndex.js";
import { loadValue } from "../store/storedValue.js";
import type { WorkflowStore } from "../store/workflowStore.js";
import { LastingFiles } from "./lastingFiles.js";

/**
 * What a run was for: the outputs of its targets, or of the nodes that nothing else takes anything from; of those that are pinned,
 * what is pinned to them. Values whole, files as absolute paths that stay good when the store is closed; `null` for what is no longer there.
 */
export async function finishedOutputs(
  graph: Graph,
  { scope, targets }: RunRequest,
  results: ReadonlyMap<NodeId, ResultRecord>,
  pinned: readonly NodeId[],
  values: Readonly<Record<string, StoredValue>>,
  store: WorkflowStore,
): Promise<Record<NodeId, Record<string, Value>>> {
  const taken = new Set(graph.edges.map((edge) => edge.from.node));
  const given = new Map([...results].map(([node, result]) => [node, Object.entries(result.outputs)]));
  for (const node of graph.nodes) if (pinned.includes(node.id)) given.set(node.id, [...pinsOf(node, values)]);
  const wanted = ["to", "only", "step"].includes(scope)
    ? targets
    : [...given.keys()].filter((node) => !taken.has(node));
  const files = new LastingFiles(store, !store.readOnly && graph.persistKey !== false);
  const outputs: Record<NodeId, Record<string, Value>> = {};
  for (const node of wanted) {
    const made = given.get(node);
    if (!made) continue;
    const ports: Record<string, Value> = {};
    for (const [port, stored] of made) {
      const value = await loadValue(stored, store.blobs);
      ports[port] = value.ok ? unescaped(await withPaths(value.value, files)) : null;
    }
    // Who wires or asks for a choice knows it by its own name.
    const { variantOf, selected } = indexOf(graph).nodes.get(node) ?? {};
    outputs[selected && variantOf !== undefined ? variantOf : node] = ports;
  }
  return outputs;
}

async function withPaths(value: Value, files: LastingFiles): Promise<Value> {
  if (isFileRef(value)) return files.pathOf(value);
  // `isArray` does not narrow readonly arrays.
  if (Array.isArray(value)) return Promise.all((value as readonly Value[]).map((item) => withPaths(item, files)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await withPaths(item, files)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
