/** What never got to the server: it has done nothing, and asking again asks for the first time. */
const neverSent: ReadonlySet<string> = new Set(["EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** The same while connecting; to a connection that stood it may happen after all was sent. */
const noWay: ReadonlySet<string> = new Set(["EHOSTUNREACH", "ENETDOWN", "ENETUNREACH"]);

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
  const { code, syscall } = causeOf(error);
  return neverSent.has(code) || (noWay.has(code) && syscall === "connect");
}

/** Whether a request failed for what may be gone a moment later. Where nothing listens, nothing will in a second either. */
export function isTransientFault(error: unknown): boolean {
  const { code } = causeOf(error);
  return neverSent.has(code) || noWay.has(code) || broken.has(code);
}

/** Whether a server that answers this may answer otherwise a moment later: gateways, and servers that start. */
export function isTransientStatus(status: number): boolean {
  return passing.has(status);
}

/** What the system says of why a `fetch` failed. */
function causeOf(error: unknown): { readonly code: string; readonly syscall: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const said = (key: "code" | "syscall") =>
    cause instanceof Error && key in cause ? String((cause as NodeJS.ErrnoException)[key]) : ""; // any error may be asked
  return { code: said("code"), syscall: said("syscall") };
}
