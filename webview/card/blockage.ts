import type { FailureReason } from "../../src/model/failure.js";

/** What went wrong, in a few words; the failure's own message follows below. */
export const FAILURE_TITLES: Readonly<Record<FailureReason, string>> = {
  thrown: "The code threw an error",
  "load-failed": "The workflow file could not be loaded",
  "graph-mismatch": "The program's graph differs from the text's",
  "missing-input": "An input has no value",
  "missing-upstream": "Something upstream has no result yet",
  "invalid-output": "The returned value doesn't fit the outputs",
  "invalid-input": "An input value doesn't fit",
  "process-exited": "The process running the code ended",
  timeout: "It took longer than its timeout",
  cancelled: "Stopped",
  unreachable: "The server cannot be reached",
  "connection-lost": "The connection was lost",
  "remote-error": "The remote app reported an error",
  "unknown-endpoint": "The app has no such endpoint",
  unauthorised: "Access was refused",
  "not-found": "Not found",
  "rate-limited": "Too many requests",
  unavailable: "The app or model isn't ready",
  "items-failed": "Some items failed",
  store: "The result could not be kept",
  untrusted: "Running is off in Restricted Mode",
  unsupported: "This kind of node cannot run yet",
  internal: "An error inside Daggr",
};
