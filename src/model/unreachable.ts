/** Ends an exhaustive `switch`: a case that is added without being handled is a compile error here. */
export function unreachable(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
