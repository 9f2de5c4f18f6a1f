import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { node, root } from "./paths.mjs";

/** The environment of every child: the project's own Node and tools come first. */
export const environment = {
  ...process.env,
  PATH: [dirname(node), join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
};

/**
 * Runs one command to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} options
 * @param {number} options.timeout milliseconds, after which the command and what it started are killed
 * @param {string} [options.cwd] the checkout unless given
 * @param {NodeJS.ProcessEnv} [options.env] on top of {@link environment}
 * @param {"show" | "quiet"} [options.output] quiet output is only collected
 * @returns {Promise<{ ok: boolean; code: number; output: string }>} code 124 is a timeout, 127 a program that could not be started
 */
export function command(program, args, { timeout, cwd = root, env = {}, output = "show" }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...environment, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that a timeout also ends what the command has started.
      detached: process.platform !== "win32",
    });
    let text = "";
    let timedOut = false;
    for (const [stream, terminal] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      stream.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
        if (output === "show") terminal.write(chunk);
      });
    }
    const stop = () => endGroup(child.pid);
    process.once("exit", stop);
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeout);
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(timer);
      process.off("exit", stop);
      resolve({ ok: code === 0, code, output: text });
    };
    child.on("error", (error) => {
      text += error.message;
      finish(127);
    });
    child.on("close", (code) => {
      if (timedOut) text += `\nstopped after ${timeout / 1000} s`;
      finish(timedOut ? 124 : (code ?? 1));
    });
  });
}

/** @param {number | undefined} pid the leader of a process group */
export function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
