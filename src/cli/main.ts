/** Entry of the command line: gives `cli` the real terminal, signals and engine. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { cli } from "./program.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const interrupted = new AbortController();
const killed = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => (interrupted.signal.aborted ? killed : interrupted).abort());
}

/** A reader that has gone away (`daggr run … | head`) wants nothing more: stop, as programs do that the signal kills. */
const reader = { gone: false };
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    reader.gone = true;
    interrupted.abort();
  });
}

const code = await cli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  version,
  interrupted: interrupted.signal,
  killed: killed.signal,
  createEngine: async (events) => {
    const { createEngine } = await import("../engine/engine.js");
    return createEngine(events, {
      runner: fileURLToPath(new URL("./runner.mjs", import.meta.url)),
      env: process.env,
      version,
      outputs: true,
    });
  },
}).catch((error: unknown) => {
  // Whatever can be expected to fail has been told by now.
  console.error("daggr ran into a bug of its own:", error);
  return 1;
});

// Pipes are written in the background on some systems; what was said must have arrived. Nothing else is waited for.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
process.exit(reader.gone ? 128 + constants.signals.SIGPIPE : code);
