import { setTimeout as wait } from "node:timers/promises";
import { isTransientFault, isTransientStatus } from "./transient.js";

/** Before each further attempt. Milliseconds. */
const PAUSES = [300, 900, 2700];
/** Data longer than this is a file. Bytes. */
const LONGEST_DATA = 4 * 2 ** 20;

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

/**
 * Data is read to its end while it can still be asked for again; files and events are for the caller to follow. Of JSON nobody says which it is, so it
 * counts as data for as long as it is short.
 */
async function complete(response: Response): Promise<Response> {
  const isData = response.headers.get("content-type")?.startsWith("application/json") === true;
  if (!isData || !response.body) return response;
  const { status, statusText, headers } = response;
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader(); // its type leaves open of what
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; size <= LONGEST_DATA;) {
    const { done, value } = await reader.read();
    if (done) return new Response(new Blob(parts), { status, statusText, headers });
    parts.push(value);
    size += value.length;
  }
  return new Response(continued(parts, reader), { status, statusText, headers });
}

/** What was read already, and then the rest as it comes. */
function continued(
  parts: readonly Uint8Array<ArrayBuffer>[],
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start: (controller) => parts.forEach((part) => controller.enqueue(part)),
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
