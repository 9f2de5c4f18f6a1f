import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gradio } from "../../scripts/setup/gradio.mjs";

export interface GradioServer {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Of the Python process, for tests that let the server die mid-call. */
  readonly pid: number;
  /** Ends the server and removes its files; harmless when it is gone already. */
  stop(): Promise<void>;
}

export interface GradioOptions {
  /** Asks every caller for this login. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Instead of a free one: for a server that comes back where it was. */
  readonly port?: number;
}

const app = fileURLToPath(new URL("gradio/app.py", import.meta.url));

/** A cold start imports half of scientific Python: 5 s here, far more on a busy machine. */
const startTimeout = 60_000;

/**
 * Starts the real Gradio app of `test/servers/gradio/app.py`, installing Gradio first where that has not happened yet.
 *
 * @throws {Error} with the server's own output, when it doesn't come up
 */
export async function startGradio(options: GradioOptions = {}): Promise<GradioServer> {
  const python = await gradio();
  const files = await mkdtemp(join(tmpdir(), "gradio-"));
  const args = [
    app,
    ...(options.auth ? ["--user", options.auth.user, "--password", options.auth.password] : []),
    ...(options.port === undefined ? [] : ["--port", String(options.port)]),
  ];
  const child = spawn(python, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, GRADIO_TEMP_DIR: files, GRADIO_ANALYTICS_ENABLED: "False", PYTHONUNBUFFERED: "1" },
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    await end(child);
    await rm(files, { recursive: true, force: true });
  };

  try {
    const port = await readyPort(child);
    if (child.pid === undefined) throw new Error("Gradio has no process id.");
    return { url: `http://127.0.0.1:${port}`, port, pid: child.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readyPort(child: ChildProcess): Promise<number> {
  if (!child.stdout || !child.stderr) throw new Error("Gradio was started without pipes.");
  let noise = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (noise += text));
  const timeout = AbortSignal.timeout(startTimeout);
  const lines = createInterface({ input: child.stdout, signal: timeout });
  for await (const line of lines) {
    const port = portIn(line);
    if (port !== undefined) {
      // Nobody reads on: keep the pipe from filling up.
      child.stdout.resume();
      return port;
    }
    noise += `${line}\n`;
  }
  throw new Error(
    `Gradio did not start${timeout.aborted ? ` within ${startTimeout / 1000} s` : ""}:\n${noise.slice(-2000)}`,
  );
}

function portIn(line: string): number | undefined {
  const match = /^\{"port": (\d+)\}$/.exec(line);
  return match ? Number(match[1]) : undefined;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await exited;
  clearTimeout(forced);
}
