import type { Failure } from "../model/failure.js";

/** A failure whose texts hold no secrets any more. */
export function redactFailure(failure: Failure, redact: (text: string) => string): Failure {
  const { message, hint, stack } = failure;
  return {
    ...failure,
    message: redact(message),
    ...(hint !== undefined && { hint: redact(hint) }),
    ...(stack !== undefined && { stack: redact(stack) }),
  };
}
