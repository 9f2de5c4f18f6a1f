import type { Component } from "svelte";
import { choicesOf } from "../../src/model/choices.js";
import type { ComponentSpec } from "../../src/model/component.js";
import type { Json } from "../../src/model/json.js";
import type { Draft } from "./draft.svelte.js";

export { choicesOf };

/** What every control gets. It reads and writes its value through the draft. */
export interface ControlProps {
  readonly spec: ComponentSpec;
  readonly draft: Draft;
  /** Id for the element that takes the focus, so that the label belongs to it; `${id}-label` is the label's. */
  readonly id: string;
  readonly label: string;
  readonly disabled: boolean;
}

export type Control = Component<ControlProps>;

export interface ControlEntry {
  readonly component: Control;
  /** Takes the whole width, below its label. */
  readonly wide?: boolean;
}

/** Of what was chosen, that which can be. While the choices aren't known (the running file makes them), that is all of it. */
export function stillChoices(spec: ComponentSpec, values: readonly Json[]): readonly Json[] {
  const possible = new Set(choicesOf(spec).map(({ value }) => JSON.stringify(value)));
  if (possible.size === 0 || spec.props.allowCustomValue === true) return values;
  return values.filter((value) => possible.has(JSON.stringify(value)));
}

/** A value as a text field shows it; nothing for none. */
export function textOf(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function textProp(spec: ComponentSpec, name: string): string {
  const value = spec.props[name];
  return typeof value === "string" ? value : "";
}

export function numberProp(spec: ComponentSpec, name: string): number | undefined {
  const value = spec.props[name];
  return typeof value === "number" ? value : undefined;
}
