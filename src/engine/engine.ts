import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { whoami } from "../huggingface/account.js";
import { huggingFaceAccess, redact } from "../huggingface/access.js";
import type { EngineApi, EngineEvents, EngineOptions } from "../protocol/engine.js";
import { Lanes } from "../scheduler/lanes.js";
import { RunnerPool } from "../scheduler/processes/runnerPool.js";
import type { EngineEnvironment } from "./environment.js";
import { knownApps } from "./knownApps.js";
import { knownModels } from "./knownModels.js";
import { RemoteKnowledge } from "./remoteKnowledge.js";
import { Session } from "./session.js";
import { SharedStores } from "./sharedStores.js";
import { SourceTexts } from "./sourceTexts.js";

export type { EngineEnvironment } from "./environment.js";

export interface Engine extends EngineApi {
  /** Tells every open workflow of an error that nothing expected. */
  reportBug(error: unknown): void;
}

/** How long a cancelled execution may take to end before its process is killed. Milliseconds. */
const GRACE_MS = 2000;
/** How long a process that nobody needs stays warm. Milliseconds. */
const IDLE_MS = 5 * 60_000;

const UNCONFIGURED: EngineOptions = { trusted: false, token: null, roots: [] };

/**
 * Makes an engine. Nothing is trusted until it is configured, and nothing starts until a workflow is opened.
 * Its methods answer failures as values, and reject only when {@link EngineApi} was used wrongly: a file that isn't open.
 */
export function createEngine(events: EngineEvents, environment: EngineEnvironment): Engine {
  const sessions = new Map<string, { readonly session: Session; readonly opened: Promise<void> }>();
  let options = UNCONFIGURED;
  const accessWith = (token: string | null) =>
    huggingFaceAccess(token, environment.env, (path) => readFile(path, "utf8"));
  const { env } = environment;
  const access = () => accessWith(options.token);
  const apps = new RemoteKnowledge(knownApps(env), env, access);
  const models = new RemoteKnowledge(knownModels(env), env, access);
  const sources = new SourceTexts({ apps, models });
  const lanes = new Lanes();
  const stores = new SharedStores();
  const pool = new RunnerPool({
    runner: environment.runner,
    env,
    access,
    redact,
    debuggerReady: (file, address) => events.debuggerReady(file, address),
    processes: Math.max(2, availableParallelism()),
    graceMs: GRACE_MS,
    idleMs: IDLE_MS,
  });

  function sessionOf(file: string): Session {
    const known = sessions.get(file);
    if (!known) throw new Error(`The workflow ${file} is not open.`);
    return known.session;
  }

  async function close(file: string): Promise<void> {
    const known = sessions.get(file);
    sessions.delete(file);
    await known?.opened.catch(() => undefined);
    await known?.session.close();
  }

  return {
    configure(next) {
      const signedIn = next.token !== options.token;
      options = next;
      apps.online = models.online = next.trusted;
      if (signedIn) for (const known of [apps, models]) known.accessChanged();
      for (const { session } of sessions.values()) session.configure(next);
      return Promise.resolve();
    },
    async open(file, sheet) {
      let known = sessions.get(file);
      if (!known) {
        const send = (sequence: number, event: Parameters<EngineEvents["event"]>[2]) =>
          events.event(file, sequence, event);
        const services = { sources, pool, lanes, stores, environment, send };
        const session = new Session(file, options, services, sheet ?? null);
        known = { session, opened: session.open() };
        sessions.set(file, known);
      }
      try {
        await known.opened;
      } catch (error) {
        // Another attempt shall have another chance.
        await close(file);
        throw error;
      }
      return known.session.snapshot();
    },
    close,
    whoami: async (token) => whoami(await accessWith(token)),
    setText(file, text) {
      if (!sources.setBuffer(file, text)) return;
      for (const { session } of sessions.values()) session.textChanged(file);
    },
    plan: async (file, request) => sessionOf(file).plan(request),
    preview: async (file, request) => sessionOf(file).preview(request),
    run: async (file, request) => sessionOf(file).run(request),
    stop: async (file, node) => sessions.get(file)?.session.stop(node),
    settle: async (file) => sessionOf(file).settle(),
    setInput: async (file, control, value, sheet) => sessionOf(file).setInput(control, value, sheet ?? null),
    pin: async (file, node, on) => sessionOf(file).pin(node, on),
    importFile: async (file, source) => sessionOf(file).importFile(source),
    filePath: async (file, ref) => sessionOf(file).filePath(ref),
    answer: async (file, node, item, answer) => sessionOf(file).answer(node, item, answer),
    items: async (file, node, from, count) => sessionOf(file).items(node, from, count),
    readValue: async (file, value) => sessionOf(file).readValue(value),
    clearCache: async (file, node) => sessionOf(file).clearCache(node),
    sheets: async (file) => sessionOf(file).sheets(),
    selectSheet: async (file, name) => sessionOf(file).selectSheet(name),
    changeSheets: async (file, change) => sessionOf(file).changeSheets(change),
    keepView: (file, sheet, view) => sessions.get(file)?.session.keepView(sheet, view),
    reportBug(error) {
      for (const { session } of sessions.values()) session.reportBug(error);
    },
    async dispose() {
      await Promise.all([...sessions.keys()].map(close));
      apps.dispose();
      models.dispose();
      await pool.dispose();
    },
  };
}
