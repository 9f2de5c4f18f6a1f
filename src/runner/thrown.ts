import { cutText } from "../model/cutText.js";
import type { Failure, FailureReason } from "../model/failure.js";
import { locationOf, userFrames } from "./stack.js";

/**
 * What user code threw, as a failure.
 *
 * @param who what threw it, as a sentence's subject: `` `speak` `` or `` preprocess of `speak` ``
 */
export function thrownFailure(error: unknown, who: string, reason: FailureReason = "thrown"): Failure {
  try {
    const failure = failureOf(error, who, reason);
    return { ...failure, message: cut(failure.message) };
  } catch {
    // A proxy, or a property that throws when it is read.
    return {
      reason,
      message: `${who} threw something that cannot be looked at. Throw an Error with a message instead.`,
    };
  }
}

/** Longer messages are data that somebody put into an error; the log is the place for it. In characters. */
const LONGEST = 10_000;

function cut(text: string): string {
  return cutText(text, LONGEST);
}

function failureOf(error: unknown, who: string, reason: FailureReason): Failure {
  if (!isError(error)) return { reason, message: describeNonError(error, who) };
  const stack = userFrames(stackOf(error));
  const location = locationOf(stack);
  const lines = [...stack.map(({ text }) => text), ...causesOf(error)].map(cut);
  return {
    reason,
    message: describeError(error, who),
    ...(lines.length > 0 && { stack: lines.join("\n") }),
    ...(location && { location }),
  };
}

/** Errors of other realms (`node:vm`, worker messages) are errors too. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function describeError(error: Error, who: string): string {
  // User code may have put anything in their place.
  const [name, message] = [error.name as unknown, error.message as unknown].map(String) as [string, string];
  const inner =
    error instanceof AggregateError
      ? error.errors.map((each: unknown) => (isError(each) ? each.message : String(each))).filter(Boolean)
      : [];
  const said = [message, ...inner].filter((text) => text !== "").join("; ");
  if (said === "") return `${who} threw ${name === "Error" ? "an error without a message" : name}.`;
  return name === "Error" || name === "" ? said : `${name}: ${said}`;
}

function describeNonError(value: unknown, who: string): string {
  if (typeof value === "string" && value !== "") return value;
  if (value === undefined || value === null || value === "") {
    return `${who} failed without a reason: it threw, or rejected with, ${value === "" ? "an empty string" : String(value)}. Throw an Error with a message instead.`;
  }
  return `${who} threw ${describe(value)}, which is not an Error.`;
}

function describe(value: unknown): string {
  try {
    // For functions and symbols this gives undefined, whatever its type says.
    const text = JSON.stringify(value) as string | undefined;
    return text ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function causesOf(error: Error): string[] {
  const lines: string[] = [];
  try {
    addCauses(error, lines);
  } catch {
    lines.push("caused by: something that cannot be looked at");
  }
  return lines;
}

function addCauses(error: Error, lines: string[]): void {
  const seen = new Set<unknown>([error]);
  for (let cause = error.cause; cause !== undefined && !seen.has(cause);) {
    seen.add(cause);
    if (!isError(cause)) {
      lines.push(`caused by: ${describe(cause)}`);
      return;
    }
    lines.push(`caused by: ${cause.name}: ${cause.message}`, ...userFrames(stackOf(cause)).map(({ text }) => text));
    cause = cause.cause;
  }
}

/** Getting a stack may run user code (`Error.prepareStackTrace`, a getter). */
function stackOf(error: Error): string {
  try {
    return typeof error.stack === "string" ? error.stack : "";
  } catch {
    return "";
  }
}
