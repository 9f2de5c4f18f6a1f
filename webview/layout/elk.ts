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

/** Two boxes and a wire. */
const SMALLEST: Boxes = {
  boxes: [
    { id: "a", width: 330, height: 200, ports: [{ id: "out", side: "right", y: 20 }] },
    { id: "b", width: 330, height: 200, ports: [{ id: "in", side: "left", y: 20 }] },
  ],
  wires: [{ id: "a-b", from: "a", fromPort: "out", to: "b", toPort: "in" }],
};

/** Layered layout in a worker that stays alive. Where no worker can be had, plain columns. */
export class Layouter {
  /** Settles when the worker has been started, or when that has failed. */
  readonly started: Promise<void>;
  /** Settles when the worker answers, or when it is clear that none will. */
  readonly up: Promise<void>;
  #elk: Elk | null = null;

  /** @param assets where `elk-worker.js` lies, ending in a slash */
  constructor(assets: string) {
    this.started = this.#start(assets).catch((cause: unknown) => {
      console.error("The layout worker could not be started; cards are put into plain columns.", cause);
    });
    this.up = this.started.then(async () => {
      const up = this.#elk?.knownLayoutAlgorithms().catch(() => undefined);
      // Half of what the first layout takes is the worker's first time: spent while the graph is still on its way.
      this.#elk?.layout(elkGraph(SMALLEST)).catch(() => undefined);
      await up;
    });
  }

  async arrange(boxes: Boxes): Promise<Map<NodeId, Point>> {
    // Without waiting where that isn't necessary: the worker is to have the graph before the page goes on to draw it.
    if (!this.#elk) await this.started;
    if (!this.#elk) return columns(boxes);
    try {
      const { children } = await this.#elk.layout(elkGraph(boxes));
      return new Map((children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x: Math.round(x), y: Math.round(y) }]));
    } catch (cause) {
      console.error("The layout failed; cards are put into plain columns.", cause);
      return columns(boxes);
    }
  }

  async #start(assets: string): Promise<void> {
    const address = await workerAddress(`${assets}elk-worker.js`);
    this.#elk = new ELK({ algorithms: ["layered"], workerFactory: () => new Worker(address) });
  }
}

/** How long the worker's script may take to come. Milliseconds. */
const PATIENCE = 5_000;

/** A webview may not start a worker from an extension's address, but may from a blob of its own. */
async function workerAddress(script: string): Promise<string> {
  const response = await fetch(script, { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(`${script}: ${response.status}`);
  return URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: "text/javascript" }));
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
