import type { Failure } from "../model/failure.js";
import { edgesInto, type Graph, type GraphNode, type NodeId } from "../model/graph.js";
import { failed, type Result, success } from "../model/outcome.js";
import type { RuntimeGraph, RuntimeNode } from "../sdk/runtime.js";

/** Which node object of the program each id of the text stands for. What the text does not tell is in neither. */
export interface Matching {
  readonly nodes: ReadonlyMap<NodeId, RuntimeNode>;
  readonly ids: ReadonlyMap<RuntimeNode, NodeId>;
}

/**
 * Matches the running program's nodes to those that were read from its text, by structure alone: the place in the graph's list,
 * from both ends, then whatever is upstream by the ports that lead there, and variants by their place.
 *
 * @returns reason `graph-mismatch` when the two cannot be the same workflow
 */
export function match(graph: Graph, program: RuntimeGraph): Result<Matching> {
  const nodes = new Map<NodeId, RuntimeNode>();
  const ids = new Map<RuntimeNode, NodeId>();
  const statics = new Map(graph.nodes.map((node) => [node.id, node]));
  const pending: [GraphNode, RuntimeNode][] = [];

  const pair = (id: NodeId, node: RuntimeNode): Failure | null => {
    const own = statics.get(id);
    // The text says nothing about it: it is one of those that the program adds.
    if (!own) return null;
    if (nodes.get(id) === node) return null;
    const other = ids.get(node);
    if (other !== undefined || nodes.has(id)) {
      return mismatch(
        id,
        other === undefined ? "there are two different nodes in its place" : `\`${other}\` is in its place`,
      );
    }
    const difference = differenceOf(own, node);
    if (difference !== null) return mismatch(id, difference);
    nodes.set(id, node);
    ids.set(node, id);
    pending.push([own, node]);
    return null;
  };

  const roots = pairRoots(graph, program);
  if (!roots.ok) return roots;
  for (const [id, node] of roots.value) {
    const failure = pair(id, node);
    if (failure) return failed(failure);
  }
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const [id, node] of upstreamPairs(graph, ...next)) {
      const failure = pair(id, node);
      if (failure) return failed(failure);
    }
  }
  return success({ nodes, ids });
}

function pairRoots({ roots }: Graph, { nodes }: RuntimeGraph): Result<[NodeId, RuntimeNode][]> {
  const open = roots.indexOf(null);
  const known = roots.filter((id) => id !== null);
  if (open < 0 ? nodes.length !== roots.length : nodes.length < known.length) {
    const lacking = open < 0 ? known[nodes.length] : undefined;
    return failed({
      reason: "graph-mismatch",
      message: `The graph's \`nodes\` lists ${known.length} nodes in the text, but the running program has ${nodes.length}${
        lacking === undefined ? "" : `: \`${lacking}\` is missing`
      }.`,
      hint: "Something changes the list while the file loads. List the nodes in new Graph({ nodes: […] }) itself.",
    });
  }
  const end = roots.lastIndexOf(null);
  const front = roots.slice(0, open < 0 ? roots.length : open);
  const back = end < 0 ? [] : roots.slice(end + 1);
  // Both are checked to hold no null by how they were cut, and to be no longer than `nodes`.
  const pairs = [
    ...front.map((id, i) => [id, nodes[i]]),
    ...back.map((id, i) => [id, nodes[nodes.length - back.length + i]]),
  ] as [NodeId, RuntimeNode][];
  return success([
    ...pairs,
    ...betweenOpen(
      roots.slice(front.length, roots.length - back.length),
      nodes.slice(front.length, nodes.length - back.length),
      pairs,
    ),
  ]);
}

/** Known nodes between two unknown stretches: each goes, in order, to the first node that could be it by its name. */
function betweenOpen(
  ids: readonly (NodeId | null)[],
  nodes: readonly RuntimeNode[],
  taken: readonly (readonly [NodeId, RuntimeNode])[],
): [NodeId, RuntimeNode][] {
  const used = new Set(taken.map(([, node]) => node));
  return ids.flatMap((id) => {
    if (id === null) return [];
    const node = nodes.find((each) => !used.has(each) && (each.name === id || functionName(each) === id));
    if (!node) return [];
    used.add(node);
    return [[id, node] as [NodeId, RuntimeNode]];
  });
}

function functionName({ target }: RuntimeNode): string | null {
  return target.kind === "fn" ? target.functionName : null;
}

function upstreamPairs(graph: Graph, own: GraphNode, node: RuntimeNode): [NodeId, RuntimeNode][] {
  const wired = edgesInto(graph, own.id).flatMap(({ from, to }): [NodeId, RuntimeNode][] => {
    const source = node.inputs.find(({ name }) => name === to.port)?.source;
    return source?.kind === "edge" && source.port === from.port ? [[from.node, source.node]] : [];
  });
  const lost = own.inputs.flatMap(({ name, source: told }): [NodeId, RuntimeNode][] => {
    const source = node.inputs.find((input) => input.name === name)?.source;
    if (told.kind !== "edge" || !told.lost || source?.kind !== "edge") return [];
    return source.port === told.lost.port ? [[told.lost.node, source.node]] : [];
  });
  if (own.target.kind !== "choice" || node.target.kind !== "choice") return [...wired, ...lost];
  const { variants } = node.target;
  const alternatives = own.target.variants.flatMap((id, i): [NodeId, RuntimeNode][] => {
    const variant = variants[i];
    return variant ? [[id, variant]] : [];
  });
  return [...wired, ...lost, ...alternatives];
}

/** What makes a node of the program another one than the text's; `null` when nothing does. */
function differenceOf(own: GraphNode, node: RuntimeNode): string | null {
  if (own.kind !== node.kind)
    return `it is a ${own.kind} node in the text, but a ${node.kind} node in the running program`;
  if (own.target.kind === "choice" && node.target.kind === "choice") {
    const [there, here] = [own.target.variants.length, node.target.variants.length];
    if (there !== here) return `it has ${there} variants in the text, but ${here} in the running program`;
  }
  // The text may not tell all ports (a spread, a computed key), but those that it tells must be there. One that is only
  // wired stands nowhere in it.
  const lacking = own.outputs.find(
    ({ name, range }) => range !== undefined && !node.outputs.some((output) => output.name === name),
  );
  return lacking ? `it has no output \`${lacking.name}\` in the running program` : null;
}

export function mismatch(id: NodeId, what: string): Failure {
  return {
    reason: "graph-mismatch",
    message: `\`${id}\` is not what its text says: ${what}.`,
    hint: "Save the file and run again. If it stays, the file changes its nodes while it loads.",
  };
}
