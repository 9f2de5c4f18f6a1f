/** What never got to the server: it has done nothing, and asking again asks for the first time. */
const neverSent: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether a request failed before anything of it was sent. */
export function isNeverSent(error: unknown): boolean {
  return neverSent.has(codeOf(error));
}

/** Whether a server that answers this may answer otherwise a moment later: gateways, and servers that start. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}

/** The network's own code for why a `fetch` failed; empty: it has none. */
export function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
