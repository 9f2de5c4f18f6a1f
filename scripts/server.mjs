import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { endGroup, environment } from "./command.mjs";

/**
 * @typedef {object} Server
 * @property {string} url without a trailing slash
 * @property {number | undefined} pid
 * @property {Promise<number>} exited settles with the exit code, whoever ended it
 * @property {() => string} log the last it has printed
 * @property {() => Promise<void>} stop ends it and everything it has started
 */

/**
 * Starts a server program and waits until it answers over HTTP.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} options
 * @param {number} options.port where it was told to listen, on 127.0.0.1
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.timeout] milliseconds until it must answer
 * @returns {Promise<Server>}
 */
export async function startServer(program, args, { port, env = {}, timeout = 60_000 }) {
  const child = spawn(program, args, {
    env: { ...environment, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that the extension hosts it starts end with it.
    detached: process.platform !== "win32",
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (log = (log + text).slice(-20_000)));
  }
  /** @type {Promise<number>} */
  const exited = new Promise((resolve) => {
    child.on("error", (error) => {
      log += error.message;
      resolve(127);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
  const kill = () => endGroup(child.pid);
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    child.kill("SIGTERM");
    await Promise.race([exited, delay(3_000)]);
    kill();
    await exited;
  };

  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + timeout;
  let gone = false;
  void exited.then(() => (gone = true));
  while (!(await answers(url))) {
    if (gone || performance.now() > deadline) {
      await stop();
      throw new Error(
        `The server ${gone ? "ended at once" : `did not answer within ${timeout / 1000} s`}:\n${log.slice(-3000)}`,
      );
    }
    await delay(100);
  }
  return { url, pid: child.pid, exited, log: () => log, stop };
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: "manual" });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

/**
 * @param {number} [first] the first port to try; any free one unless given
 * @returns {Promise<number>} a port on 127.0.0.1 that nobody listens on
 */
export async function freePort(first = 0) {
  for (let port = first; port < first + 100; port++) {
    const taken = await tryPort(port);
    if (taken !== undefined) return taken;
  }
  throw new Error(`No free port from ${first} to ${first + 99}.`);
}

/**
 * @param {number} port
 * @returns {Promise<number | undefined>}
 */
function tryPort(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(undefined));
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
