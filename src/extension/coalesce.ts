import type { Disposable } from "./disposable.js";

/**
 * Makes one call of many: the first call sets a timer, the rest until it fires are free.
 *
 * @param ms the longest that a call waits
 */
export function coalesce(work: () => void, ms: number): (() => void) & Disposable {
  let timer: NodeJS.Timeout | undefined;
  const call = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, ms);
  };
  return Object.assign(call, { dispose: () => clearTimeout(timer) });
}
