import type { AppEndpoint, AppSchema } from "../model/appSchema.js";
import type { HuggingFaceAccess } from "../protocol/runner.js";
import { type AppAddress, appAddress } from "./appAddress.js";
import { spaceInfo } from "./hub.js";
import { pageOfSpace } from "./spacePage.js";
import { tokenFetch } from "./tokenFetch.js";

/** How apps answer that are not for everybody. */
const PRIVATE: ReadonlySet<number> = new Set([401, 403, 404]);
/** Bytes of the largest description that is read. */
const LARGEST = 8 * 2 ** 20;

/**
 * Asks an app for its endpoints, if it isn't known to be the one that was asked before: a Space of the same revision is. A Space that sleeps is left asleep.
 *
 * @returns `null`: nothing new, or nothing to be had; why is for whoever calls the app to find out
 */
export async function readAppSchema(
  space: string,
  known: AppSchema | undefined,
  access: HuggingFaceAccess,
  signal: AbortSignal,
): Promise<AppSchema | null> {
  try {
    const id = pageOfSpace(space, access.endpoint);
    if (id !== undefined) return await readAppSchema(id, known, access, signal);
    if (/^https?:\/\//i.test(space)) return await ask(appAddress(space), null, access, signal);
    const info = await spaceInfo(space, access, signal);
    if (!info.ok || info.value.sdk === "static") return null;
    const { host, stage, revision } = info.value;
    if (known && revision !== null && known.revision === revision) return null;
    if (stage !== null && !stage.startsWith("RUNNING")) return null;
    return await ask({ url: host, login: null }, revision, access, signal);
  } catch {
    return null;
  }
}

async function ask(
  { url, login }: AppAddress,
  revision: string | null,
  access: HuggingFaceAccess,
  signal: AbortSignal,
): Promise<AppSchema | null> {
  let session: string | null | undefined;
  const get = async (path: string): Promise<unknown> => {
    const sent = () => (typeof session === "string" ? { signal, headers: { cookie: session } } : { signal });
    // Most apps are anybody's: the token, and the login, go only where they are asked for.
    let response = await fetch(url + path, sent());
    if (PRIVATE.has(response.status) && access.token !== null) {
      await response.body?.cancel();
      response = await tokenFetch(access)(url + path, sent());
    }
    if (PRIVATE.has(response.status) && login && session === undefined) {
      await response.body?.cancel();
      session = await logIn(url, login, access, signal);
      response = await tokenFetch(access)(url + path, sent());
    }
    if (response.ok && response.body) return JSON.parse(await textOf(response.body)) as unknown;
    await response.body?.cancel();
    return null;
  };
  const prefix = fieldOf(await get("/config"), "api_prefix");
  const info = await get(`${typeof prefix === "string" ? prefix : ""}/info`);
  return toSchema(fieldOf(info, "named_endpoints"), revision);
}

/** The cookies of a session with an app; `null`: it doesn't take the login. */
async function logIn(
  url: string,
  [username, password]: NonNullable<AppAddress["login"]>,
  access: HuggingFaceAccess,
  signal: AbortSignal,
): Promise<string | null> {
  const body = new URLSearchParams({ username, password });
  // Nobody else is to be told.
  const response = await tokenFetch(access)(`${url}/login`, { method: "POST", body, signal, redirect: "manual" });
  await response.body?.cancel();
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  return response.ok && cookies.length > 0 ? cookies.join("; ") : null;
}

/** At most {@link LARGEST} bytes. */
async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > LARGEST) throw new Error("This is no description of an app.");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** The app's description, of which nothing is taken on trust; `null`: it is none. */
function toSchema(named: unknown, revision: string | null): AppSchema | null {
  if (typeof named !== "object" || named === null) return null;
  const endpoints = Object.entries(named).flatMap(([name, endpoint]: [string, unknown]): [string, AppEndpoint][] => {
    const parameters = fieldOf(endpoint, "parameters");
    if (!Array.isArray(parameters)) return [];
    return [
      [
        name,
        {
          parameters: parameters.map((each: unknown, index) => {
            const own = fieldOf(each, "parameter_name");
            return {
              name: typeof own === "string" ? own : `param_${index}`,
              required: fieldOf(each, "parameter_has_default") !== true,
            };
          }),
        },
      ],
    ];
  });
  return { revision, endpoints: Object.fromEntries(endpoints) };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined; // any object may be read by key
}
