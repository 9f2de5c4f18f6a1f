import { approve } from "./approve.js";
import { choice } from "./choice.js";
import { chooseOne } from "./chooseOne.js";
import { component } from "./component.js";
import { fn } from "./fn.js";
import { gradio } from "./gradio.js";
import { graph } from "./graph.js";
import { inference } from "./inference.js";
import { input } from "./input.js";
import { itemList } from "./itemList.js";
import type { NodeReading, Reader } from "./reader.js";

const NODES: readonly Reader<NodeReading>[] = [gradio, fn, inference, input, choice, approve, chooseOne];

/** Every construct that analysis reads. */
export const READERS: readonly Reader<unknown>[] = [...NODES, graph, component, itemList];

/** The readers of nodes, by the name of the construct. */
export const NODE_READERS: ReadonlyMap<string, Reader<NodeReading>> = new Map(
  NODES.map((reader) => [reader.construct, reader]),
);
