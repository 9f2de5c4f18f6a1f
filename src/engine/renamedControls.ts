import type { Graph, GraphNode, NodeId } from "../model/graph.js";
import { freeName, splitControl, type KnownControl, type KnownNode } from "../model/keptNames.js";

type Controls = KnownNode["controls"];

/** The names of the controls that nodes of the graph had when it was last looked at. */
export function usedControls(nodes: readonly KnownNode[]): ReadonlySet<string> {
  const there = nodes.filter(({ gone }) => gone === undefined);
  return new Set(there.flatMap(({ controls }) => Object.values(controls).map(({ name }) => name)));
}

/**
 * Brings the names of controls in line with a graph. A control that is gone and one that has come are the same if they are of one kind
 * and at the same port (a variable was renamed, or put in place of what stood there), or if of one node's ports just one with a
 * control of that kind has gone and one has come.
 *
 * @param before - what controls are kept under, as in `KeptNames`.
 * @param kept - what every node is kept under.
 * @param origins - by node: the controls that it had before.
 */
export function followControls(
  before: Readonly<Record<string, string>>,
  graph: Graph,
  kept: ReadonlyMap<NodeId, NodeId>,
  origins: ReadonlyMap<NodeId, Controls>,
  usedBefore: ReadonlySet<string>,
): { readonly controls: Readonly<Record<string, string>>; readonly byNode: ReadonlyMap<NodeId, Controls> } {
  const now = new Map(graph.nodes.map((node) => [node.id, controlsOf(node, kept)]));
  const used = new Set([...now.values()].flatMap((controls) => Object.values(controls).map(({ name }) => name)));
  const renames = new Renames();
  for (const node of graph.nodes) renames.compare(origins.get(node.id) ?? {}, now.get(node.id) ?? {}, portsOf(node));
  const controls = new Map(Object.entries(before));
  for (const [from, to] of renames.certain()) {
    if (used.has(from) || usedBefore.has(to)) continue;
    const name = controls.get(from) ?? from;
    controls.delete(from);
    if (name === to) controls.delete(to);
    else controls.set(to, name);
  }
  for (const name of used) {
    if (usedBefore.has(name) || controls.has(name)) continue;
    const owner = [...controls].find(([, own]) => own === name)?.[0];
    if (owner === undefined) continue;
    // Its name is kept for another, unless that is gone: then the name has come back.
    if (!used.has(owner)) controls.delete(owner);
    else
      controls.set(
        name,
        freeName(name, (free) => free === name || [...controls.values()].includes(free)),
      );
  }
  const byNode = new Map(
    graph.nodes.map((node): [NodeId, Controls] => {
      const ports = portsOf(node);
      const earlier = Object.entries(origins.get(node.id) ?? {}).filter(([port]) => ports.has(port));
      return [node.id, { ...Object.fromEntries(earlier), ...now.get(node.id) }];
    }),
  );
  return { controls: Object.fromEntries(controls), byNode };
}

/** Which controls may be which by another name. */
class Renames {
  readonly #to = new Map<string, Set<string>>();
  readonly #from = new Map<string, Set<string>>();

  compare(before: Controls, now: Controls, ports: ReadonlySet<string>): void {
    for (const [port, control] of Object.entries(now)) {
      const earlier = Object.hasOwn(before, port) ? before[port] : undefined;
      if (earlier?.component === control.component) this.#propose(earlier, control);
    }
    const gone = byComponent(before, (port) => !ports.has(port));
    const come = byComponent(now, (port) => !Object.hasOwn(before, port));
    for (const [component, [control, ...others]] of gone) {
      const [other, ...more] = come.get(component) ?? [];
      if (control && other && others.length + more.length === 0) this.#propose(control, other);
    }
  }

  /** Those of which one was one other, and no more. */
  *certain(): Generator<readonly [from: string, to: string]> {
    for (const [from, [to, ...others]] of this.#to)
      if (to !== undefined && others.length === 0 && this.#from.get(to)?.size === 1) yield [from, to];
  }

  #propose({ name: from }: KnownControl, { name: to }: KnownControl): void {
    if (from === to) return;
    this.#to.set(from, (this.#to.get(from) ?? new Set()).add(to));
    this.#from.set(to, (this.#from.get(to) ?? new Set()).add(from));
  }
}

function byComponent(controls: Controls, isMeant: (port: string) => boolean): Map<string, KnownControl[]> {
  const meant = Object.entries(controls).flatMap(([port, control]) => (isMeant(port) ? [control] : []));
  return Map.groupBy(meant, ({ component }) => component);
}

function portsOf({ inputs, outputs }: GraphNode): ReadonlySet<string> {
  return new Set([...inputs, ...outputs].map(({ name }) => name));
}

function controlsOf({ inputs, outputs }: GraphNode, kept: ReadonlyMap<NodeId, NodeId>): Controls {
  const controls: [string, KnownControl][] = [];
  for (const { name, source } of inputs) {
    if (source.kind !== "component") continue;
    controls.push([name, { name: keptFormOf(source.control, kept), component: source.spec.component }]);
  }
  for (const { name, control, spec } of outputs) {
    if (control === undefined || !spec) continue;
    controls.push([name, { name: keptFormOf(control, kept), component: spec.component }]);
  }
  return Object.fromEntries(controls);
}

function keptFormOf(control: string, kept: ReadonlyMap<NodeId, NodeId>): string {
  const parts = splitControl(control);
  const node = parts && kept.get(parts[0]);
  return node === null || node === undefined || !parts ? control : node + parts[1];
}
