/** Entry of the engine process: a child of the extension host, talking to it over the process's own channel. */
import { createBirpc } from "birpc";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EngineApi, EngineEvents } from "../protocol/engine.js";
import { createEngine } from "./engine.js";

const send = process.send?.bind(process);
if (!send) throw new Error("The engine is started by the extension, as a child process with a channel.");

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const events: EngineEvents = {
  event: (file, sequence, event) => void host.event.asEvent(file, sequence, event),
  debuggerReady: (file, address) => void host.debuggerReady.asEvent(file, address),
};
const engine = createEngine(events, {
  runner: fileURLToPath(new URL("./runner.mjs", import.meta.url)),
  env: process.env,
  version,
});
const host = createBirpc<EngineEvents, EngineApi>(engine, {
  // A host that is gone is noticed by "disconnect"; a message that it misses is of no use to anybody.
  post: (message: unknown) => {
    if (process.connected) send(message, () => undefined);
  },
  on: (listen: (message: unknown) => void) => process.on("message", listen),
  timeout: -1,
});

let ending = false;
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  // A runner that cannot be stopped must not keep this process.
  setTimeout(() => process.exit(code), 5000).unref();
  await engine.dispose();
  process.exit(code);
}

process.on("disconnect", () => void end(0));
process.on("SIGTERM", () => void end(0));
process.on("SIGINT", () => void end(0));

// A mistake of ours that nobody caught: said where it is seen, for what is on disk is whole whatever happens here.
for (const kind of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(kind, (error: unknown) => {
    console.error(error);
    engine.reportBug(error);
  });
}
