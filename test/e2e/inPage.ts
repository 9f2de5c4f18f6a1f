import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import type { Locator } from "playwright-core";

/** Calls a function from `inPage/NAME.js` with an element in its own page; those files know the browser, these don't. */
export async function inPage<T>(element: Locator, name: string): Promise<T> {
  const file = fileURLToPath(new URL(`inPage/${name}.js`, import.meta.url));
  // Each of these files is one function expression, which is sent to the page as text.
  const ask = runInThisContext(await readFile(file, "utf8"), file) as (element: unknown) => T;
  return element.evaluate<T, unknown>(ask);
}
