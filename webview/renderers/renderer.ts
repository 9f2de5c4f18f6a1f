import type { Component } from "svelte";
import type { ComponentSpec, ItemListSpec } from "../../src/model/component.js";
import type { Value } from "../../src/model/value.js";

/** What every renderer gets. It draws the value as data; nothing in a value is ever markup that runs. */
export interface RendererProps {
  readonly value: Value;
  readonly spec: ComponentSpec | ItemListSpec;
  /** The output's name in words. */
  readonly label: string;
  /** In the large view: use the room there is. */
  readonly large: boolean;
  /** It is still being made: its end is what matters. */
  readonly growing: boolean;
  /** Tells what was found out about the value, such as `1024 × 1024`. */
  readonly onmeasure: (text: string) => void;
}

export type Renderer = Component<RendererProps>;

export interface RendererEntry {
  /** Loaded on first use; those that most cards need are part of the canvas itself. */
  readonly load: () => Renderer | Promise<Renderer>;
  /** Whether the value has the shape that this renderer draws; if not, it is shown as JSON. */
  readonly fits: (value: Value) => boolean;
  /** Kept free before the first result, in pixels. */
  readonly height: number;
}
