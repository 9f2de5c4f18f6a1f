import { ts } from "ts-morph";
import type { Modules } from "./modules.js";
import type { SourceModule } from "./sourceModule.js";
import { DEEPEST } from "./tooDeep.js";
import type { FunctionNode, Located } from "./staticValue.js";

/** The inputs that a function takes, as its first parameter says. */
export interface Signature {
  /** By name: whether it may be left out. */
  readonly inputs: ReadonlyMap<string, { readonly optional: boolean }>;
  /** Whether it takes any others too. */
  readonly open: boolean;
}

/** `null` when syntax alone doesn't tell. */
export function signatureOf({ node, module }: Located<FunctionNode>, modules: Modules): Signature | null {
  const [parameter] = node.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === "this"));
  if (!parameter) return { inputs: new Map(), open: false };
  if (parameter.dotDotDotToken) return null;
  const pattern = ts.isObjectBindingPattern(parameter.name) ? readPattern(parameter.name) : null;
  if (!parameter.type) return pattern && { inputs: pattern.inputs, open: pattern.open };
  const typed = new TypeReader(modules).read(parameter.type, module);
  if (!typed || !pattern) return typed;
  // A default in the pattern makes an input optional, whatever its type says.
  const inputs = [...typed.inputs].map(([name, { optional }]) => {
    return [name, { optional: optional || (pattern.inputs.get(name)?.optional ?? false) }] as const;
  });
  return { inputs: new Map(inputs), open: typed.open };
}

function readPattern(pattern: ts.ObjectBindingPattern): Signature | null {
  const inputs = new Map<string, { optional: boolean }>();
  let open = false;
  for (const { propertyName, name, initializer, dotDotDotToken } of pattern.elements) {
    const key = propertyName ?? name;
    if (dotDotDotToken) open = true;
    else if (ts.isIdentifier(key) || ts.isStringLiteral(key))
      inputs.set(key.text, { optional: initializer !== undefined });
    else return null;
  }
  return { inputs, open };
}

/** Types that one signature may be made of; of those that are made of more, nothing is said. */
const MOST_TYPES = 10_000;

/** Reads the properties of an object type that is written out, or of aliases and interfaces of local modules. */
class TypeReader {
  readonly #modules: Modules;
  /** Declarations being read: a type that contains itself isn't told by syntax. */
  readonly #reading = new Set<ts.Node>();
  #depth = 0;
  #steps = 0;

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  read(type: ts.TypeNode, module: SourceModule): Signature | null {
    // A few lines of types can stand for billions.
    if (this.#depth >= DEEPEST || ++this.#steps > MOST_TYPES) return null;
    this.#depth++;
    const signature = this.#read(type, module);
    this.#depth--;
    return signature;
  }

  #read(type: ts.TypeNode, module: SourceModule): Signature | null {
    if (ts.isParenthesizedTypeNode(type)) return this.read(type.type, module);
    if (ts.isTypeLiteralNode(type)) return this.#members(type.members);
    if (ts.isIntersectionTypeNode(type)) return merge(type.types.map((part) => this.read(part, module)));
    if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return null;
    const name = type.typeName.text;
    const [argument] = type.typeArguments ?? [];
    const declared = this.#named(name, module);
    if (declared !== undefined) return type.typeArguments ? null : declared;
    if (!argument || type.typeArguments?.length !== 1) return null;
    if (name === "Readonly") return this.read(argument, module);
    if (name === "Partial" || name === "Required") {
      const inner = this.read(argument, module);
      const optional = name === "Partial";
      return inner && { ...inner, inputs: new Map([...inner.inputs.keys()].map((key) => [key, { optional }])) };
    }
    return null;
  }

  /** `undefined` when no local module declares such a type. */
  #named(name: string, module: SourceModule): Signature | null | undefined {
    const meaning = this.#modules.meaning(module, name, "types");
    if (!meaning) return undefined;
    if (meaning.kind !== "declaration" || meaning.declaration.kind !== "type") return null;
    const { node } = meaning.declaration;
    if (this.#reading.has(node) || node.typeParameters) return null;
    this.#reading.add(node);
    const signature = ts.isTypeAliasDeclaration(node)
      ? this.read(node.type, meaning.module)
      : this.#interface(node, meaning.module);
    this.#reading.delete(node);
    return signature;
  }

  #interface(node: ts.InterfaceDeclaration, module: SourceModule): Signature | null {
    const bases = (node.heritageClauses ?? []).flatMap(({ types }) => [...types]);
    const inherited = bases.map(({ expression, typeArguments }) =>
      ts.isIdentifier(expression) && !typeArguments ? (this.#named(expression.text, module) ?? null) : null,
    );
    return merge([...inherited, this.#members(node.members)]);
  }

  #members(members: readonly ts.TypeElement[]): Signature | null {
    const inputs = new Map<string, { optional: boolean }>();
    let open = false;
    for (const member of members) {
      if (ts.isIndexSignatureDeclaration(member)) open = true;
      else if (member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))) {
        const optional =
          member.questionToken !== undefined || (ts.isPropertySignature(member) && mayBeUndefined(member.type));
        inputs.set(member.name.text, { optional });
      } else return null;
    }
    return { inputs, open };
  }
}

function mayBeUndefined(type: ts.TypeNode | undefined): boolean {
  if (!type) return true;
  if (ts.isUnionTypeNode(type)) return type.types.some(mayBeUndefined);
  return [ts.SyntaxKind.UndefinedKeyword, ts.SyntaxKind.AnyKeyword, ts.SyntaxKind.UnknownKeyword].includes(type.kind);
}

function merge(parts: readonly (Signature | null)[]): Signature | null {
  const inputs = new Map<string, { optional: boolean }>();
  let open = false;
  for (const part of parts) {
    if (!part) return null;
    for (const [name, { optional }] of part.inputs) {
      inputs.set(name, { optional: optional && (inputs.get(name)?.optional ?? true) });
    }
    open ||= part.open;
  }
  return { inputs, open };
}
