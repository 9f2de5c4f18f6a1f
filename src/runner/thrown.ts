import type { Failure, FailureReason } from "../model/failure.js";
import { locationOf, userFrames } from "./stack.js";

/**
 * What user code threw, as a failure.
 *
 * @param who what threw it, as a sentence's subject: `` `speak` `` or `` preprocess of `speak` ``
 */
export function thrownFailure(error: unknown, who: string, reason: FailureReason = "thrown"): Failure {
  if (!isError(error)) return { reason, message: describeNonError(error, who) };
  const stack = userFrames(stackOf(error));
  const location = locationOf(stack);
  const lines = [...stack.map(({ text }) => text), ...causesOf(error)];
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
  const { name, message } = error;
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
  const seen = new Set<unknown>([error]);
  for (let cause = error.cause; cause !== undefined && !seen.has(cause);) {
    seen.add(cause);
    if (!isError(cause)) return [...lines, `caused by: ${describe(cause)}`];
    lines.push(`caused by: ${cause.name}: ${cause.message}`, ...userFrames(stackOf(cause)).map(({ text }) => text));
    cause = cause.cause;
  }
  return lines;
}

/** Getting a stack may run user code (`Error.prepareStackTrace`, a getter). */
function stackOf(error: Error): string {
  try {
    return typeof error.stack === "string" ? error.stack : "";
  } catch {
    return "";
  }
}
