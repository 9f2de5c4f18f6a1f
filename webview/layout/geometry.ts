import type { NodeId } from "../../src/model/graph.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What a layout needs to know of a graph: boxes with ports, and wires between ports. Canvas pixels. */
export interface Boxes {
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
}

export interface Box extends Size {
  readonly id: NodeId;
  /** Ports by their handle's id; `y` from the top of the box. */
  readonly ports: readonly { readonly id: string; readonly side: "left" | "right"; readonly y: number }[];
}

export interface Wire {
  readonly id: string;
  readonly from: NodeId;
  readonly fromPort: string;
  readonly to: NodeId;
  readonly toPort: string;
}

export const CARD_WIDTH = 330;
/** Between cards above each other, and between columns. */
export const GAP = { row: 40, column: 96 };
