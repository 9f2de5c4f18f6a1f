import type { Component } from "./component.js";
import { COMPONENT, marked } from "./marks.js";
import { NodeObject, type WithPorts } from "./node.js";
import { anObject, aText, checkOptions, requireOption } from "./options.js";
import type { PortsOf } from "./source.js";

type Controls = Readonly<Record<string, Component<unknown, never>>>;

export interface InputOptions<C extends Controls> {
  /** Display name; the variable's name if left out. */
  readonly name?: string;
  /** A control each; others wire to them. */
  readonly ports: C;
}

/** Controls on a card of their own. */
export type InputNode<P = unknown> = WithPorts<P>;

type InputNodeConstructor = new <C extends Controls>(options: InputOptions<C>) => InputNode<PortsOf<C>>;

class InputNodeObject extends NodeObject {
  constructor(options: InputOptions<Controls>) {
    checkOptions("InputNode", options, { name: aText, ports: anObject });
    requireOption("InputNode", options, "ports");
    for (const [name, control] of Object.entries(options.ports)) {
      if (!marked(control, COMPONENT)) {
        throw new TypeError(`InputNode: port \`${name}\` must be a gr component, such as gr.Textbox().`);
      }
    }
    super("InputNode", {
      name: options.name ?? null,
      callee: { kind: "input" },
      limits: {},
      inputs: {},
      outputs: { ...options.ports },
    });
  }
}

/** Groups controls on a card of their own: `new InputNode({ ports: { prompt: gr.Textbox() } })`. */
export const InputNode =
  // The ports exist on each instance, which a class cannot say.
  InputNodeObject as unknown as InputNodeConstructor;
