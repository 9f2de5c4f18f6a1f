import type { AppEndpoint, AppSchema } from "../model/appSchema.js";
import type { HuggingFaceAccess } from "../protocol/runner.js";
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
    if (/^https?:\/\//i.test(space)) return await ask(withoutLogin(space), null, access, signal);
    const info = await spaceInfo(space, access, signal);
    if (!info.ok || info.value.sdk === "static") return null;
    const { host, stage, revision } = info.value;
    if (known && revision !== null && known.revision === revision) return null;
    if (stage !== null && !stage.startsWith("RUNNING")) return null;
    return await ask(host, revision, access, signal);
  } catch {
    return null;
  }
}

async function ask(
  host: string,
  revision: string | null,
  access: HuggingFaceAccess,
  signal: AbortSignal,
): Promise<AppSchema | null> {
  const get = async (path: string): Promise<unknown> => {
    // Most apps are anybody's: the token goes only where it is asked for.
    let response = await fetch(`${host}${path}`, { signal });
    if (PRIVATE.has(response.status) && access.token !== null) {
      await response.body?.cancel();
      response = await tokenFetch(access)(`${host}${path}`, { signal });
    }
    if (response.ok && response.body) return JSON.parse(await textOf(response.body)) as unknown;
    await response.body?.cancel();
    return null;
  };
  const prefix = fieldOf(await get("/config"), "api_prefix");
  const info = await get(`${typeof prefix === "string" ? prefix : ""}/info`);
  return toSchema(fieldOf(info, "named_endpoints"), revision);
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

function withoutLogin(address: string): string {
  const url = new URL(address);
  url.username = url.password = url.hash = "";
  return url.href.replace(/\/+$/, "");
}
