/** Where files may stand in a value that an app takes, as far as its description tells. */
export type Shape =
  /** A file. */
  | { readonly kind: "file" }
  /** A text, a number: nothing that holds a file. */
  | { readonly kind: "plain"; readonly isText: boolean }
  /** The description doesn't tell. */
  | { readonly kind: "any" }
  | { readonly kind: "list"; readonly items: readonly Shape[] }
  /** `rest`: of keys without a shape of their own. */
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, Shape>; readonly rest: Shape }
  | { readonly kind: "union"; readonly of: readonly Shape[] };

const any: Shape = { kind: "any" };
const untold: ReadonlySet<string> = new Set(["Any", "dict", "list", "tuple"]);

/**
 * Reads the type of a parameter as apps write it: `filepath`, `dict(picture: filepath, pages: list[filepath] (What it is), label: str)`.
 */
export function shapeOf(pythonType: string): Shape {
  const reader = new TypeReader(pythonType);
  try {
    const shape = reader.union();
    return reader.atEnd ? shape : any;
  } catch (error) {
    if (error instanceof SyntaxError) return any;
    throw error;
  }
}

/** Whether a value of this shape may hold files, or be one. */
export function mayHoldFiles(shape: Shape): boolean {
  switch (shape.kind) {
    case "file":
    case "any":
      return true;
    case "plain":
      return false;
    case "list":
      return shape.items.some(mayHoldFiles);
    case "record":
      return mayHoldFiles(shape.rest) || [...shape.fields.values()].some(mayHoldFiles);
    case "union":
      return shape.of.some(mayHoldFiles);
  }
}

class TypeReader {
  #rest: string;

  constructor(text: string) {
    this.#rest = text;
  }

  get atEnd(): boolean {
    return this.#rest === "";
  }

  union(): Shape {
    const of = [this.#one()];
    while (this.#take(/^ \| /)) of.push(this.#one());
    return of.length === 1 && of[0] ? of[0] : { kind: "union", of };
  }

  #one(): Shape {
    if (this.#take(/^dict\(/)) return this.#record();
    if (this.#take(/^Literal\[/)) {
      this.#skipTo("[", "]");
      return { kind: "plain", isText: true };
    }
    if (this.#take(/^(list|tuple|All)\[/)) return { kind: "list", items: this.#items() };
    const word = this.#take(/^[\w.]+/);
    if (word === null) throw new SyntaxError(this.#rest);
    if (word === "filepath") return { kind: "file" };
    return untold.has(word) ? any : { kind: "plain", isText: word === "str" };
  }

  #items(): Shape[] {
    const items: Shape[] = [];
    while (this.#take(/^\]/) === null) {
      items.push(this.union());
      this.#take(/^, /);
    }
    return items;
  }

  #record(): Shape {
    const fields = new Map<string, Shape>();
    let rest: Shape | null = null;
    while (this.#take(/^\)/) === null) {
      const name = this.#take(/^[^:(),[\]]+: /)?.slice(0, -2);
      // `dict(str, T)`: whatever the key.
      if (name === undefined && this.#take(/^str, /) === null) throw new SyntaxError(this.#rest);
      const shape = this.union();
      if (name === undefined) rest = shape;
      else fields.set(name, shape);
      if (this.#take(/^ \(/) !== null) this.#skipTo("(", ")");
      this.#take(/^, /);
    }
    // As servers write a file that don't know it by its schema.
    if (fields.has("path") && fields.has("meta") && fields.has("orig_name")) return { kind: "file" };
    return { kind: "record", fields, rest: rest ?? { kind: "plain", isText: false } };
  }

  /** Behind the bracket that closes the one before. */
  #skipTo(open: string, close: string): void {
    let depth = 1;
    for (let i = 0; i < this.#rest.length; i++) {
      if (this.#rest[i] === open) depth++;
      if (this.#rest[i] === close && --depth === 0) {
        this.#rest = this.#rest.slice(i + 1);
        return;
      }
    }
    throw new SyntaxError(this.#rest);
  }

  #take(pattern: RegExp): string | null {
    const found = pattern.exec(this.#rest)?.[0] ?? null;
    if (found !== null) this.#rest = this.#rest.slice(found.length);
    return found;
  }
}
