import { setTimeout as wait } from "node:timers/promises";
import { isTransientFault, isTransientStatus } from "./transient.js";

/** Before each further attempt. Milliseconds. */
const PAUSES = [300, 900, 2700];

/**
 * A `fetch` that asks again after a fault of the network or of the server's. For requests that may be made any number of times: what only reads,
 * and what is nobody's work.
 */
export function patientFetch(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    for (const pause of PAUSES) {
      try {
        const response = await send(input, init);
        if (!isTransientStatus(response.status)) return await complete(response);
        await response.body?.cancel();
      } catch (error) {
        if (init?.signal?.aborted === true || !isTransientFault(error)) throw error;
      }
      await wait(pause, undefined, init?.signal ? { signal: init.signal } : undefined);
    }
    return send(input, init);
  };
}

/** Data is read to its end while it can still be asked for again; files and events are for the caller to follow. */
async function complete(response: Response): Promise<Response> {
  const isData = response.headers.get("content-type")?.startsWith("application/json") === true;
  if (!isData || !response.body) return response;
  const { status, statusText, headers } = response;
  return new Response(await response.blob(), { status, statusText, headers });
}
