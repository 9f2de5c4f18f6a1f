/** Longer texts of user code are cut in messages. */
const SHOWN = 200;

/**
 * What a value of user code is, as a sentence may name it: `the number 5`, `a Map`, `an object with the keys a and b`. Never throws,
 * whatever the value does when it is looked at.
 */
export function describe(value: unknown): string {
  try {
    return kindOf(value);
  } catch {
    return "something that cannot be looked at";
  }
}

/** The text in quotes, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

function kindOf(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return quoted(value);
    case "number":
      return `the number ${value}`;
    case "boolean":
      return String(value);
    case "bigint":
      return "a BigInt";
    case "symbol":
      return "a symbol";
    case "function":
      return value.name ? `the function ${value.name}` : "a function";
    case "object":
      return value === null ? "null" : objectKind(value);
  }
}

function objectKind(value: object): string {
  if (Array.isArray(value)) return `a list of ${value.length} ${value.length === 1 ? "item" : "items"}`;
  if (value instanceof Error) return `an error (${cut(value.message) || value.name})`;
  const prototype: unknown = Object.getPrototypeOf(value);
  const { constructor } = value;
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain && typeof constructor === "function" && constructor.name) return withArticle(constructor.name);
  if (!isPlain) return "an instance of a class";
  const keys = Object.keys(value);
  if (keys.length === 0) return "an empty object";
  return `an object with the ${keys.length === 1 ? "key" : "keys"} ${cut(keys.slice(0, 5).join(", "))}${keys.length > 5 ? ", …" : ""}`;
}

/** The built-in kinds are known by name; a class of the author's own is said to be one. */
function withArticle(name: string): string {
  const known = name in globalThis;
  return known ? `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}` : `an instance of ${cut(name)}`;
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
