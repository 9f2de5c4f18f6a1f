import { ts } from "ts-morph";
import type { Evaluator } from "./evaluate.js";
import type { Place } from "./place.js";
import { type Located, type StaticValue, type UnknownValue, unknown } from "./staticValue.js";

export interface Property {
  readonly name: string;
  readonly nameAt: Place;
  /** The whole property. */
  readonly at: Place;
  readonly value: Located;
}

export interface Properties {
  /** By name; of several with one name the last, in the place of the first. */
  readonly entries: ReadonlyMap<string, Property>;
  /** Spreads and computed keys that text doesn't tell: any number of further properties. */
  readonly open: readonly UnknownValue[];
  /** Names written twice in one literal. */
  readonly duplicates: readonly { readonly first: Property; readonly again: Property }[];
}

/** The properties of an object literal, those of spread constants among them. */
export function propertiesOf(evaluator: Evaluator, object: Located<ts.ObjectLiteralExpression>): Properties {
  const read = evaluator.deeper(object, () => readProperties(evaluator, object), evaluator.spreading);
  return read ?? { entries: new Map(), open: [unknown(object, { kind: "too-deep" })], duplicates: [] };
}

function readProperties(evaluator: Evaluator, { node, module }: Located<ts.ObjectLiteralExpression>): Properties {
  const entries = new Map<string, Property>();
  const open: UnknownValue[] = [];
  const duplicates: { first: Property; again: Property }[] = [];
  const own = new Map<string, Property>();
  for (const element of node.properties) {
    const at: Place = { module, node: element };
    if (ts.isSpreadAssignment(element)) {
      const value = evaluator.evaluate({ node: element.expression, module });
      if (value.kind === "object") {
        const inner = propertiesOf(evaluator, value);
        for (const [name, property] of inner.entries) entries.set(name, property);
        open.push(...inner.open);
      } else if (value.kind !== "literal") {
        open.push(value.kind === "unknown" ? value : unknown({ module, node: element.expression }));
      }
      continue;
    }
    if (setsPrototype(element)) {
      open.push(unknown(at));
      continue;
    }
    const name = propertyName(evaluator, element.name, module);
    if (name === null) {
      open.push(unknown({ module, node: element.name }, { kind: "computed" }));
      continue;
    }
    const value = ts.isPropertyAssignment(element)
      ? element.initializer
      : ts.isShorthandPropertyAssignment(element)
        ? element.name
        : element;
    const property: Property = { name, nameAt: { module, node: element.name }, at, value: { node: value, module } };
    const first = own.get(name);
    if (first) duplicates.push({ first, again: property });
    own.set(name, property);
    entries.set(name, property);
  }
  return { entries, open, duplicates };
}

/** `{ __proto__: … }` gives the object a prototype, and no property of that name. */
function setsPrototype(element: ts.ObjectLiteralElementLike): boolean {
  return (
    ts.isPropertyAssignment(element) && !ts.isComputedPropertyName(element.name) && element.name.text === "__proto__"
  );
}

function propertyName(evaluator: Evaluator, name: ts.PropertyName, module: Located["module"]): string | null {
  if (!ts.isComputedPropertyName(name)) return name.text;
  const key = evaluator.evaluate({ node: name.expression, module });
  if (key.kind !== "literal" || key.value === null || key.value === undefined) return null;
  return String(key.value);
}

/** One property of an object literal. */
export function findProperty(
  evaluator: Evaluator,
  object: Located<ts.ObjectLiteralExpression>,
  key: string,
  keyAt: Place,
): StaticValue {
  const { entries, open } = propertiesOf(evaluator, object);
  const property = entries.get(key);
  // Something unknown may stand in its place.
  if (open.length > 0) return unknown(keyAt);
  return property ? evaluator.evaluate(property.value) : unknown(keyAt, { kind: "no-member", name: key });
}
