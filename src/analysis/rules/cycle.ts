import { message } from "../diagnostics.js";
import type { Finding } from "../finding.js";
import type { Workflow, WorkflowEdge, WorkflowNode } from "../workflow.js";
import type { Rule } from "./rule.js";

/** Nodes must not wait for each other in a ring. */
export const cycle: Rule = (workflow) => {
  const upstream = upstreamOf(workflow);
  const findings: Finding[] = [];
  for (let left = inRings(upstream); left.size > 0; left = inRings(upstream)) {
    const ring = findRing(left, upstream);
    const told = tell(ring, workflow.edges);
    if (told) findings.push(told);
    for (const node of ring) upstream.delete(node);
  }
  return findings;
};

type Upstream = Map<WorkflowNode, Set<WorkflowNode>>;

/** By node, those it waits for: sources of its edges, variants of a choice. */
function upstreamOf({ nodes, edges }: Workflow): Upstream {
  const upstream: Upstream = new Map(nodes.map((node) => [node, new Set(node.variants)]));
  for (const { from, to } of edges) upstream.get(to)?.add(from);
  return upstream;
}

/** What is left after everything that waits for nothing, again and again, is taken away: rings and what they lead to. */
function inRings(upstream: Upstream): Set<WorkflowNode> {
  const downstream = new Map<WorkflowNode, WorkflowNode[]>();
  const waits = new Map<WorkflowNode, number>();
  for (const [node, sources] of upstream) {
    const there = [...sources].filter((source) => upstream.has(source));
    waits.set(node, there.length);
    for (const source of there) downstream.set(source, [...(downstream.get(source) ?? []), node]);
  }
  const left = new Set(upstream.keys());
  const done = [...left].filter((node) => waits.get(node) === 0);
  for (let node = done.pop(); node; node = done.pop()) {
    left.delete(node);
    for (const next of downstream.get(node) ?? []) {
      const count = (waits.get(next) ?? 0) - 1;
      waits.set(next, count);
      if (count === 0) done.push(next);
    }
  }
  return left;
}

/** Walks upstream, which in `left` is always possible, until a node comes up twice. In the order of data flow. */
function findRing(left: ReadonlySet<WorkflowNode>, upstream: Upstream): WorkflowNode[] {
  const path: WorkflowNode[] = [];
  let [node] = left;
  while (node && !path.includes(node)) {
    path.push(node);
    node = [...(upstream.get(node) ?? [])].find((source) => left.has(source));
  }
  const ring = (node ? path.slice(path.indexOf(node)) : path).reverse();
  // Told from the node that is declared first.
  const first = [...left].find((candidate) => ring.includes(candidate));
  const start = first ? ring.indexOf(first) : 0;
  return [...ring.slice(start), ...ring.slice(0, start)];
}

function tell(ring: readonly WorkflowNode[], edges: readonly WorkflowEdge[]): Finding | null {
  const places = ring.flatMap((to, index) => {
    const from = ring.at(index - 1);
    const edge = edges.find((candidate) => candidate.from === from && candidate.to === to);
    return edge ? [{ edge, at: edge.input.valueAt }] : [];
  });
  const path = [...ring, ...ring.slice(0, 1)].map(({ called }) => called);
  const [closing, ...others] = places;
  // A ring of variants alone would be a choice inside itself, which has no edge to mark.
  return closing === undefined
    ? null
    : {
        ...message("cycle", path),
        at: closing.at,
        related: others.map(({ edge, at }) => ({
          message: `\`${edge.to.called}\` waits for \`${edge.from.called}\`.`,
          at,
        })),
      };
}
