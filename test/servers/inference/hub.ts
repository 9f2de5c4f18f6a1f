export interface HubModel {
  /** Its `pipeline_tag`. */
  readonly task: string;
  /** The task that its providers serve, where that differs: chat models are tagged text-generation and served as conversational. */
  readonly servedAs?: string;
  /** Providers that serve it, first one preferred. `hf-inference` unless given. */
  readonly providers?: readonly string[];
  readonly sha?: string;
}

export interface HubSpace {
  /** Where the Space answers: `https://owner-space.hf.space` on the real Hub, an address on loopback here. */
  readonly host: string;
  readonly stage?: "RUNNING" | "SLEEPING" | "BUILDING" | "PAUSED" | "RUNTIME_ERROR" | "BUILD_ERROR" | "NO_APP_FILE";
  readonly sdk?: "gradio" | "static";
  readonly sha?: string;
  /** Only who has a token may know of it. */
  readonly private?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const someSha = "0123456789abcdef0123456789abcdef01234567";

/**
 * The Hub's answer to `/api/models/ID` or `/api/spaces/ID` (with or without `/revision/REV`); undefined for other paths. As there, an
 * unknown repository reads as a lack of permission to anonymous callers.
 */
export function hubReply(
  url: URL,
  models: ReadonlyMap<string, HubModel>,
  spaces: ReadonlyMap<string, HubSpace>,
  hasToken: boolean,
): Reply | undefined {
  const match = /^\/api\/(models|spaces)\/([^/]+\/[^/]+?)(?:\/revision\/([^/]+)|\/host)?$/.exec(url.pathname);
  const [, kind, id] = match ?? [];
  if (id === undefined) return undefined;
  const space = spaces.get(id);
  const hidden = space?.private === true && !hasToken;
  const full = kind === "models" ? modelInfo(id, models.get(id)) : hidden ? undefined : spaceInfo(id, space);
  if (full === undefined) {
    return hasToken
      ? { status: 404, body: { error: "Repository not found" } }
      : { status: 401, body: { error: "Invalid username or password." } };
  }
  if (url.pathname.endsWith("/host")) {
    return { status: 200, body: { subdomain: id.replace("/", "-"), host: full.host } };
  }
  const asked = [...url.searchParams.getAll("expand"), ...url.searchParams.getAll("expand[]")];
  const kept =
    asked.length === 0
      ? full
      : Object.fromEntries(Object.entries(full).filter(([key]) => ["_id", "id", ...asked].includes(key)));
  return { status: 200, body: kept };
}

function modelInfo(id: string, model: HubModel | undefined): Record<string, unknown> | undefined {
  if (!model) return undefined;
  const mapping = { hfModelId: id, providerId: id, status: "live", task: model.servedAs ?? model.task };
  return {
    ...about(id, model.sha),
    pipeline_tag: model.task,
    library_name: "transformers",
    tags: [model.task],
    inferenceProviderMapping: (model.providers ?? ["hf-inference"]).map((provider) => ({ provider, ...mapping })),
  };
}

function spaceInfo(id: string, space: HubSpace | undefined): Record<string, unknown> | undefined {
  if (!space) return undefined;
  const { host, stage = "RUNNING", sdk = "gradio" } = space;
  return {
    ...about(id, space.sha),
    sdk,
    host,
    subdomain: id.replace("/", "-"),
    runtime: { stage, hardware: { current: "cpu-basic", requested: "cpu-basic" }, sha: space.sha ?? someSha },
  };
}

function about(id: string, sha = someSha) {
  return {
    _id: Buffer.from(id).toString("hex").padEnd(24, "0").slice(0, 24),
    id,
    author: id.split("/")[0],
    sha,
    private: false,
    gated: false,
    disabled: false,
    downloads: 10,
    likes: 1,
    lastModified: "2026-01-01T00:00:00.000Z",
    createdAt: "2025-01-01T00:00:00.000Z",
  };
}
