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

interface App {
  schema: AppSchema | undefined;
  /** On the clock of `performance.now`. */
  askedAt: number;
}

/**
 * What Gradio apps have said of their endpoints, kept in the user's own cache with the Space's revision. What is asked for is answered at
 * once from there, or not at all; the apps that texts name are asked meanwhile, and only on behalf of a workspace that is trusted.
 */
export class KnownApps {
  readonly #kept: KeptAnswers<AppSchema>;
  readonly #access: () => Promise<HuggingFaceAccess>;
  readonly #apps = new Map<string, App>();
  /** What each text names, and since when without a break. */
  readonly #texts = new Map<string, ReadonlyMap<string, number>>();
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
    this.#online = online && !this.#offline;
    this.#askSoon();
  }

  /** What is known of an app now. */
  schemaOf(space: string): AppSchema | undefined {
    return this.#app(space).schema;
  }

  /** The text of this file names these apps now, and no others. */
  named(file: string, spaces: Iterable<string>): void {
    const before = this.#texts.get(file);
    const now = performance.now();
    this.#texts.set(file, new Map(Array.from(spaces, (space) => [space, before?.get(space) ?? now])));
    this.#askSoon();
  }

  #app(space: string): App {
    let app = this.#apps.get(space);
    if (!app) this.#apps.set(space, (app = { schema: this.#kept.find(space)?.answer, askedAt: -Infinity }));
    return app;
  }

  /** Asks what is due as soon as the first of it is. */
  #askSoon(): void {
    clearTimeout(this.#asking);
    if (!this.#online || this.#closing.signal.aborted) return;
    const now = performance.now();
    const wanted = [...this.#texts.values()]
      .flatMap((names) => [...names])
      .filter(([space]) => now - this.#app(space).askedAt >= AGAIN_MS);
    if (wanted.length === 0) return;
    const first = Math.min(...wanted.map(([, since]) => since)) + SETTLED_MS;
    this.#asking = setTimeout(() => this.#askSettled(), Math.max(0, first - now));
    this.#asking.unref();
  }

  #askSettled(): void {
    const now = performance.now();
    for (const [space, since] of [...this.#texts.values()].flatMap((names) => [...names])) {
      const app = this.#app(space);
      // Timers may be a little early.
      if (now - since < SETTLED_MS - 1 || now - app.askedAt < AGAIN_MS) continue;
      app.askedAt = now;
      void this.#ask(space, app);
    }
    this.#askSoon();
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
