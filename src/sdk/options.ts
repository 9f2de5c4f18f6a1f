import { closest, distance } from "fastest-levenshtein";

/** Checks one option's value; answers what it must be, or `null` when it is right. */
export type OptionRule = (value: unknown) => string | null;

const must =
  (what: string, holds: (value: unknown) => boolean): OptionRule =>
  (value) =>
    holds(value) ? null : what;

export const aFunction = must("a function", (value) => typeof value === "function");
export const aBoolean = must("true or false", (value) => typeof value === "boolean");
export const aText = must("a text that is not empty", (value) => typeof value === "string" && value.trim() !== "");
export const anObject = must("an object with a key per port", isPlainObject);
export const aCount = must(
  "a whole number of at least 1",
  (value) => Number.isSafeInteger(value) && Number(value) >= 1,
);
export const retryCount = must(
  "a whole number, 0 or more",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
export const seconds = must(
  "a number of seconds above 0",
  (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
);

/** Options that every node which calls something has: how often, how long, beside whom. */
export const limitRules = {
  concurrent: aBoolean,
  concurrencyGroup: aText,
  maxConcurrent: aCount,
  retries: retryCount,
  timeout: seconds,
} satisfies Record<string, OptionRule>;

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Holds options against their rules. An option that is `undefined` counts as not given.
 * @param where the construct as its author knows it: `FnNode(speak)`
 * @throws TypeError naming the construct and the option
 */
export function checkOptions(where: string, options: unknown, rules: Readonly<Record<string, OptionRule>>): void {
  if (!isPlainObject(options)) throw new TypeError(`${where}: the options must be an object, not ${say(options)}.`);
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      throw new TypeError(`${where} has no option \`${name}\`.${suggestion(name, Object.keys(rules))}`);
    }
    const wanted = value === undefined ? null : rule(value);
    if (wanted !== null) throw new TypeError(`${where}: option \`${name}\` must be ${wanted}, not ${say(value)}.`);
  }
}

/**
 * Asks for options that a construct cannot do without; for authors whose editor has not already.
 * @throws TypeError naming the construct and the option
 */
export function requireOption(where: string, options: object, name: string): void {
  if (!Object.hasOwn(options, name)) throw new TypeError(`${where}: declare its \`${name}\`.`);
}

/** ` Did you mean …?` when one of the names is near enough to be a slip, or else their list. */
function suggestion(name: string, names: readonly string[]): string {
  const nearest = closest(name, [...names]);
  return distance(name, nearest) <= Math.max(2, name.length / 3)
    ? ` Did you mean \`${nearest}\`?`
    : ` There are: ${names.join(", ")}.`;
}

/** A value in a few words, for messages. */
export function say(value: unknown): string {
  if (value === undefined || value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return `the number ${value}`;
  if (typeof value === "string") return value === "" ? "an empty text" : `the text ${JSON.stringify(shorten(value))}`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  // Objects without a prototype have no constructor.
  const name = (value.constructor as CallableFunction | undefined)?.name;
  return name !== undefined && name !== "Object" ? `a ${name}` : "an object";
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
