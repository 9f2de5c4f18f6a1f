import type { HuggingFaceAccess } from "../protocol/runner.js";
import { mayCarryToken } from "./hosts.js";

// The platform's own, taken before any workflow is loaded: what that puts in its place must not be handed the token.
const { fetch } = globalThis;

const redirectLimit = 10;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * A `fetch` that adds the token where it may go and takes it off everywhere else, at each hop of a redirect: a header that
 * somebody else put the token in is no way around that.
 *
 * @param router where the inference router is, when the user configured another than the public one
 */
export function tokenFetch(access: HuggingFaceAccess, router: string = access.endpoint): typeof fetch {
  if (access.token === null) return fetch;
  const { token, endpoint } = access;
  const mayCarry = (url: string) => mayCarryToken(url, endpoint) || mayCarryToken(url, router);
  return async (input, init) => {
    let { url, ...request } = await partsOf(input, init);
    for (let hop = 0; ; hop++) {
      const headers = new Headers(request.headers);
      if (mayCarry(url)) headers.set("authorization", `Bearer ${token}`);
      else if (headers.get("authorization")?.includes(token) === true) headers.delete("authorization");
      const response = await fetch(url, { ...request, headers, redirect: "manual" });
      const location = response.headers.get("location");
      if (!redirects.has(response.status) || location === null || request.redirect === "manual") return response;
      if (hop >= redirectLimit) throw new TypeError(`More than ${redirectLimit} redirects, the last to ${location}`);
      await response.body?.cancel();
      const target = new URL(location, url);
      request = redirected(request, new URL(url).origin !== target.origin, response.status);
      url = target.href;
    }
  };
}

async function partsOf(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<RequestInit & { readonly url: string }> {
  if (!(input instanceof Request)) return { ...init, url: String(input) };
  const whole = new Request(input, init);
  const { url, method, headers, signal, redirect } = whole;
  // A body may have to be sent again, which its stream cannot.
  const body = whole.body && { body: await whole.blob() };
  const { dispatcher } = init;
  return { url, method, headers, signal, redirect, ...body, ...(dispatcher && { dispatcher }) };
}

function redirected(request: RequestInit, elsewhere: boolean, status: number): RequestInit {
  const headers = new Headers(request.headers);
  if (elsewhere) for (const name of ["authorization", "cookie"]) headers.delete(name);
  const becomesGet = status === 303 || (status < 303 && request.method?.toUpperCase() === "POST");
  if (!becomesGet) return { ...request, headers };
  for (const name of ["content-type", "content-length"]) headers.delete(name);
  return { ...request, headers, method: "GET", body: null };
}
