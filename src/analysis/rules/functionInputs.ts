import { ts } from "ts-morph";
import { message } from "../diagnostics.js";
import type { Finding, Fix } from "../finding.js";
import type { Modules } from "../modules.js";
import type { CodeReading, InputReading } from "../readers/reader.js";
import { type Signature, signatureOf } from "../signature.js";
import type { SourceModule } from "../sourceModule.js";
import type { FunctionNode, Located } from "../staticValue.js";
import { nearest, renameFix } from "../suggestion.js";
import type { Cache } from "../tracker.js";
import type { WorkflowNode } from "../workflow.js";
import type { Rule } from "./rule.js";

/** A function is given the inputs that it takes, and all that it requires. */
export const functionInputs: Rule = ({ nodes, modules }) => nodes.flatMap((node) => check(node, modules));

const signatures: Cache<ts.Node, Signature | null> = new WeakMap();

function check(node: WorkflowNode, modules: Modules): Finding[] {
  const { code, target, inputs } = node.reading;
  const receiver = target.kind === "fn" ? receiverOf(code) : null;
  if (!receiver) return [];
  const signature = modules.tracker.remember(signatures, receiver.node, () => signatureOf(receiver, modules));
  if (!signature) return [];
  const name = target.kind === "fn" && receiver.isFn ? target.functionName : null;
  const called = name !== null ? `\`${name}\`` : receiver.isFn ? "The function" : "`preprocess`";
  const given = new Set(inputs.ports.map((port) => port.name));
  const missing = [...signature.inputs].flatMap(([input, { optional }]) =>
    optional || given.has(input) ? [] : [input],
  );
  const findings: Finding[] = [];
  if (!signature.open) {
    for (const port of inputs.ports)
      if (!signature.inputs.has(port.name))
        findings.push(surplus(port, called, [...missing, ...signature.inputs.keys()]));
  }
  if (!inputs.open) {
    const requiredBy = called === "The function" ? "the function" : called;
    for (const input of missing) findings.push(lacking(node, requiredBy, input, modules));
  }
  return findings;
}

/** The code that gets the inputs as they are wired. */
function receiverOf(code: CodeReading): (Located<FunctionNode> & { readonly isFn: boolean }) | null {
  const root = code.preprocess === undefined ? code.fn : code.preprocess;
  return root?.kind === "local" ? { ...root, isFn: code.preprocess === undefined } : null;
}

/** An input that what is called doesn't take. */
export function surplus({ name, nameAt }: InputReading, called: string, inputs: readonly string[]): Finding {
  const meant = nearest(name, inputs);
  const shorthand = ts.isShorthandPropertyAssignment(nameAt.node.parent);
  const fixes = meant === null ? undefined : [renameFix(meant, nameAt, shorthand ? `${meant}: ${name}` : meant)];
  return { ...message("unknown-input", called, name, meant), at: nameAt, ...(fixes && { fixes }) };
}

/** An input that what is called requires. */
export function lacking(node: WorkflowNode, called: string, input: string, modules: Modules): Finding {
  const { site, inputs } = node.reading;
  const list = inputs.at && ts.isObjectLiteralExpression(inputs.at.node) ? inputs.at : null;
  const at = list ? propertyName(list.node) : null;
  return {
    ...message("missing-input", node.called, called, input),
    at: list ? { module: list.module, node: at ?? list.node } : { module: site.module, node: site.expression },
    ...(list && hasComponents(list.module, modules) && { fixes: [addInput(input, list)] }),
  };
}

/** Whether `gr` means there what the fix takes it for. */
function hasComponents(module: SourceModule, modules: Modules): boolean {
  const meaning = modules.meaning(module, "gr");
  return meaning?.kind === "package" && meaning.specifier === "daggr" && meaning.name === "gr";
}

/** `inputs` in `inputs: { … }`, a shorter place to mark than all of it. */
function propertyName(list: ts.Node): ts.Node | null {
  return ts.isPropertyAssignment(list.parent) ? list.parent.name : null;
}

function addInput(input: string, list: { readonly module: SourceModule; readonly node: ts.Node }): Fix {
  const last = ts.isObjectLiteralExpression(list.node) ? list.node.properties.at(-1) : undefined;
  const control = `${input}: gr.Textbox()`;
  const edit = last
    ? { at: { module: list.module, node: last, at: "end" as const }, newText: `, ${control}` }
    : { at: { module: list.module, node: list.node, at: "inside-end" as const }, newText: ` ${control} ` };
  return { title: `Add \`${input}\` as a control`, edits: [edit] };
}
