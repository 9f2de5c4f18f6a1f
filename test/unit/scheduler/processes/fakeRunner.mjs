/**
 * Speaks the runner's protocol without loading anything: what a node does is its id. For processes that behave badly.
 * @import { RunnerApi, RunnerEvents } from "../../../../src/protocol/runner.js"
 */
import { createBirpc } from "birpc";
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import inspector from "node:inspector";

if (process.argv.includes("--wait-for-debugger")) {
  inspector.open(0, "127.0.0.1");
  inspector.waitForDebugger();
}

/** @type {Map<string, () => void>} */
const cancellations = new Map();

/** @param {unknown} value */
const text = (value) => /** @type {const} */ ({ kind: "inline", digest: "0".repeat(64), value: String(value) });

/** @param {unknown} value */
const answer = (value) =>
  /** @type {const} */ ({ status: "succeeded", outputs: { output: text(value) }, drawn: {}, versions: {} });

/** @type {Record<string, (id: string) => unknown>} */
const behaviours = {
  pid: () => answer(process.pid),
  computes: () => {
    const end = performance.now() + 400;
    while (performance.now() < end);
    return answer(process.pid);
  },
  waits: async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return answer(process.pid);
  },
  token: () => answer(token),
  polite: (id) =>
    new Promise((resolve) => {
      cancellations.set(id, () => resolve({ status: "cancelled" }));
      void parent.log(id, [{ level: "log", text: "waiting", at: 0 }]);
    }),
  deaf: (id) => {
    void parent.log(id, [{ level: "log", text: "waiting", at: 0 }]);
    return new Promise(() => setInterval(() => undefined, 1000));
  },
  spin: async (id) => {
    await parent.log(id, [{ level: "log", text: "waiting", at: 0 }]);
    setTimeout(() => {
      for (;;);
    });
    return new Promise(() => undefined);
  },
  exit: () => {
    process.stderr.write("last words, the token is secret\n");
    process.exit(3);
  },
  abort: () => process.abort(),
  spawns: () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    child.unref();
    return answer(child.pid);
  },
  hangUp: () => {
    hungUp = true;
    process.disconnect();
    return new Promise(() => setInterval(() => undefined, 1000));
  },
  print: async () => {
    process.stdout.write("one\ntw");
    process.stdout.write("o\n");
    await new Promise((resolve) => setTimeout(resolve, 50));
    return answer("printed");
  },
};

let seen = performance.eventLoopUtilization();
let hungUp = false;
/** @type {string | null} */
let token = null;

/**
 * Whether this process is the first one in the working directory to ask for this.
 * @param {string} name
 */
function claims(name) {
  try {
    mkdirSync(name);
    return true;
  } catch {
    return false;
  }
}

/** @type {RunnerApi} */
const api = {
  async load(request) {
    token = request.huggingFace.token;
    if (request.graph.name === "does not load") {
      return { ok: false, failure: { reason: "load-failed", message: "It does not load." } };
    }
    if (request.graph.name === "loads once" && !claims("loaded")) {
      return { ok: false, failure: { reason: "load-failed", message: "The port is taken." } };
    }
    if (request.graph.name === "loads for ever") for (;;);
    if (request.graph.name === "second loads for ever" && !claims("first") && claims("second")) for (;;);
    if (request.graph.name === "others end while loading" && !claims("loaded")) {
      appendFileSync("ended", ".");
      process.exit(4);
    }
    if (request.graph.name === "ends while loading") process.exit(4);
    return { ok: true, value: request.graph };
  },
  async execute({ executionId, node }) {
    const behaviour = behaviours[node];
    if (!behaviour) throw new Error(`no behaviour ${node}`);
    return /** @type {any} */ (await behaviour(executionId));
  },
  utilization: () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, seen);
    seen = now;
    return Promise.resolve(utilization);
  },
  settle: () => Promise.resolve(),
  cancel: (id) => cancellations.get(id)?.(),
};

/** @type {import("birpc").BirpcReturn<RunnerEvents, RunnerApi>} */
const parent = createBirpc(api, {
  post: (message) => process.send?.(message),
  on: (listen) => process.on("message", listen),
  eventNames: ["progress", "partial"],
  timeout: -1,
});
process.on("disconnect", () => {
  if (!hungUp) process.exit(0);
});
