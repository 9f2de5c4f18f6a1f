import type { NodeLimits } from "../../model/graph.js";
import type { Place } from "../place.js";
import type { Property } from "../properties.js";
import type { Reading } from "../reading.js";
import type { Site } from "../site.js";
import type { Located, StaticValue, UnknownCause } from "../staticValue.js";
import type { CodeReading, CodeRoot } from "./reader.js";

/** The object of options that a construct is called with. */
export class Options {
  readonly #reading: Reading;
  readonly #entries: ReadonlyMap<string, Property>;
  /** The object literal, `null` when there is none or text doesn't tell it. */
  readonly at: Place | null;
  /** Whether there may be options that text doesn't tell. */
  readonly open: boolean;

  /** @param index of the argument among the call's */
  constructor(site: Site, index: number, reading: Reading) {
    this.#reading = reading;
    const node = site.expression.arguments?.[index];
    const value = node && reading.evaluate({ node, module: site.module });
    if (value?.kind === "object") {
      const { entries, open } = reading.properties(value, "One of the options");
      this.#entries = entries;
      this.at = value;
      this.open = open.length > 0;
      if (this.open) reading.untold = true;
      return;
    }
    this.#entries = new Map();
    this.at = null;
    this.open = node !== undefined;
    if (this.open) reading.untold = true;
    if (node && value) {
      const at = { module: site.module, node };
      reading.unknown(
        value.kind === "unknown" ? value : { kind: "unknown", cause: { kind: "expression" }, at },
        "What these options are",
      );
    }
  }

  get(name: string): Property | undefined {
    return this.#entries.get(name);
  }

  /** An option's value; `undefined` when it isn't given. */
  value(name: string): StaticValue | undefined {
    const property = this.#entries.get(name);
    const value = property && this.#reading.evaluate(property.value);
    return value?.kind === "literal" && value.value === undefined ? undefined : value;
  }

  text(name: string): string | undefined {
    const value = this.#literal(name);
    return typeof value === "string" ? value : undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.#literal(name);
    return typeof value === "boolean" ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#literal(name);
    return typeof value === "number" ? value : undefined;
  }

  #literal(name: string): null | boolean | number | string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (value.kind === "literal") return value.value;
    if (value.kind === "unknown" && value.cause.kind !== "expression") {
      this.#reading.unknown(value, `The option \`${name}\``);
    }
    this.#reading.complete = false;
    if (CALLED.has(name)) this.#reading.untold = true;
    return undefined;
  }

  limits(): NodeLimits {
    const concurrent = this.flag("concurrent");
    const concurrencyGroup = this.text("concurrencyGroup");
    const maxConcurrent = this.number("maxConcurrent");
    const timeout = this.number("timeout");
    const retries = this.number("retries");
    return {
      ...(concurrent !== undefined && { concurrent }),
      ...(concurrencyGroup !== undefined && { concurrencyGroup }),
      ...(maxConcurrent !== undefined && { maxConcurrent }),
      ...(timeout !== undefined && { timeout }),
      ...(retries !== undefined && { retries }),
    };
  }

  /** `preprocess` and `postprocess`, where given. */
  hooks(): CodeReading {
    const preprocess = this.#hook("preprocess");
    const postprocess = this.#hook("postprocess");
    return { ...(preprocess !== undefined && { preprocess }), ...(postprocess !== undefined && { postprocess }) };
  }

  #hook(name: string): CodeRoot | undefined {
    const value = this.value(name);
    const property = this.#entries.get(name);
    if (value && property) return codeRoot(value, property.value, this.#reading);
    // It may be among the options that text doesn't tell.
    return this.open ? null : undefined;
  }
}

/** Options that say what is called. */
const CALLED: ReadonlySet<string> = new Set(["apiName", "runLocally", "task"]);

/** Why a value isn't known where all that it is made of is within reach of the expression. */
const MADE: ReadonlySet<UnknownCause["kind"]> = new Set(["local-call", "expression", "accessor", "computed"]);

/** The code behind a value that is a function, as `written` in the text. */
export function codeRoot(value: StaticValue, written: Located, reading: Reading): CodeRoot {
  if (value.kind === "function") return { kind: "local", node: value.node, module: value.module };
  if (value.kind === "package") return value;
  // Which function it gives, only the program tells; what it is made of, the text does.
  if (value.kind === "unknown" && MADE.has(value.cause.kind)) return { kind: "made", ...written };
  if (value.kind === "unknown" && value.cause.kind === "undeclared") reading.undeclared(value.cause.name, value.at);
  reading.complete = false;
  return null;
}
