/** Entry of the command line: gives `cli` the real terminal, signals and engine. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { EXIT } from "./context.js";
import { cli } from "./program.js";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const interrupted = new AbortController();
const killed = new AbortController();
let signal: NodeJS.Signals = "SIGINT";
for (const each of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(each, () => stop(each));
// Whoever started this process over a channel, the launcher for one, is gone.
process.on("disconnect", () => stop("SIGHUP"));
process.channel?.unref();

function stop(by: NodeJS.Signals): void {
  signal = by;
  (interrupted.signal.aborted ? killed : interrupted).abort();
}

/** What a stream says when its reader has gone away: `daggr run … | head`, a closed terminal, a closed descriptor. */
const GONE = new Set(["EPIPE", "EIO", "EBADF", "ERR_STREAM_DESTROYED"]);

/** Why nothing more can be written. */
let writing: "ok" | "reader-gone" | "failed" = "ok";
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (writing !== "ok") return;
    writing = GONE.has(error.code ?? "") ? "reader-gone" : "failed";
    // A full disk, say.
    if (writing === "failed" && stream === process.stdout)
      console.error(`daggr: the output can't be written: ${error.message}`);
    interrupted.abort();
  });
}

const code = await cli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  ...(process.stdin.isTTY && process.stderr.isTTY && { ask: askAtTerminal }),
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
  return EXIT.failed;
});

// Pipes are written in the background on some systems; what was said must have arrived. Nothing else is waited for.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
process.exit(exitCode());

/** Programs that end by a signal, or for want of a reader, say which as the shell does. */
function exitCode(): number {
  if (writing === "failed") return EXIT.failed;
  if (writing === "reader-gone") return 128 + constants.signals.SIGPIPE;
  return code === EXIT.interrupted ? 128 + constants.signals[signal] : code;
}

/** Without readline's own terminal handling, which would keep Ctrl+C from being a signal. */
function askAtTerminal(prompt: string, signal: AbortSignal): Promise<string | null> {
  process.stderr.write(prompt);
  const lines = createInterface({ input: process.stdin, terminal: false });
  return new Promise((resolve) => {
    const end = (line: string | null) => {
      resolve(line);
      lines.close();
      process.stdin.pause();
    };
    lines.once("line", end);
    lines.once("close", () => end(null));
    signal.addEventListener("abort", () => end(null), { once: true });
  });
}
