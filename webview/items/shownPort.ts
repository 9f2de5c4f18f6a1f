import type { ComponentSpec, ItemListSpec } from "../../src/model/component.js";
import type { OutputPort } from "../../src/model/graph.js";

/** An output that its author wants to be shown. */
export interface ShownPort {
  readonly name: string;
  readonly spec: ComponentSpec | ItemListSpec;
  readonly output: OutputPort;
}
