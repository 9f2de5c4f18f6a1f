import { type NodeName, nameNodes } from "./nodeNames.js";
import type { CheckedReading, GraphReading, OutputReading, PortsReading } from "./readers/reader.js";
import type { Site } from "./site.js";
import type { SourceModule } from "./sourceModule.js";
import type { Workflow, WorkflowEdge, WorkflowNode } from "./workflow.js";

/**
 * Collects the graph's nodes from its list and what leads into those, names them, and ties their ports together.
 * @param source what is known before nodes are; its `undeclared` names are those of the graph itself
 */
export function assemble(source: Omit<Workflow, "nodes" | "edges">): Workflow {
  const { closure, graph, read } = source;
  const readings = inOrder(collect(graph, read), closure);
  const names = nameNodes([...readings.values()]);
  const nodes = new Map<Site, WorkflowNode>();
  const nodeAt = (site: Site): WorkflowNode => {
    let node = nodes.get(site);
    if (!node) {
      // Before anything recursive, so that a choice that contains itself ends.
      const reading = readings.get(site) ?? read(site);
      const { target } = reading;
      const listed = target.kind === "choice" ? target.variants.filter((variant) => !isChoice(variant)) : [];
      const variants = listed.map(nodeAt);
      const outputs = target.kind === "choice" ? union(variants, reading.outputs) : reading.outputs;
      const name = names.get(site) ?? UNNAMED;
      node = {
        id: name.id,
        called: calledBy(site, name),
        anonymous: name.anonymous,
        clash: name.clash && nodeAt(name.clash),
        reading,
        outputs: outputs.ports,
        open: outputs.open,
        variants,
      };
      nodes.set(site, node);
    }
    return node;
  };
  const ordered = [...readings.keys()].map(nodeAt);
  const undeclared = [...source.undeclared, ...ordered.flatMap(({ reading }) => reading.undeclared)];
  return { ...source, undeclared, nodes: ordered, edges: ordered.flatMap((node) => edgesInto(node, nodeAt)) };
}

/** Only for a site that was never collected, which doesn't happen. */
const UNNAMED: NodeName = { id: "", anonymous: true, clash: null };

function isChoice(site: Site): boolean {
  return site.construct === "choice";
}

function collect(graph: GraphReading | null, read: (site: Site) => CheckedReading): Map<Site, CheckedReading> {
  const readings = new Map<Site, CheckedReading>();
  const waiting = graph?.roots.flatMap((root) => (root ? [root.site] : [])).reverse() ?? [];
  for (let site = waiting.pop(); site; site = waiting.pop()) {
    if (readings.has(site)) continue;
    const reading = read(site);
    readings.set(site, reading);
    if (reading.target.kind === "choice") waiting.push(...reading.target.variants);
    for (const { source } of reading.inputs.ports) if (source.kind === "port") waiting.push(source.port.site);
  }
  return readings;
}

/** By the order in which the modules are evaluated, then by place. */
function inOrder(
  readings: ReadonlyMap<Site, CheckedReading>,
  closure: readonly SourceModule[],
): Map<Site, CheckedReading> {
  const ranks = new Map(closure.map((module, index) => [module, index]));
  const rank = ({ module }: Site) => ranks.get(module) ?? -1;
  return new Map([...readings].sort(([a], [b]) => rank(a) - rank(b) || declarationStart(a) - declarationStart(b)));
}

function declarationStart({ holder, expression }: Site): number {
  return holder.kind === "variable" ? holder.nameNode.pos : expression.pos;
}

/** By name; a port that several variants have is the last one's, as when objects are spread one after the other. */
function union(variants: readonly WorkflowNode[], own: PortsReading<OutputReading>): PortsReading<OutputReading> {
  const ports = new Map(variants.flatMap(({ outputs }) => outputs.map((output) => [output.name, output] as const)));
  return { ports: [...ports.values()], open: own.open || variants.some(({ open }) => open), at: null };
}

function calledBy({ holder }: Site, { id }: NodeName): string {
  if (holder.kind === "variable") return holder.name;
  return holder.kind === "member" ? holder.path.join(".") : id;
}

function edgesInto(to: WorkflowNode, nodeAt: (site: Site) => WorkflowNode): WorkflowEdge[] {
  return to.reading.inputs.ports.flatMap((input): WorkflowEdge[] => {
    if (input.source.kind !== "port") return [];
    const { port } = input.source;
    const from = nodeAt(port.site);
    return [{ from, to, input, port, output: from.outputs.find(({ name }) => name === port.port) ?? null }];
  });
}
