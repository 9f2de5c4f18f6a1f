import type { Failure } from "../model/failure.js";
import { errorCode } from "./storeFailure.js";

/** What was given is no SHA-256. */
export function notABlob(sha: string): Failure {
  return { reason: "store", message: `\`${sha.slice(0, 80)}\` does not name a kept value or file.` };
}

/** What an operating system error means to somebody who wanted to read content. */
export function readFailure(error: unknown, sha: string): Failure {
  const short = `${sha.slice(0, 12)}…`;
  const hint = "Run the node that made it again.";
  switch (errorCode(error)) {
    case "ENOENT":
      return {
        reason: "store",
        message: `A kept value or file (${short}) is no longer in the \`.daggr\` folder.`,
        hint,
      };
    case "ERR_STRING_TOO_LONG":
    case "ERR_FS_FILE_TOO_LARGE":
      return { reason: "store", message: `A kept value (${short}) is too large to be read as a whole.` };
    default:
      return {
        reason: "store",
        message: `A kept value or file (${short}) can't be read: ${error instanceof Error ? error.message : String(error)}.`,
        hint,
      };
  }
}

/** The content is not what its name says. */
export function damaged(sha: string): Failure {
  return {
    reason: "store",
    message: `A kept value or file is damaged (its content no longer matches ${sha.slice(0, 12)}…).`,
    hint: "Run the node that made it again.",
  };
}
