import { isOffline } from "../huggingface/access.js";
import { KeptAnswers } from "../huggingface/keptAnswers.js";
import { readAppSchema } from "../huggingface/appSchema.js";
import type { AppSchema } from "../model/appSchema.js";
import type { HuggingFaceAccess } from "../protocol/runner.js";

/** An app is asked no more often than this. Milliseconds. */
const AGAIN_MS = 10 * 60_000;
/** How long a name must have stood in the text: while it is typed, each letter makes another app of it. Milliseconds. */
const SETTLED_MS = 1_000;
/** How long an app may take to describe itself. Milliseconds. */
const PATIENCE_MS = 20_000;

/** What one look at a text takes at most. Milliseconds. */
const A_LOOK_MS = 100;

interface App {
  schema: AppSchema | undefined;
  /** On the clock of `performance.now`, as `wantedAt`: when a text last named it. */
  askedAt: number;
  wantedAt: number;
}

/**
 * What Gradio apps have said of their endpoints, kept in the user's own cache with the Space's revision. What is asked for is answered at
 * once from there, or not at all; the app is asked meanwhile, and only on behalf of a workspace that is trusted.
 */
export class KnownApps {
  readonly #kept: KeptAnswers<AppSchema>;
  readonly #access: () => Promise<HuggingFaceAccess>;
  readonly #apps = new Map<string, App>();
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  readonly #offline: boolean;
  #online = false;
  #asking: NodeJS.Timeout | undefined;

  constructor(env: NodeJS.ProcessEnv, access: () => Promise<HuggingFaceAccess>) {
    this.#kept = new KeptAnswers(env, "apps", (kept) => (isSchema(kept) ? kept : undefined));
    this.#access = access;
    this.#offline = isOffline(env);
  }

  /** Whether apps may be asked. `HF_HUB_OFFLINE`, as Hugging Face's own tools read it, has the last word. */
  set online(online: boolean) {
    const before = this.#online;
    this.#online = online && !this.#offline;
    if (this.#online && !before) this.#askSoon(-Infinity);
  }

  /** What is known of an app now. */
  schemaOf(space: string): AppSchema | undefined {
    let app = this.#apps.get(space);
    if (!app) {
      this.#apps.set(space, (app = { schema: this.#kept.find(space)?.answer, askedAt: -Infinity, wantedAt: 0 }));
      // The names that stood there before are wanted again with the text that has this one.
      clearTimeout(this.#asking);
      this.#asking = undefined;
    }
    app.wantedAt = performance.now();
    if (this.#online && app.wantedAt - app.askedAt >= AGAIN_MS) this.#askSoon(app.wantedAt);
    return app.schema;
  }

  /** @param since - asks those that a text has named from then on. */
  #askSoon(since: number): void {
    if (this.#asking) return;
    this.#asking = setTimeout(() => {
      this.#asking = undefined;
      if (!this.#online) return;
      const now = performance.now();
      for (const [space, app] of this.#apps) {
        if (app.wantedAt < since - A_LOOK_MS || now - app.askedAt < AGAIN_MS) continue;
        app.askedAt = now;
        void this.#ask(space, app);
      }
    }, SETTLED_MS);
    this.#asking.unref();
  }

  /** Calls back when something new is known; until what is answered is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#closing.abort();
    clearTimeout(this.#asking);
    this.#listeners.clear();
  }

  async #ask(space: string, app: App): Promise<void> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const schema = await readAppSchema(space, app.schema, await this.#access(), signal);
    if (!schema || this.#closing.signal.aborted) return;
    const differs = JSON.stringify(schema.endpoints) !== JSON.stringify(app.schema?.endpoints);
    app.schema = schema;
    this.#kept.keep(space, schema);
    if (differs) for (const listener of [...this.#listeners]) listener();
  }
}

function isSchema(value: unknown): value is AppSchema {
  if (typeof value !== "object" || value === null || !("endpoints" in value)) return false;
  const { endpoints } = value;
  if (typeof endpoints !== "object" || endpoints === null) return false;
  return Object.values(endpoints).every(
    (endpoint: unknown) =>
      typeof endpoint === "object" &&
      endpoint !== null &&
      "parameters" in endpoint &&
      Array.isArray(endpoint.parameters) &&
      endpoint.parameters.every(
        (each: unknown) => typeof each === "object" && each !== null && "name" in each && typeof each.name === "string",
      ),
  );
}
