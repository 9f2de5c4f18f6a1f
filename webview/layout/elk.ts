import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api.js";
import type { NodeId } from "../../src/model/graph.js";
import { columns } from "./columns.js";
import { type Boxes, GAP, type Point } from "./geometry.js";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.spacing.nodeNode": String(GAP.row),
  "elk.spacing.componentComponent": String(GAP.row * 1.5),
  "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP.column),
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "PREFER_NODES",
  "elk.layered.considerModelOrder.components": "MODEL_ORDER",
};

/** Layered layout in a worker that stays alive. Where no worker can be had, plain columns. */
export class Layouter {
  #elk: Promise<Elk | null>;

  /** @param assets where `elk-worker.js` lies, ending in a slash */
  constructor(assets: string) {
    this.#elk = startElk(assets).catch((cause: unknown) => {
      console.error("The layout worker could not be started; cards are put into plain columns.", cause);
      return null;
    });
  }

  async arrange(boxes: Boxes): Promise<Map<NodeId, Point>> {
    const elk = await this.#elk;
    if (!elk) return columns(boxes);
    try {
      const { children } = await elk.layout(elkGraph(boxes));
      return new Map((children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x: Math.round(x), y: Math.round(y) }]));
    } catch (cause) {
      console.error("The layout failed; cards are put into plain columns.", cause);
      return columns(boxes);
    }
  }
}

/** A webview may not start a worker from an extension's address, but may from a blob of its own. */
async function startElk(assets: string): Promise<Elk> {
  const response = await fetch(`${assets}elk-worker.js`);
  if (!response.ok) throw new Error(`elk-worker.js: ${response.status}`);
  const address = URL.createObjectURL(new Blob([await response.text()], { type: "text/javascript" }));
  return new ELK({ workerFactory: () => new Worker(address) });
}

function elkGraph({ boxes, wires }: Boxes): ElkNode {
  const port = (node: NodeId, id: string): string => `${node}\u0000${id}`;
  return {
    id: "root",
    layoutOptions: OPTIONS,
    children: boxes.map(({ id, width, height, ports }) => ({
      id,
      width,
      height,
      layoutOptions: { "elk.portConstraints": "FIXED_POS" },
      ports: ports.map(({ id: name, side, y }) => ({
        id: port(id, name),
        x: side === "left" ? 0 : width,
        y,
        width: 0,
        height: 0,
        layoutOptions: { "elk.port.side": side === "left" ? "WEST" : "EAST" },
      })),
    })),
    edges: wires.map(({ id, from, fromPort, to, toPort }) => ({
      id,
      sources: [port(from, fromPort)],
      targets: [port(to, toPort)],
    })),
  };
}
