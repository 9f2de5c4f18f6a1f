import { success } from "../../model/outcome.js";
import { returnedBy } from "../outputs.js";
import type { Executor } from "./executor.js";

/** Calls the author's function. A generator's values are partial results; the last one, or what it returns, is the result. */
export const runFunction: Executor = async ({ node, inputs, execution, partial }) => {
  const ports = node.outputs.map(({ name }) => name);
  // Nodes of this kind are made with a function, which takes the inputs and the context.
  const fn = node.fn as unknown as (inputs: object, context: object) => unknown;
  const answered = fn(inputs, execution.context());
  if (!isGenerator(answered)) return success({ returned: returnedBy(await answered, ports) });

  let last: unknown;
  try {
    for (;;) {
      const step = await answered.next();
      const value: unknown = step.value;
      if (step.done === true) return success({ returned: returnedBy(value ?? last, ports) });
      last = value;
      partial(() => returnedBy(value, ports));
      // Between two values is where a generator can be stopped, even if it doesn't look at the signal.
      execution.signal.throwIfAborted();
    }
  } finally {
    await answered.return(undefined);
  }
};

type AnyGenerator = Generator | AsyncGenerator;

/** Other iterables, such as arrays, are values. */
function isGenerator(value: unknown): value is AnyGenerator {
  if (typeof value !== "object" || value === null) return false;
  if (!(Symbol.asyncIterator in value) && !(Symbol.iterator in value)) return false;
  return "next" in value && typeof value.next === "function";
}
