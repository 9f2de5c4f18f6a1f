import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

const GLOBAL = Symbol.for("undici.globalDispatcher.1");

type Dispatcher = NonNullable<RequestInit["dispatcher"]>;
type Options = { readonly headersTimeout: number; readonly bodyTimeout: number };

/**
 * Lets `fetch` be as impatient for the rest of the test as it is by default, only sooner.
 *
 * @param ms how long it waits for an answer to begin, and to go on
 * @returns settles once a `fetch` that was made now has lost its patience with a server that says nothing
 */
export async function impatient(ms: number): Promise<() => Promise<void>> {
  await fetch("data:,"); // the platform makes its own only then
  const platform = globalThis as unknown as Record<symbol, Dispatcher>;
  const before = platform[GLOBAL];
  if (!before) throw new Error("fetch has no dispatcher.");
  const Agent = before.constructor as new (options: Options) => Dispatcher; // undici's default is an Agent
  platform[GLOBAL] = new Agent({ headersTimeout: ms, bodyTimeout: ms });
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    platform[GLOBAL] = before;
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo; // a TCP server has no other kind of address
  return async () => {
    const error: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((thrown: unknown) => thrown);
    const { cause } = error as { cause?: { code?: string } }; // any error may be read by key
    if (cause?.code !== "UND_ERR_HEADERS_TIMEOUT") throw new Error("fetch is patient.", { cause: error });
  };
}
