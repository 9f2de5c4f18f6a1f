/** What never got to the server: it has done nothing, and asking again asks for the first time. */
const neverSent: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Connections that broke, or went silent. */
const broken: ReadonlySet<string> = new Set([
  "ECONNABORTED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

const passing: ReadonlySet<number> = new Set([408, 502, 503, 504]);

/** Whether a request failed before anything of it was sent, and may succeed a moment later. */
export function isNeverSent(error: unknown): boolean {
  return neverSent.has(codeOf(error));
}

/** Whether a request failed for what may be gone a moment later. Where nothing listens, nothing will in a second either. */
export function isTransientFault(error: unknown): boolean {
  return isNeverSent(error) || broken.has(codeOf(error));
}

/** Whether a server that answers this may answer otherwise a moment later: gateways, and servers that start. */
export function isTransientStatus(status: number): boolean {
  return passing.has(status);
}

/** The network's own code for why a `fetch` failed. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
