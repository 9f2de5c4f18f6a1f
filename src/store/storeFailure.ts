import type { Failure } from "../model/failure.js";

/** Thrown where a write can only be a value or an exception; whoever stands at a process boundary takes its `failure`. */
export class StoreError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = "StoreError";
    this.failure = failure;
  }
}

/**
 * What was thrown, as a value.
 *
 * @param what - what came to nothing by it: fits the sentence "… could not be run: …".
 */
export function thrownFailure(error: unknown, what: string): Failure {
  if (error instanceof StoreError) return error.failure;
  return { reason: "internal", message: `${what} could not be run: ${String(error)}` };
}

/** What an operating system error means to somebody whose `subject` ("the result of `image`") could not be kept. */
export function storeFailure(error: unknown, subject: string): Failure {
  if (error instanceof StoreError) return error.failure;
  const code = errorCode(error);
  switch (code) {
    case "ENOSPC":
      return failure(
        `The disk is full: ${subject} could not be kept.`,
        "Free some space and run again; what was kept before is unharmed.",
      );
    case "EDQUOT":
      return failure(
        `The disk quota is used up: ${subject} could not be kept.`,
        "Free some space and run again; what was kept before is unharmed.",
      );
    case "EROFS":
      return failure(
        `The workspace is on a read-only file system: ${subject} could not be kept.`,
        "Open the workspace from a place that can be written.",
      );
    case "EACCES":
    case "EPERM":
      return failure(
        `The \`.daggr\` folder may not be written: ${subject} could not be kept.`,
        "Give yourself permission to write to the workspace's `.daggr` folder.",
      );
    case "EMFILE":
    case "ENFILE":
      return failure(
        `Too many files are open: ${subject} could not be kept.`,
        "Close some programs, or raise the limit on open files, and run again.",
      );
    default:
      return failure(
        `${upperFirst(subject)} could not be kept: ${error instanceof Error ? error.message : String(error)}.`,
      );
  }
}

/** `ENOENT` and the like; empty for anything that is no system error. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function failure(message: string, hint?: string): Failure {
  return { reason: "store", message, ...(hint !== undefined && { hint }) };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
