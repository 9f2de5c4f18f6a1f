/** Nodes where the run waits for somebody's answer. */
import { isWire, type Port, type Wire } from "./port.js";
import { NodeObject, type WithPorts } from "./node.js";
import { anObject, aText, checkOptions, requireOption } from "./options.js";

type Wires<T = unknown> = Readonly<Record<string, Wire<T>>>;

export interface ApproveOptions<I extends Wires> {
  /** Display name; the variable's name if left out. */
  readonly name?: string;
  /** What is to be approved. Each has an output port of the same name that gives it on. */
  readonly inputs: I;
}

/** Waits until somebody approves its inputs, and hands them on by the same names. */
export type ApproveNode<P = unknown> = WithPorts<P>;

type ApproveNodeConstructor = new <I extends Wires>(
  options: ApproveOptions<I>,
) => ApproveNode<{ readonly [Name in keyof I]: I[Name] extends Wire<infer T> ? Port<T> : never }>;

export interface ChooseOneOptions<T> {
  /** Display name; the variable's name if left out. */
  readonly name?: string;
  readonly inputs: { readonly options: Wire<readonly T[]> };
}

/** Waits until somebody chooses one of the `options`; its port `chosen` gives it on. */
export type ChooseOneNode<P = unknown> = WithPorts<P>;

type ChooseOneNodeConstructor = new <T>(options: ChooseOneOptions<T>) => ChooseOneNode<{ readonly chosen: Port<T> }>;

class ApproveNodeObject extends NodeObject {
  constructor(options: ApproveOptions<Wires>) {
    checkWires("ApproveNode", options);
    const outputs = Object.fromEntries(Object.keys(options.inputs).map((name) => [name, null]));
    super("ApproveNode", infoOf("approve", options, outputs));
  }
}

class ChooseOneNodeObject extends NodeObject {
  constructor(options: ChooseOneOptions<unknown>) {
    checkWires("ChooseOneNode", options);
    if (Object.keys(options.inputs).join() !== "options") {
      throw new TypeError("ChooseOneNode takes one input, `options`: the port that gives the list to choose from.");
    }
    super("ChooseOneNode", infoOf("choose-one", options, { chosen: null }));
  }
}

function infoOf(
  kind: "approve" | "choose-one",
  { name, inputs }: { readonly name?: string; readonly inputs: object },
  outputs: Readonly<Record<string, null>>,
): ConstructorParameters<typeof NodeObject>[1] {
  return { name: name ?? null, callee: { kind }, limits: {}, inputs: { ...inputs }, outputs };
}

function checkWires(where: string, options: { readonly inputs: object }): void {
  checkOptions(where, options, { name: aText, inputs: anObject });
  requireOption(where, options, "inputs");
  const inputs = Object.entries(options.inputs);
  if (inputs.length === 0) throw new TypeError(`${where} has no inputs, so there is nothing to ask about.`);
  for (const [name, source] of inputs) {
    if (!isWire(source)) throw new TypeError(`${where}: input \`${name}\` must be a port of another node.`);
  }
}

/** Waits until somebody approves: `new ApproveNode({ inputs: { draft: writer.text } })`. */
export const ApproveNode =
  // The ports exist on each instance, which a class cannot say.
  ApproveNodeObject as unknown as ApproveNodeConstructor;
/** Waits until somebody chooses: `new ChooseOneNode({ inputs: { options: painter.images } })`. */
export const ChooseOneNode =
  // The ports exist on each instance, which a class cannot say.
  ChooseOneNodeObject as unknown as ChooseOneNodeConstructor;
