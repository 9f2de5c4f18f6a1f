type Dispatcher = NonNullable<RequestInit["dispatcher"]>;

/** Where the platform keeps what sends the requests of `fetch`: undici's own agreement with whoever replaces it, with a proxy's say. */
const GLOBAL_DISPATCHER = Symbol.for("undici.globalDispatcher.1");

const unhurriedDispatcher: Pick<Dispatcher, "dispatch"> = {
  dispatch: (options, handler) => {
    // Made by the platform before it asks anybody to dispatch.
    const { [GLOBAL_DISPATCHER]: own } = globalThis as unknown as Readonly<Record<symbol, Dispatcher>>;
    if (!own) throw new TypeError("There is nothing to send requests with.");
    return own.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  },
};

/**
 * For requests to which the answer may take any time: without it, `fetch` gives up on a server that has said nothing for five minutes. Dead
 * connections end all the same, since the system probes them, and so does what a signal aborts.
 */
export const unhurried: Pick<RequestInit, "dispatcher"> = {
  dispatcher: unhurriedDispatcher as Dispatcher, // `fetch` uses nothing else of it
};
